import { describe, expect, it } from 'vitest';
import type { Feed, Row, SystemStatus } from '../protocol/types';
import { groupsOfStream, marksFromFeeds, marksKey, marksOfRow } from './stale';

const btc = { id: 'bybit-linear-BTCUSDT', symbol: 'BTC/USDT:USDT', exchange: 'bybit', flags: [] as string[] } as Row;
const eth = { id: 'bybit-linear-ETHUSDT', symbol: 'ETH/USDT:USDT', exchange: 'bybit' } as Row;
const feed = (fields: Partial<Feed>): Feed => ({ exchange: 'bybit', connection: 0, stream: 'orderbook.50', symbol: 'BTC/USDT:USDT', age_ms: 7000, gaps: 0, resyncs: 0, state: 'stale', ...fields });
const system = (...feeds: Feed[]): SystemStatus => ({ status: 'degraded', demo: false, reasons: [], uptime_seconds: 1, feeds, clocks: [], tiers: [] });

describe('marksFromFeeds', () => {
  it.each(['BTC/USDT:USDT', 'BTCUSDT', 'bybit-linear-BTCUSDT'])('marks only the cells of the stream of %s', (symbol) => {
    const marks = marksFromFeeds(system(feed({ symbol })), [btc, eth], 5);
    expect([...marks.keys()]).toEqual([btc.id]);
    expect(Object.keys(marks.get(btc.id) ?? {})).toEqual(['book']);
    expect(marks.get(btc.id)?.book).toMatchObject({ ageMs: 7000, at: 5, reason: 'orderbook.50: stale' });
  });

  it('marks every cell of a stream that it does not know', () => {
    const marks = marksFromFeeds(system(feed({ stream: 'public', state: 'down' })), [btc, eth], 5);
    expect(Object.keys(marks.get(btc.id) ?? {})).toEqual(['ticker', 'book', 'trades']);
    expect(marks.get(eth.id)).toBeUndefined();
  });

  it('leaves live feeds and other exchanges alone', () => {
    expect(marksFromFeeds(system(feed({ state: 'live' }), feed({ exchange: 'binance' })), [btc], 5).size).toBe(0);
    expect(marksFromFeeds(null, [btc], 5).size).toBe(0);
  });

  it('has a key that changes with the marks only', () => {
    const one = marksFromFeeds(system(feed({ symbol: 'BTCUSDT' })), [btc, eth], 5);
    const later = marksFromFeeds(system(feed({ symbol: 'BTCUSDT', age_ms: 9000 })), [btc, eth], 6);
    const other = marksFromFeeds(system(feed({ symbol: 'ETHUSDT' })), [btc, eth], 6);
    expect(marksKey(later)).toBe(marksKey(one));
    expect(marksKey(other)).not.toBe(marksKey(one));
  });
});

describe('marksOfRow', () => {
  it('marks the whole row when its newest input is old, and nothing when it is fresh', () => {
    expect(marksOfRow(btc, undefined, 4_900, 0)).toEqual({});
    expect(marksOfRow(btc, undefined, null, 0)).toEqual({});
    expect(Object.keys(marksOfRow(btc, undefined, 5_000, 0))).toEqual(['ticker', 'book', 'trades']);
  });

  it('marks the cells of the streams that the flags name', () => {
    const flagged = { ...btc, flags: ['book resyncing', 'liquidations stale', 'not trading'] } as Row;
    expect(marksOfRow(flagged, undefined, 10, 7)).toEqual({ book: { group: 'book', ageMs: null, at: 7, reason: 'book resyncing' } });
    const known = { book: { group: 'book' as const, ageMs: 9, at: 1, reason: 'orderbook.50: stale' } };
    expect(marksOfRow(flagged, known, 10, 7)).toEqual(known);
  });
});

describe('groupsOfStream', () => {
  it.each([
    ['orderbook.50', ['book']],
    ['book', ['book']],
    ['publicTrade', ['trades']],
    ['trades', ['trades']],
    ['tickers', ['ticker']],
    ['liquidations', []],
    ['candles', []],
    ['public', ['ticker', 'book', 'trades']],
  ])('%s feeds %s', (stream, groups) => expect(groupsOfStream(stream)).toEqual(groups));
});
