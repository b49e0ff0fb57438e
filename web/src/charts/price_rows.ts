import type { Footprint, FootprintMinute, Profile } from '../protocol/types';

export interface ProfileRow {
  low: number;
  high: number;
  volume: number;
  /** Of the largest row's volume. */
  share: number;
  inValueArea: boolean;
  isControl: boolean;
}

/** Rows of a profile, highest first, neighbours added up so that at most `most` remain. */
export function profileRows(profile: Profile, most: number): ProfileRow[] {
  const { rows, row_height: height, value_area_low: low, value_area_high: high, point_of_control: control } = profile;
  const first = rows[0];
  const last = rows.at(-1);
  if (height === null || height <= 0 || !first || !last) return [];
  const steps = Math.round((last[0] - first[0]) / height) + 1;
  const merged = Math.max(1, Math.ceil(steps / most));
  const made = new Map<number, ProfileRow>();
  for (const [price, volume] of rows) {
    const index = Math.floor(Math.round((price - first[0]) / height) / merged);
    const bottom = first[0] + index * merged * height;
    const row = made.get(index) ?? { low: bottom, high: bottom + merged * height, volume: 0, share: 0, inValueArea: false, isControl: false };
    row.volume += volume;
    row.inValueArea ||= low !== null && high !== null && price >= low && price <= high;
    row.isControl ||= control !== null && Math.abs(price - control) < height / 2;
    made.set(index, row);
  }
  const largest = Math.max(...[...made.values()].map((row) => row.volume), Number.MIN_VALUE);
  return [...made.entries()].sort(([a], [b]) => b - a).map(([, row]) => ({ ...row, share: row.volume / largest }));
}

export interface FootprintCell {
  bought: number;
  sold: number;
  /** Which side ran over the other, by the rule of the stacks (FootprintStack): three times what stands diagonally against it. */
  side: 'buy' | 'sell' | null;
}

export interface FootprintTable {
  minutes: FootprintMinute[];
  /** Highest price first; a cell of a minute is null where nobody traded. */
  rows: { price: number; cells: (FootprintCell | null)[] }[];
  /** Minutes that are left out because their rows are of another height. */
  leftOut: number;
}

const ratio = 3;
const leastShare = 0.01;

function cellsOf(minute: FootprintMinute): Map<number, FootprintCell> {
  const { bucket_height: height, levels } = minute;
  const key = (price: number) => Math.round(price / height);
  const byKey = new Map(levels.map(([price, bought, sold]) => [key(price), { bought, sold }]));
  const total = levels.reduce((sum, [, bought, sold]) => sum + bought + sold, 0);
  const cells = new Map<number, FootprintCell>();
  for (const [at, { bought, sold }] of byKey) {
    const below = byKey.get(at - 1)?.sold ?? 0;
    const above = byKey.get(at + 1)?.bought ?? 0;
    const isBuy = bought > 0 && bought >= leastShare * total && bought >= ratio * below;
    const isSell = sold > 0 && sold >= leastShare * total && sold >= ratio * above;
    cells.set(at, { bought, sold, side: isBuy === isSell ? null : isBuy ? 'buy' : 'sell' });
  }
  return cells;
}

/** The newest minutes side by side, as far back as their rows are of one height. */
export function footprintTable(footprint: Footprint, most: number): FootprintTable {
  const newest = footprint.minutes.slice(-most);
  const height = newest.at(-1)?.bucket_height ?? 0;
  const different = newest.findLastIndex((minute) => minute.bucket_height !== height);
  const minutes = newest.slice(different + 1);
  const columns = minutes.map(cellsOf);
  const keys = new Set(columns.flatMap((column) => [...column.keys()]));
  const rows = [...keys].sort((a, b) => b - a).map((key) => ({ price: key * height, cells: columns.map((column) => column.get(key) ?? null) }));
  return { minutes, rows, leftOut: newest.length - minutes.length };
}
