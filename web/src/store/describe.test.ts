import { describe, expect, it } from 'vitest';
import type { Row, VenueLead } from '../protocol/types';
import { describeCell, describeLead, dimensionState, warmingSeconds } from './describe';
import { columns } from './table';

const row = {
  id: 'bybit-linear-BTCUSDT', symbol: 'BTC/USDT:USDT', exchange: 'bybit', tick_size: 0.1, price: 97412.3, score: null, coverage: 0.32,
  dimensions: { order_flow: 61.2, liquidity: null }, absent_dimensions: ['sentiment'], not_applicable: ['bitcoin_beta'], flags: [],
  spread_bps: 0.01, funding_rate: 0.0001, funding_interval_hours: 8, next_funding_at: null, age_ms: 40,
} as unknown as Row;

describe('dimensionState', () => {
  it('tells the three kinds of no number apart', () => {
    expect(dimensionState(row, 'order_flow')).toBe('value');
    expect(dimensionState(row, 'sentiment')).toBe('not_installed');
    expect(dimensionState(row, 'bitcoin_beta')).toBe('not_applicable');
    expect(dimensionState(row, 'liquidity')).toBe('no_data');
  });
});

describe('describeCell', () => {
  it('says what, in which unit, from where and when for every column', () => {
    for (const column of columns) {
      const text = describeCell(row, column.key, Date.UTC(2026, 10, 24));
      expect(text).toContain('BTC/USDT:USDT: ');
      expect(text).toContain('2026-11-24 00:00:00 UTC');
      expect(text).not.toMatch(/NaN|undefined|null/);
    }
    expect(describeCell(row, 'score', 0)).toContain('coverage 32%, a score needs 50%');
    expect(describeCell(row, 'spread', 0)).toContain('bps');
  });
});

describe('warmingSeconds', () => {
  it('counts down from the report and stops at zero', () => {
    expect(warmingSeconds(100, 1000, 31_000)).toBe(70);
    expect(warmingSeconds(10, 0, 60_000)).toBe(0);
    expect(warmingSeconds(2520, 5_000, 4_100)).toBe(2520);
    expect(warmingSeconds(null, 0, 0)).toBeNull();
    expect(warmingSeconds(undefined, 0, 0)).toBeNull();
  });
});

describe('describeLead', () => {
  const lead: VenueLead = {
    first: 'bybit-linear-BTCUSDT', second: 'binance-linear-BTCUSDT', timestamp: Date.UTC(2026, 10, 24), coverage: 0.754,
    leader: 'binance-linear-BTCUSDT', lag_ms: -2000, correlation: 0.5, ratio: 0.25,
  };

  it('names the leader, or says that there is none, or that nothing is known', () => {
    expect(describeLead(lead).text).toBe('Binance perp by 2 s');
    expect(describeLead({ ...lead, lag_ms: 0 }).text).toBe('Binance perp by less than a second');
    expect(describeLead({ ...lead, leader: null }).text).toBe('neither');
    const unknown = describeLead({ ...lead, timestamp: null, leader: null, lag_ms: null, correlation: null, ratio: null });
    expect(unknown.text).toBe('—');
    expect(unknown.title).toContain('not known yet');
  });

  it('says in the title what it rests on', () => {
    const { title } = describeLead(lead);
    for (const part of ['Bybit perp and Binance perp', '75%', '0.50', '0.25', '2026-11-24']) expect(title).toContain(part);
  });
});
