import { describe, expect, it } from 'vitest';
import type { Order } from '../protocol/types';
import { canCancel, endWords, entryPrice, limitFigures, limitLevel, limitName, liquidationDistance, orderNote, orderWords, shortfallWords, sortedOrders, standWords, stopWords, whyWords } from './trading';

describe('limits', () => {
  it.each([
    [null, 'unknown'],
    [0, 'free'],
    [0.799, 'free'],
    [0.8, 'near'],
    [0.999, 'near'],
    [1, 'reached'],
    [1.4, 'reached'],
  ] as const)('%s of one is %s', (use, level) => expect(limitLevel(use)).toBe(level));

  it('are said in percent of the equity or as a count, and what is not known as such', () => {
    expect(limitFigures({ value: 0.46, limit: 1.5, unit: 'of the equity' })).toBe('46 % of 150 %');
    expect(limitFigures({ value: 0.0112, limit: 0.02, unit: 'of the equity' })).toBe('1.12 % of 2.00 %');
    expect(limitFigures({ value: 0.0004, limit: 0.2, unit: 'of the highest equity' })).toBe('0.0 % of 20.0 %');
    expect(limitFigures({ value: 3, limit: 10, unit: 'markets' })).toBe('3 of 10');
    expect(limitFigures({ value: null, limit: 2, unit: 'of the equity' })).toBe('— of 200 %');
  });

  it('stand beside what a bad day may cost, and from how much of the past that is known', () => {
    expect(shortfallWords({ amount: 200, share: 0.02, scenarios: 480, coverage: 0.5 }, 'USDT')).toBe('−200.00 USDT, 2.0 % of the equity, from 50 % of 20 days');
    expect(shortfallWords({ amount: 200, share: null, scenarios: 480, coverage: 0.5 }, 'USDT')).toBe('−200.00 USDT, from 50 % of 20 days');
    expect(shortfallWords({ amount: 0, share: 0, scenarios: 0, coverage: 1 }, 'USDT')).toBe('nothing is at stake');
    expect(shortfallWords(null, 'USDT')).toMatch(/not known/);
  });

  it('have names, also those that are new', () => {
    expect(limitName({ code: 'MAX_GROSS' })).toBe('Both sides');
    expect(limitName({ code: 'MAX_MOONS' })).toBe('Max moons');
  });
});

describe('positions', () => {
  it.each([
    ['long', 100, 80, 20],
    ['short', 100, 110, 10],
    ['long', 79, 80, -1.2658227848101267],
    ['long', null, 80, null],
    ['short', 100, null, null],
  ] as const)('a %s at %s is that far from a liquidation at %s: %s %%', (direction, mark_price, liquidation_price, distance) =>
    expect(liquidationDistance({ direction, mark_price, liquidation_price })).toBe(distance));

  it('say whether their stop is confirmed, with a sign beside the colour', () => {
    expect(stopWords({ is_protected: true })).toEqual({ sign: '✓', text: 'at the venue', mood: 'up' });
    expect(stopWords({ is_protected: false })).toEqual({ sign: '!', text: 'not confirmed', mood: 'warn' });
    expect(stopWords({ is_protected: null }).sign).toBe('');
  });

  it('say why, the largest part first, and nothing where it is not known', () => {
    const attribution = [{ dimension: 'sentiment', share: 0.1 }, { dimension: 'order_flow', share: 1.2 }, { dimension: 'liquidity', share: -0.3 }, { dimension: 'smart_money', share: 0 }];
    expect(whyWords({ attribution })).toBe('Order flow 120 %, Liquidity −30 %, Sentiment 10 %');
    expect(whyWords({ attribution: [] })).toBe('');
  });

  it('were entered at what the price slipped to', () => {
    expect(entryPrice({ reference_price: 200, slippage_bps: 50, direction: 'long' })).toBeCloseTo(201, 9);
    expect(entryPrice({ reference_price: 200, slippage_bps: 50, direction: 'short' })).toBeCloseTo(199, 9);
    expect(entryPrice({ reference_price: 200, slippage_bps: null, direction: 'short' })).toBeNull();
  });

  it('say how they ended', () => {
    expect(endWords('unprotected')).toBe('no stop was confirmed');
    expect(endWords('taken_away')).toBe('Taken away');
    expect(endWords(null)).toBe('—');
  });
});

describe('orders', () => {
  const order = (name: string, state: Order['state'], created_at: number, fields: Partial<Order> = {}) => ({ order: name, state, created_at, is_cancelling: false, is_unanswered: false, reason: null, asked: 0, ...fields }) as Order;

  it('stand with the unknown ones first, then those that work, the newest first', () => {
    const orders = [order('a', 'open', 1), order('b', 'cancelled', 9), order('c', 'unknown', 0), order('d', 'sent', 3), order('f', 'open', 1), order('e', 'open', 1)];
    expect(sortedOrders(orders).map(({ order: name }) => name)).toEqual(['c', 'd', 'a', 'e', 'f', 'b']);
    expect(orders[0]?.order).toBe('a');
  });

  it('of unknown state say so in letters, and how often the venue was asked', () => {
    expect(orderWords({ state: 'unknown' })).toMatchObject({ sign: '?', text: 'UNKNOWN', mood: 'warn' });
    expect(orderNote(order('a', 'unknown', 0, { asked: 1 }))).toMatch(/asked for 1 time$/);
    expect(orderNote(order('a', 'unknown', 0, { asked: 3 }))).toMatch(/asked for 3 times$/);
  });

  it('say what is under way and why they were refused', () => {
    expect(orderNote(order('a', 'rejected', 0, { is_cancelling: true, is_unanswered: true, reason: 'no funds' }))).toBe('being cancelled, not answered yet, no funds');
    expect(orderNote(order('a', 'open', 0))).toBe('');
  });

  it('can be cancelled where they neither protect nor close a position, and are not over', () => {
    for (const purpose of ['entry', 'target'] as const) {
      for (const state of ['sent', 'open', 'partially_filled', 'unknown'] as const) expect(canCancel(order('a', state, 0, { purpose }))).toBe(true);
      for (const state of ['filled', 'cancelled', 'rejected'] as const) expect(canCancel(order('a', state, 0, { purpose }))).toBe(false);
      expect(canCancel(order('a', 'open', 0, { purpose, is_cancelling: true }))).toBe(false);
    }
    for (const purpose of ['stop', 'exit', 'emergency'] as const) expect(canCancel(order('a', 'open', 0, { purpose }))).toBe(false);
  });
});

describe('where there is no account', () => {
  it('its reason is said, or what usually helps', () => {
    expect(standWords({ state: 'on', reason: null })).toBeNull();
    expect(standWords({ state: 'stopped', reason: 'the account is damaged' })).toEqual({ title: 'Trading has stopped', text: 'the account is damaged' });
    expect(standWords({ state: 'off', reason: null })?.text).toContain('--trade paper');
  });
});
