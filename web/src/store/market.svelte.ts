import {
  applyOverviewDelta,
  applyOverviewSnapshot,
  emptyOverview,
  type OverviewChange,
  type OverviewState,
} from '../protocol/apply';
import type { Delta, Snapshot } from '../protocol/message';
import type { MarketOverview, Mode, OverviewDelta, Dashboard, Problem, Row, SignalRow, SystemStatus } from '../protocol/types';
import type { TopicListener } from '../transport/connection';
import { shortSymbol } from './format';
import type { FrameScheduler } from './frame';
import { marksFromFeeds, marksKey, type StaleMarks } from './stale';

/** "bybit-linear" of "bybit-linear-BTCUSDT". */
const marketOf = (id: string): string => id.split('-').slice(0, 2).join('-');

/** One row as the views see it; only the views of a changed row run again. */
export class RowState {
  data: Row;

  constructor(
    readonly id: string,
    data: Row,
  ) {
    this.data = $state.raw(data);
  }
}

/**
 * The overview. Messages change a plain model at once; the reactive side follows once per frame, so that a burst of
 * messages costs one render.
 */
export class Market implements TopicListener {
  readonly #model: OverviewState = emptyOverview();
  readonly #dirty = new Set<string>();
  #membersChanged = false;
  #marksKey = '';
  #seq = 0;

  /** Bumped when rows come or go. */
  members = $state(0);
  /** Rows come from more than one market, so that each must say from which. */
  hasSeveralMarkets = $state(false);
  loaded = $state(false);
  mode = $state.raw<Mode | null>(null);
  market = $state.raw<Partial<MarketOverview>>({});
  system = $state.raw<SystemStatus | null>(null);
  signals = $state.raw<SignalRow[]>([]);
  problem = $state.raw<Problem | null>(null);
  marks = $state.raw<Map<string, StaleMarks>>(new Map());
  /** Server time of the last overview message; plain, because the clock makes the ages move. */
  timestamp = 0;
  readonly rows = new Map<string, RowState>();

  /** in: painted: is told the sequence number of each overview once it is on the screen */
  constructor(
    private readonly frames: FrameScheduler,
    private readonly painted: (seq: number) => void,
  ) {}

  setMode(mode: Mode | null): void {
    if (mode) this.mode = mode;
  }

  onSnapshot(message: Snapshot): void {
    this.#seq = message.seq;
    this.#note(applyOverviewSnapshot(this.#model, message.data as Partial<Dashboard>, message.timestamp));
  }

  onDelta(message: Delta): void {
    this.#seq = message.seq;
    this.#note(applyOverviewDelta(this.#model, message.data as OverviewDelta, message.timestamp));
  }

  onProblem(problem: Problem): void {
    this.problem = problem;
  }

  /** Age of a row's newest input at a server time: its last reported age plus the time since that report. */
  ageMs(row: Row, now: number): number | null {
    return row.age_ms === null ? null : row.age_ms + Math.max(0, now - this.timestamp);
  }

  /** Of an instrument; of one that is not followed: as fine as prices of that size are. */
  tickSize(id: string, price: number | null): number {
    return this.rows.get(id)?.data.tick_size ?? 10 ** (Math.floor(Math.log10(price ?? 1)) - 4);
  }

  /** What an instrument is called on the pages; of one that is not followed: its name at the venue. */
  nameOf(id: string, venueName: string): string {
    return shortSymbol(this.rows.get(id)?.data.symbol ?? venueName);
  }

  #note(change: OverviewChange): void {
    for (const id of change.changed) this.#dirty.add(id);
    if (change.added || change.removed.length > 0) this.#membersChanged = true;
    this.frames.schedule(this.#flush);
  }

  readonly #flush = (): void => {
    const model = this.#model;
    this.timestamp = model.timestamp;
    for (const id of this.#dirty) {
      const data = model.rows.get(id);
      if (!data) continue;
      const row = this.rows.get(id);
      if (row) row.data = data;
      else this.rows.set(id, new RowState(id, data));
    }
    this.#dirty.clear();
    if (this.#membersChanged) {
      for (const id of [...this.rows.keys()]) if (!model.rows.has(id)) this.rows.delete(id);
      this.#membersChanged = false;
      this.members += 1;
      this.hasSeveralMarkets = new Set([...this.rows.keys()].map(marketOf)).size > 1;
    }
    if (model.mode) this.mode = model.mode;
    this.market = model.market;
    this.signals = model.signals;
    if (this.system !== model.system) this.#flushSystem(model);
    this.problem = null;
    this.loaded = true;
    const seq = this.#seq;
    this.frames.afterPaint(() => this.painted(seq));
  };

  #flushSystem(model: OverviewState): void {
    this.system = model.system;
    const marks = marksFromFeeds(model.system, model.rows.values(), model.timestamp);
    const key = marksKey(marks);
    if (key === this.#marksKey) return;
    this.#marksKey = key;
    this.marks = marks;
  }
}
