import { describe, expect, it } from 'vitest';
import type { Row } from '../protocol/types';
import { columns, defaultSort, matchesFilter, nearRows, sortedIds, toggledSort } from './table';
import { formatView, parseView } from './url_state';

const row = (id: string, fields: Partial<Row> = {}): Row =>
  ({ id, symbol: `${id}/USDT:USDT`, exchange: 'bybit', dimensions: {}, price: 1, score: null, ...fields }) as Row;

describe('sortedIds', () => {
  const rows = [row('B', { score: 40 }), row('A', { score: 60 }), row('D'), row('C', { score: 40 })];

  it('puts unknown values last in both directions and breaks ties by id', () => {
    expect(sortedIds(rows, { key: 'score', direction: 'desc' })).toEqual(['A', 'B', 'C', 'D']);
    expect(sortedIds(rows, { key: 'score', direction: 'asc' })).toEqual(['B', 'C', 'A', 'D']);
  });

  it('orders by every column without losing a row', () => {
    for (const column of columns) {
      const ids = sortedIds(rows, { key: column.key, direction: 'asc' });
      expect([...ids].sort()).toEqual(['A', 'B', 'C', 'D']);
    }
  });

  it('does not depend on the order of its input', () => {
    const sort = { key: 'score', direction: 'desc' } as const;
    expect(sortedIds([...rows].reverse(), sort)).toEqual(sortedIds(rows, sort));
  });
});

describe('matchesFilter', () => {
  it('needs every word, in any case', () => {
    const btc = row('BTC');
    expect(matchesFilter(btc, 'btc')).toBe(true);
    expect(matchesFilter(btc, 'usdt BYBIT')).toBe(true);
    expect(matchesFilter(btc, 'btc eth')).toBe(false);
    expect(matchesFilter(btc, '')).toBe(true);
  });
});

describe('nearRows', () => {
  const scroller = { scrollTop: 1000, viewHeight: 300, rowHeight: 20, rowCount: 200 };

  it('are those in view and in the margin, within the list', () => {
    expect(nearRows(scroller, 100)).toEqual([45, 70]);
    expect(nearRows({ ...scroller, scrollTop: 0 }, 100)).toEqual([0, 20]);
    expect(nearRows({ ...scroller, scrollTop: 3700 }, 100)).toEqual([180, 199]);
  });

  it('are those at the end of a list that has become shorter than it was scrolled', () => {
    expect(nearRows({ ...scroller, rowCount: 40 }, 100)).toEqual([20, 39]);
    expect(nearRows({ ...scroller, rowCount: 3 }, 100)).toEqual([0, 2]);
  });

  it('are all of them before anything is measured', () => {
    expect(nearRows({ scrollTop: 0, viewHeight: 0, rowHeight: 0, rowCount: 7 }, 100)).toEqual([0, 6]);
  });
});

describe('toggledSort', () => {
  it('turns round on the second click and starts in the useful direction', () => {
    expect(toggledSort(defaultSort, 'score')).toEqual({ key: 'score', direction: 'desc' });
    expect(toggledSort(defaultSort, 'symbol')).toEqual({ key: 'symbol', direction: 'asc' });
    expect(toggledSort({ key: 'score', direction: 'desc' }, 'score')).toEqual({ key: 'score', direction: 'asc' });
  });
});

describe('the address', () => {
  it('carries the view there and back', () => {
    const view = { page: 'risk', symbol: 'bybit-linear-BTCUSDT', filter: 'a b&c', sort: { key: 'score', direction: 'asc' }, timeframe: '4h' } as const;
    expect(parseView(formatView(view))).toEqual(view);
  });

  it('is empty for the plain page and ignores nonsense', () => {
    expect(formatView(parseView(''))).toBe('');
    expect(parseView('#sort=nothing&tf=9y&dir=up')).toEqual(parseView(''));
  });
});
