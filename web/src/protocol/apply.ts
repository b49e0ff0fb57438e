import type { Candle, Candles, Dashboard, MarketOverview, Mode, OverviewDelta, Row, SignalRow, SystemStatus, Trade, Trades } from './types';

export const tradesKept = 100;
export const candlesKept = 1500;

/** The overview as one client knows it. Rows are replaced, never edited, so identity tells what changed. */
export interface OverviewState {
  rows: Map<string, Row>;
  mode: Mode | null;
  market: Partial<MarketOverview>;
  system: SystemStatus | null;
  /** Raised signals, the newest first: replaced whole, so identity tells what changed. */
  signals: SignalRow[];
  timestamp: number;
}

/** What an overview message touched, for the views. */
export interface OverviewChange {
  changed: Set<string>;
  added: boolean;
  removed: string[];
}

export const emptyOverview = (): OverviewState => ({
  rows: new Map(),
  mode: null,
  market: {},
  system: null,
  signals: [],
  timestamp: 0,
});

/** A row that is new comes whole; of one that is known come the members that changed. */
const mergedRow = (before: Row | undefined, fields: Partial<Row>): Row => ({ ...before, ...fields }) as Row;

/** Replaces the whole state; rows that are not in the snapshot are gone. */
export function applyOverviewSnapshot(
  state: OverviewState,
  snapshot: Partial<Dashboard>,
  timestamp: number,
): OverviewChange {
  const rows = snapshot.symbols ?? [];
  const ids = new Set(rows.map((row) => row.id));
  const removed = [...state.rows.keys()].filter((id) => !ids.has(id));
  const added = rows.some((row) => !state.rows.has(row.id));
  state.rows.clear();
  for (const row of rows) state.rows.set(row.id, row);
  state.mode = snapshot.mode ?? null;
  state.market = snapshot.market_overview ?? {};
  state.system = snapshot.system_status ?? null;
  state.signals = snapshot.signals ?? [];
  state.timestamp = timestamp;
  return { changed: ids, added, removed };
}

/** Assigns the changed fields; a field that is absent keeps its value, null is a value. */
export function applyOverviewDelta(state: OverviewState, delta: OverviewDelta, timestamp: number): OverviewChange {
  const change: OverviewChange = { changed: new Set(), added: false, removed: [] };
  for (const fields of delta.symbols ?? []) {
    const before = state.rows.get(fields.id);
    change.added ||= before === undefined;
    change.changed.add(fields.id);
    state.rows.set(fields.id, mergedRow(before, fields));
  }
  for (const id of delta.removed ?? []) {
    if (state.rows.delete(id)) change.removed.push(id);
    change.changed.delete(id);
  }
  if (delta.mode) state.mode = delta.mode;
  if (delta.market_overview) state.market = { ...state.market, ...delta.market_overview };
  if (delta.system_status) state.system = delta.system_status;
  if (delta.signals) state.signals = delta.signals;
  state.timestamp = timestamp;
  return change;
}

/** Upserts by open time into an ascending series; the oldest beyond the limit are dropped. */
export function applyCandlesDelta(series: Candles, changes: Candle[], timestamp: number): Candles {
  const candles = series.candles.slice();
  for (const candle of changes) {
    let at = candles.length;
    while (at > 0 && (candles[at - 1] as Candle)[0] > candle[0]) at -= 1;
    if (at > 0 && (candles[at - 1] as Candle)[0] === candle[0]) candles[at - 1] = candle;
    else candles.splice(at, 0, candle);
  }
  const surplus = candles.length - candlesKept;
  if (surplus > 0) candles.splice(0, surplus);
  return { ...series, timestamp, candles };
}

/** Appends and keeps the newest. */
export function applyTradesDelta(list: Trades, added: Trade[], timestamp: number): Trades {
  return { ...list, timestamp, trades: [...list.trades, ...added].slice(-tradesKept) };
}
