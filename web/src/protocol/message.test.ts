import { describe, expect, it } from 'vitest';
import { applyCandlesDelta, applyOverviewDelta, applyOverviewSnapshot, applyTradesDelta, candlesKept, emptyOverview, tradesKept } from './apply';
import { parseServerMessage } from './message';
import type { Candle, Candles, Dashboard, Row, Trade } from './types';

describe('parseServerMessage', () => {
  const whole = '{"type":"delta","topic":"overview","seq":5,"since":4,"timestamp":1,"data":{"symbols":[]}}';

  it('takes the messages of the protocol and ignores unknown members', () => {
    expect(parseServerMessage(whole)).toMatchObject({ type: 'delta', seq: 5, since: 4 });
    expect(parseServerMessage('{"type":"hello","protocol":1,"run":"r","server_time":3,"mode":null,"new":1}')).toEqual({ type: 'hello', protocol: 1, run: 'r', server_time: 3, mode: null });
    expect(parseServerMessage('{"type":"pong","id":7,"server_time":3}')).toEqual({ type: 'pong', id: 7, server_time: 3 });
    expect(parseServerMessage('{"type":"error","topic":null,"problem":{"title":"No","detail":"x"}}')).toMatchObject({ problem: { title: 'No', detail: 'x' } });
  });

  it('refuses every truncation and every incomplete envelope', () => {
    for (let length = 0; length < whole.length; length += 1) expect(parseServerMessage(whole.slice(0, length))).toBeNull();
    for (const text of ['[]', 'null', '1', '{"type":"delta"}', '{"type":"snapshot","topic":"t","seq":"1","timestamp":1,"data":{}}', '{"type":"other"}', whole.replace('"since":4,', '')]) {
      expect(parseServerMessage(text)).toBeNull();
    }
  });
});

describe('overview', () => {
  const snapshot = (rows: Partial<Row>[]) => ({ timestamp: 1, mode: { market: 'demo' }, market_overview: { btc_price: 1, volatility_pct: 2 }, symbols: rows, system_status: { status: 'ok' } }) as unknown as Dashboard;

  it('assigns changed fields, null included, and leaves the rest and the other rows untouched', () => {
    const state = emptyOverview();
    applyOverviewSnapshot(state, snapshot([{ id: 'a', price: 1, score: 60 }, { id: 'b', price: 2 }]), 10);
    const before = state.rows.get('b');
    const change = applyOverviewDelta(state, { symbols: [{ id: 'a', score: null }], market_overview: { btc_price: null } }, 11);
    expect(state.rows.get('a')).toMatchObject({ price: 1, score: null });
    expect(state.rows.get('b')).toBe(before);
    expect(change).toEqual({ changed: new Set(['a']), added: false, removed: [] });
    expect(state.market).toEqual({ btc_price: null, volatility_pct: 2 });
    expect(state.timestamp).toBe(11);
  });

  it('adds, removes and replaces rows', () => {
    const state = emptyOverview();
    applyOverviewSnapshot(state, snapshot([{ id: 'a' }, { id: 'b' }]), 1);
    expect(applyOverviewDelta(state, { symbols: [{ id: 'c', price: 3 }], removed: ['a', 'unknown'] }, 2)).toEqual({ changed: new Set(['c']), added: true, removed: ['a'] });
    expect([...state.rows.keys()]).toEqual(['b', 'c']);
    expect(applyOverviewSnapshot(state, snapshot([{ id: 'c' }]), 3)).toMatchObject({ added: false, removed: ['b'] });
    expect(state.rows.get('c')).toEqual({ id: 'c' });
  });
});

describe('candles and trades', () => {
  const candle = (time: number, close = 1): Candle => [time, 1, 1, 1, close, 1, false];
  const series: Candles = { id: 'x', symbol: 'x', timeframe: '1m', timestamp: 0, candles: [candle(1), candle(2), candle(4)] };

  it('upserts by open time and keeps the order', () => {
    const next = applyCandlesDelta(series, [candle(4, 9), candle(3), candle(5)], 7);
    expect(next.candles.map((entry) => entry[0])).toEqual([1, 2, 3, 4, 5]);
    expect(next.candles[3]?.[4]).toBe(9);
    expect(series.candles.length).toBe(3);
  });

  it('keeps a limit on both', () => {
    const many = Array.from({ length: candlesKept + 50 }, (_, index) => candle(index + 10));
    expect(applyCandlesDelta(series, many, 1).candles.length).toBe(candlesKept);
    const trades = Array.from({ length: 250 }, (_, index): Trade => [index, 1, 1, 'buy']);
    const kept = applyTradesDelta({ id: 'x', symbol: 'x', timestamp: 0, trades: [[-1, 1, 1, 'sell']] }, trades, 1).trades;
    expect(kept.length).toBe(tradesKept);
    expect(kept.at(-1)?.[0]).toBe(249);
  });
});
