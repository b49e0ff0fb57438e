// The client against the mock market: breaks at random moments, slow readers and restarts must end in the state of a
// client that never left.
import { describe, expect, it } from 'vitest';
import { applyCandlesDelta, applyOverviewDelta, applyOverviewSnapshot, applyTradesDelta, emptyOverview } from '../../src/protocol/apply';
import { TopicCursor } from '../../src/transport/topic_cursor';
import { MockMarket, randomSource } from '../mock_market.mjs';

const id = 'bybit-linear-SOLUSDT';
const topics = ['overview', `score.${id}`, `book.${id}`, `trades.${id}`, `candles.${id}.1m`];

class Client {
  cursors = new Map(topics.map((topic) => [topic, new TopicCursor()]));
  overview = emptyOverview();
  data = new Map();
  snapshots = 0;

  receive(message, run) {
    const verdict = this.cursors.get(message.topic).accept(message, run);
    if (verdict !== 'apply') return verdict;
    const { topic, data, timestamp } = message;
    if (message.type === 'snapshot') this.snapshots += 1;
    if (topic === 'overview') {
      const apply = message.type === 'snapshot' ? applyOverviewSnapshot : applyOverviewDelta;
      apply(this.overview, data, timestamp);
    } else if (message.type === 'snapshot' || topic.startsWith('score') || topic.startsWith('book')) this.data.set(topic, data);
    else if (topic.startsWith('trades')) this.data.set(topic, applyTradesDelta(this.data.get(topic), data.trades, timestamp));
    else this.data.set(topic, applyCandlesDelta(this.data.get(topic), data.candles, timestamp));
    return verdict;
  }

  state() {
    const rows = [...this.overview.rows.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
    const { candles } = this.data.get(`candles.${id}.1m`);
    return JSON.stringify({
      rows, market: this.overview.market, system: this.overview.system, trades: this.data.get(`trades.${id}`),
      book: this.data.get(`book.${id}`), score: this.data.get(`score.${id}`), candles: candles.slice(-250),
    });
  }
}

/** Sends what a server would: a delta when the client's number belongs to this run, otherwise the whole. */
function bring(client, market, topic, run) {
  const since = client.cursors.get(topic).resumable(run);
  const base = { topic, seq: market.seq, timestamp: market.now() };
  const message = since === null
    ? { type: 'snapshot', ...base, data: market.snapshot(topic) }
    : { type: 'delta', ...base, since, data: market.delta(topic, since) };
  return client.receive(JSON.parse(JSON.stringify(message)), run);
}

describe('resume and conflation', () => {
  it('1,000 random breaks end in the state of a client that never left', () => {
    const random = randomSource(11);
    let time = 1_800_000_000_000;
    const market = new MockMarket({ seed: 5, symbolCount: 3, now: () => time });
    const steady = new Client();
    const wandering = new Client();
    let breaks = 0;
    let away = 0;
    while (breaks < 1000) {
      time += 100;
      market.step();
      if (random.next() < 0.02) market.stall(id, random.next() < 0.5);
      if (breaks === 500 && market.symbols.size === 3) market.remove('bybit-linear-ETHUSDT');
      for (const topic of topics) if (market.snapshot(topic)) bring(steady, market, topic, 'run');
      if (away > 0) {
        away -= 1;
        continue;
      }
      // A slow reader gets some topics later; the next delta covers everything.
      for (const topic of topics) if (random.next() < 0.7) bring(wandering, market, topic, 'run');
      if (random.next() < 0.3) {
        breaks += 1;
        away = Math.floor(random.next() * 12);
      }
    }
    for (const topic of topics) bring(wandering, market, topic, 'run');
    expect(wandering.state()).toBe(steady.state());
    expect(wandering.snapshots).toBe(topics.length);
    expect(steady.overview.rows.size).toBe(2);
  }, 60_000);

  it('a restarted server is met with whole snapshots, never with a delta of the old run', () => {
    const client = new Client();
    const first = new MockMarket({ seed: 1, symbolCount: 4 });
    const second = new MockMarket({ seed: 2, symbolCount: 4 });
    for (const topic of topics) bring(client, first, topic, 'one');
    expect(client.receive({ type: 'delta', topic: 'overview', seq: 9, since: 1, timestamp: 0, data: {} }, 'two')).toBe('gap');
    for (const topic of topics) bring(client, second, topic, 'two');
    const fresh = new Client();
    for (const topic of topics) bring(fresh, second, topic, 'two');
    expect(client.overview.rows).toEqual(fresh.overview.rows);
  });
});
