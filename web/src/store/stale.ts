import type { Feed, Row, SystemStatus } from '../protocol/types';

/** Cells that go stale together because they come from the same stream. */
export type CellGroup = 'ticker' | 'book' | 'trades';
export const cellGroups: CellGroup[] = ['ticker', 'book', 'trades'];

/**
 * From this age on an input is stale. Reported ages are whole seconds, rounded down: compared with `>`, an input of five
 * seconds and a bit would be stale between two reports and fresh at each of them.
 */
const staleAfterMs = 5_000;
export const isStaleAge = (ageMs: number | null): boolean => ageMs !== null && ageMs >= staleAfterMs;

export interface StaleMark {
  group: CellGroup;
  ageMs: number | null;
  /** when the age was true (server ms) */
  at: number;
  reason: string;
}

export type StaleMarks = Partial<Record<CellGroup, StaleMark>>;

/** One object, so that what is derived from the marks of a fresh row does not run again at each tick of the clock. */
const noMarks: StaleMarks = Object.freeze({});

/** Which cells a stream feeds; one whose name is not known feeds all of them. */
export function groupsOfStream(stream: string): CellGroup[] {
  const name = stream.toLowerCase();
  if (/liquidation|candle|kline/.test(name)) return [];
  if (/book|depth/.test(name)) return ['book'];
  if (/trade/.test(name)) return ['trades'];
  if (/ticker/.test(name)) return ['ticker'];
  return cellGroups;
}

const rawSymbol = (id: string): string => id.split('-').slice(2).join('-') || id;

/** Whether a feed entry speaks about a row. */
function concerns(feed: Feed, row: Row): boolean {
  if (feed.exchange && row.exchange && feed.exchange.toLowerCase() !== row.exchange.toLowerCase()) return false;
  return feed.symbol === row.id || feed.symbol === row.symbol || feed.symbol === rawSymbol(row.id);
}

/** Marks from the feed table: every stream that is not live marks the cells that it feeds. */
export function marksFromFeeds(system: SystemStatus | null, rows: Iterable<Row>, at: number): Map<string, StaleMarks> {
  const marks = new Map<string, StaleMarks>();
  const troubled = (system?.feeds ?? []).filter((feed) => feed.state !== 'live');
  if (troubled.length === 0) return marks;
  for (const row of rows) {
    for (const feed of troubled) {
      if (!concerns(feed, row)) continue;
      const groups = groupsOfStream(feed.stream);
      if (groups.length === 0) continue;
      const entry = marks.get(row.id) ?? {};
      for (const name of groups) {
        entry[name] = { group: name, ageMs: feed.age_ms, at, reason: `${feed.stream}: ${feed.state}` };
      }
      marks.set(row.id, entry);
    }
  }
  return marks;
}

/** A flag of a row that speaks of a stream: "book stale", "ticker resyncing". */
const streamFlag = /^(\w+) (?:stale|resyncing|connecting|down)$/;

/**
 * The feed marks of a row, what its flags say, and what its own age says: a row whose newest input is old is stale as a
 * whole.
 */
export function marksOfRow(row: Row, fromFeeds: StaleMarks | undefined, ageMs: number | null, now: number): StaleMarks {
  const isOld = isStaleAge(ageMs);
  if (!isOld && row.flags.length === 0) return fromFeeds ?? noMarks;
  const marks: StaleMarks = { ...fromFeeds };
  for (const flag of row.flags) {
    const stream = streamFlag.exec(flag)?.[1];
    for (const group of stream === undefined ? [] : groupsOfStream(stream)) {
      marks[group] ??= { group, ageMs: null, at: now, reason: flag };
    }
  }
  if (isOld) for (const group of cellGroups) marks[group] ??= { group, ageMs, at: now, reason: 'no fresh data' };
  return marks;
}

/** A text that is equal for equal marks, so that views are only told about changes. */
export function marksKey(marks: Map<string, StaleMarks>): string {
  return [...marks]
    .map(([id, entry]) => `${id}:${cellGroups.map((group) => entry[group]?.reason ?? '').join(',')}`)
    .join(';');
}
