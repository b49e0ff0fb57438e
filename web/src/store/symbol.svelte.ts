import { applyCandlesDelta, applyTradesDelta } from '../protocol/apply';
import type { Delta, Snapshot } from '../protocol/message';
import { bookTopic, candlesTopic, marketsTopic, scoreTopic, tradesTopic } from '../protocol/topics';
import type { Book, Candle, Candles, CoinMarkets, Problem, Score, Timeframe, Trade, Trades } from '../protocol/types';
import type { Connection, TopicListener } from '../transport/connection';
import type { FrameScheduler } from './frame';

/** One topic's data: a plain model that messages change, and a reactive copy that follows once per frame. */
abstract class TopicStore<T> implements TopicListener {
  data = $state.raw<T | null>(null);
  problem = $state.raw<Problem | null>(null);
  timestamp = $state(0);
  protected model: T | null = null;
  #modelTimestamp = 0;
  readonly #unsubscribe: () => void;

  constructor(
    connection: Connection,
    topic: string,
    private readonly frames: FrameScheduler,
  ) {
    this.#unsubscribe = connection.subscribe(topic, this);
  }

  close(): void {
    this.#unsubscribe();
  }

  onSnapshot(message: Snapshot): void {
    this.model = message.data as T;
    this.#noted(message.timestamp);
  }

  onDelta(message: Delta): void {
    this.model = this.applied(message);
    this.#noted(message.timestamp);
  }

  onProblem(problem: Problem): void {
    this.problem = problem;
  }

  protected abstract applied(message: Delta): T | null;

  protected flushed(): void {}

  #noted(timestamp: number): void {
    this.#modelTimestamp = timestamp;
    this.frames.schedule(this.#flush);
  }

  readonly #flush = (): void => {
    this.data = this.model;
    this.timestamp = this.#modelTimestamp;
    this.problem = null;
    this.flushed();
  };
}

/** Topics whose changes replace the whole. */
class WholeStore<T> extends TopicStore<T> {
  protected applied(message: Delta): T {
    return message.data as T;
  }
}

export class ScoreStore extends WholeStore<Score> {
  constructor(connection: Connection, frames: FrameScheduler, id: string) {
    super(connection, scoreTopic(id), frames);
  }
}

export class BookStore extends WholeStore<Book> {
  constructor(connection: Connection, frames: FrameScheduler, id: string) {
    super(connection, bookTopic(id), frames);
  }
}

export class MarketsStore extends WholeStore<CoinMarkets> {
  constructor(connection: Connection, frames: FrameScheduler, id: string) {
    super(connection, marketsTopic(id), frames);
  }
}

/** A document that moves with the minute, of any topic that is replaced as a whole. */
export class DocumentStore<T> extends WholeStore<T> {
  constructor(connection: Connection, frames: FrameScheduler, topic: string) {
    super(connection, topic, frames);
  }
}

/** A trade with a number that stays with it while the list moves on. */
export interface NumberedTrade {
  number: number;
  trade: Trade;
}

export class TradesStore extends TopicStore<Trades> {
  /** Newest first. */
  newest = $state.raw<NumberedTrade[]>([]);
  #firstNumber = 0;

  constructor(connection: Connection, frames: FrameScheduler, id: string) {
    super(connection, tradesTopic(id), frames);
  }

  override onSnapshot(message: Snapshot): void {
    this.#firstNumber += this.model?.trades.length ?? 0;
    super.onSnapshot(message);
  }

  protected applied(message: Delta): Trades | null {
    if (!this.model) return null;
    const added = (message.data as { trades?: Trade[] }).trades ?? [];
    const after = applyTradesDelta(this.model, added, message.timestamp);
    this.#firstNumber += this.model.trades.length + added.length - after.trades.length;
    return after;
  }

  protected override flushed(): void {
    const trades = this.data?.trades ?? [];
    this.newest = trades.map((trade, index) => ({ number: this.#firstNumber + index, trade })).reverse();
  }
}

/** What a chart has to draw: everything, or some candles at the end. */
export interface CandleUpdate {
  whole: boolean;
  changed: Candle[];
}

export class CandlesStore extends TopicStore<Candles> {
  update = $state.raw<CandleUpdate | null>(null);
  #whole = true;
  #changed = new Map<number, Candle>();

  constructor(connection: Connection, frames: FrameScheduler, id: string, timeframe: Timeframe) {
    super(connection, candlesTopic(id, timeframe), frames);
  }

  override onSnapshot(message: Snapshot): void {
    this.#whole = true;
    super.onSnapshot(message);
  }

  protected applied(message: Delta): Candles | null {
    if (!this.model) return null;
    const changes = (message.data as { candles?: Candle[] }).candles ?? [];
    for (const candle of changes) this.#changed.set(candle[0], candle);
    return applyCandlesDelta(this.model, changes, message.timestamp);
  }

  protected override flushed(): void {
    this.update = { whole: this.#whole, changed: [...this.#changed.values()].sort((a, b) => a[0] - b[0]) };
    this.#whole = false;
    this.#changed = new Map();
  }
}
