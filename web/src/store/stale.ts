import type { Feed, Row, SystemStatus } from '../protocol/types';

/** Cells that go stale together because they come from the same stream. */
export type CellGroup = 'ticker' | 'book' | 'trades';
export const cellGroups: CellGroup[] = ['ticker', 'book', 'trades'];

export const staleAfterMs = 5_000;

export interface StaleMark {
  group: CellGroup;
  ageMs: number | null;
  /** when the age was true (server ms) */
  at: number;
  reason: string;
}

export type StaleMarks = Partial<Record<CellGroup, StaleMark>>;

/** Which cells a stream feeds. */
export function groupOfStream(stream: string): CellGroup | null {
  const name = stream.toLowerCase();
  if (/book|depth|l1|bbo/.test(name)) return 'book';
  if (/trade|print/.test(name)) return 'trades';
  if (/ticker|mark|funding|interest/.test(name)) return 'ticker';
  return null;
}

const rawSymbol = (id: string): string => id.split('-').slice(2).join('-') || id;

/** Whether a feed entry speaks about a row; an entry without a symbol speaks for the whole exchange. */
function concerns(feed: Feed, row: Row): boolean {
  if (feed.exchange && row.exchange && feed.exchange.toLowerCase() !== row.exchange.toLowerCase()) return false;
  if (feed.symbol === null || feed.symbol === undefined) return true;
  return feed.symbol === row.id || feed.symbol === row.symbol || feed.symbol === rawSymbol(row.id);
}

/** Marks from the feed table: every stream that is not live marks its cells; a whole connection marks all of them. */
export function marksFromFeeds(system: SystemStatus | null, rows: Iterable<Row>, at: number): Map<string, StaleMarks> {
  const marks = new Map<string, StaleMarks>();
  const troubled = (system?.feeds ?? []).filter((feed) => feed.state !== 'live' && feed.state !== 'ok');
  if (troubled.length === 0) return marks;
  for (const row of rows) {
    for (const feed of troubled) {
      if (!concerns(feed, row)) continue;
      const group = groupOfStream(feed.stream);
      const groups = group === null ? cellGroups : [group];
      const entry = marks.get(row.id) ?? {};
      for (const name of groups) {
        entry[name] = { group: name, ageMs: feed.age_ms, at, reason: `${feed.stream}: ${feed.state}` };
      }
      marks.set(row.id, entry);
    }
  }
  return marks;
}

/** The feed marks of a row plus what its own age says: a row whose newest input is old is stale as a whole. */
export function marksOfRow(fromFeeds: StaleMarks | undefined, ageMs: number | null, now: number): StaleMarks {
  if (ageMs === null || ageMs <= staleAfterMs) return fromFeeds ?? {};
  const marks: StaleMarks = {};
  for (const group of cellGroups) {
    marks[group] = fromFeeds?.[group] ?? { group, ageMs, at: now, reason: 'no input arrives' };
  }
  return marks;
}

/** A text that is equal for equal marks, so that views are only told about changes. */
export function marksKey(marks: Map<string, StaleMarks>): string {
  return [...marks]
    .map(([id, entry]) => `${id}:${cellGroups.map((group) => entry[group]?.reason ?? '').join(',')}`)
    .join(';');
}
