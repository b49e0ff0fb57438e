import { describe, expect, it } from 'vitest';
import type { Footprint, FootprintMinute, Profile } from '../protocol/types';
import { footprintTable, profileRows } from './price_rows';

describe('volume profile', () => {
  const profile = (rows: [number, number][], height = 10): Profile => ({ id: 'x', symbol: 'X', timestamp: 1, closed_until: 1, row_height: height, value_area_rule: 'two rows', point_of_control: 120, value_area_low: 110, value_area_high: 120, value_area_volume: 25, total_volume: 30, rows });

  it('has the highest price first and marks the value area and its busiest row', () => {
    const rows = profileRows(profile([[100, 5], [110, 10], [120, 20]]), 50);
    expect(rows.map((row) => [row.low, row.volume, row.share, row.inValueArea, row.isControl])).toEqual([
      [120, 20, 1, true, true],
      [110, 10, 0.5, true, false],
      [100, 5, 0.25, false, false],
    ]);
  });

  it('adds neighbours up without losing volume, also across a hole', () => {
    const many: [number, number][] = Array.from({ length: 101 }, (_, index): [number, number] => [100 + 10 * index, 1]).filter(([price]) => price !== 550);
    const rows = profileRows(profile(many), 40);
    expect(rows.length).toBeLessThanOrEqual(40);
    expect(rows.reduce((sum, row) => sum + row.volume, 0)).toBe(100);
    expect(profileRows(profile([]), 40)).toEqual([]);
  });
});

describe('footprint', () => {
  const minute = (t: number, levels: [number, number, number][], height = 1): FootprintMinute => ({ t, bucket_height: height, buy_stacks: 0, sell_stacks: 0, levels });
  const footprint = (minutes: FootprintMinute[]): Footprint => ({ id: 'x', symbol: 'X', timestamp: 1, minutes });

  it('compares buyers with the sellers one row below', () => {
    const { rows } = footprintTable(footprint([minute(1, [[100, 1, 5], [101, 16, 2], [102, 1, 9]])]), 5);
    expect(rows.map((row) => [row.price, row.cells[0]?.side])).toEqual([[102, 'sell'], [101, 'buy'], [100, 'buy']]);
  });

  it('shows the newest minutes whose rows are of one height, and says how many are left out', () => {
    const table = footprintTable(footprint([minute(1, [[100, 1, 1]]), minute(2, [[100, 1, 1]], 2), minute(3, [[100, 1, 1]]), minute(4, [[105, 2, 0]])]), 4);
    expect(table.minutes.map(({ t }) => t)).toEqual([3, 4]);
    expect(table.leftOut).toBe(2);
    expect(table.rows.map((row) => [row.price, row.cells.map((cell) => cell?.bought ?? null)])).toEqual([[105, [null, 2]], [100, [1, null]]]);
    expect(footprintTable(footprint([]), 4)).toEqual({ minutes: [], rows: [], leftOut: 0 });
  });
});
