import {
  parseServerMessage,
  type ClientMessage,
  type Delta,
  type ErrorMessage,
  type Hello,
  type Pong,
  type Snapshot,
} from '../protocol/message';
import { retryDelayMs } from './backoff';
import { TopicCursor } from './topic_cursor';

/** The part of WebSocket that is used, so that tests can stand in for it. */
export interface Socket {
  send(text: string): void;
  close(code?: number, reason?: string): void;
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number; reason: string }) => void) | null;
  onerror: (() => void) | null;
}

/** What the connection needs from the outside: sockets, time and chance. */
export interface Surroundings {
  openSocket(): Socket;
  now(): number;
  setTimer(callback: () => void, delayMs: number): number;
  clearTimer(timer: number): void;
  random(): number;
  isOnline(): boolean;
}

export type Phase = 'connecting' | 'live' | 'degraded' | 'reconnecting' | 'offline';

/** Everything the page says about the connection. */
export interface ConnectionStatus {
  phase: Phase;
  /** Why it is not live; null while it is. */
  cause: string | null;
  /** Since when it is not live (local ms); null while it is. */
  troubleSince: number | null;
  retryAt: number | null;
  rttMs: number | null;
  /** Server clock minus local clock. */
  clockOffsetMs: number;
  run: string | null;
}

export interface TopicListener {
  onSnapshot(message: Snapshot): void;
  onDelta(message: Delta): void;
  onProblem(problem: ErrorMessage['problem']): void;
}

interface Subscription {
  cursor: TopicCursor;
  listeners: Set<TopicListener>;
}

const pingEveryMs = 2_000;
const slowAnswerMs = 3_000;
const deadAfterMs = 12_000;
const openWithinMs = 8_000;
const slowRttMs = 1_000;
const offlineAfterMs = 60_000;
const tickMs = 500;
/** The program counts at most two a second of a page. */
const paintedEveryMs = 1_000;

const closeCauses: Record<number, string> = {
  1000: 'the server closed the connection',
  1001: 'the server is shutting down',
  1008: 'the server refused the connection',
  1009: 'a message was too large',
  1011: 'the server met an internal error',
  1012: 'the server is restarting',
  1013: 'the server is overloaded',
};

/**
 * One WebSocket with many topics: says hello, subscribes, resumes by sequence number after a break, measures the
 * round trip and retries for ever with jittered back-off.
 */
export class Connection {
  #socket: Socket | null = null;
  #opened = false;
  #helloed = false;
  #stopped = true;
  #attempt = 0;
  #retryTimer: number | null = null;
  #tickTimer: number | null = null;
  #lastTick = 0;
  #openedAt = 0;
  #pingId = 0;
  #pingSentAt: number | null = null;
  #nextPingAt = 0;
  #bestRttMs = Infinity;
  #paintedAt = -Infinity;
  readonly #subscriptions = new Map<string, Subscription>();
  status: ConnectionStatus = {
    phase: 'connecting',
    cause: null,
    troubleSince: null,
    retryAt: null,
    rttMs: null,
    clockOffsetMs: 0,
    run: null,
  };

  constructor(
    private readonly surroundings: Surroundings,
    private readonly onStatus: (status: ConnectionStatus) => void,
    private readonly onHello: (hello: Hello) => void = () => {},
  ) {}

  start(): void {
    this.#stopped = false;
    this.#update({ troubleSince: this.surroundings.now() });
    this.#open();
    this.#tick();
  }

  stop(): void {
    this.#stopped = true;
    if (this.#retryTimer !== null) this.surroundings.clearTimer(this.#retryTimer);
    if (this.#tickTimer !== null) this.surroundings.clearTimer(this.#tickTimer);
    this.#dropSocket();
  }

  /** Listens to a topic; the returned function ends it. The last listener's end unsubscribes. */
  subscribe(topic: string, listener: TopicListener): () => void {
    let subscription = this.#subscriptions.get(topic);
    const isNew = subscription === undefined;
    if (!subscription) {
      subscription = { cursor: new TopicCursor(), listeners: new Set() };
      this.#subscriptions.set(topic, subscription);
    }
    subscription.listeners.add(listener);
    if (isNew) {
      if (this.#helloed) this.#send({ op: 'subscribe', topics: [topic] });
    } else if (subscription.cursor.seq !== null) {
      // A second listener missed the snapshot that the first one got: ask for a new one.
      this.#resync(topic, subscription);
    }
    return () => this.#unsubscribe(topic, listener);
  }

  /** Skips the wait for the next attempt. */
  retryNow(): void {
    if (this.#stopped || this.#socket) return;
    if (this.#retryTimer !== null) this.surroundings.clearTimer(this.#retryTimer);
    this.#retryTimer = null;
    this.#open();
  }

  /** Opens a new socket in place of the one there is: the program lets it see what its login, as it is now, may see. */
  reopen(): void {
    if (this.#stopped) return;
    this.#dropSocket();
    this.retryNow();
  }

  /** Tells the program which overview was painted, once a second: it measures how long the way to the pixels is. */
  painted(seq: number): void {
    const now = this.surroundings.now();
    if (!this.#helloed || Math.abs(now - this.#paintedAt) < paintedEveryMs) return;
    this.#paintedAt = now;
    this.#send({ op: 'painted', seq });
  }

  /** The browser says that the network came or went. */
  networkChanged(): void {
    if (this.surroundings.isOnline()) this.retryNow();
    else this.#refreshPhase();
  }

  #unsubscribe(topic: string, listener: TopicListener): void {
    const subscription = this.#subscriptions.get(topic);
    if (!subscription?.listeners.delete(listener) || subscription.listeners.size > 0) return;
    this.#subscriptions.delete(topic);
    if (this.#helloed) this.#send({ op: 'unsubscribe', topics: [topic] });
  }

  #send(message: ClientMessage): void {
    this.#socket?.send(JSON.stringify(message));
  }

  #open(): void {
    this.#opened = false;
    this.#helloed = false;
    this.#openedAt = this.surroundings.now();
    this.#pingSentAt = null;
    const socket = this.surroundings.openSocket();
    this.#socket = socket;
    this.#update({ retryAt: null });
    socket.onopen = () => {
      this.#opened = true;
    };
    socket.onmessage = (event) => {
      if (this.#socket === socket && typeof event.data === 'string') this.#receive(event.data);
    };
    socket.onclose = (event) => {
      if (this.#socket === socket) this.#lost(this.#causeOf(event.code, event.reason));
    };
    socket.onerror = () => {};
  }

  #causeOf(code: number, reason: string): string {
    if (!this.surroundings.isOnline()) return 'this device is offline';
    if (!this.#opened) return 'the server does not answer';
    const known = closeCauses[code] ?? 'the connection broke off';
    return reason ? `${known} (${reason})` : known;
  }

  #dropSocket(): void {
    const socket = this.#socket;
    this.#socket = null;
    this.#helloed = false;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  #lost(cause: string): void {
    this.#dropSocket();
    if (this.#stopped) return;
    const now = this.surroundings.now();
    const delay = retryDelayMs(this.#attempt, this.surroundings.random());
    this.#attempt += 1;
    this.#update({ cause, troubleSince: this.status.troubleSince ?? now, retryAt: now + delay, rttMs: null });
    this.#refreshPhase();
    this.#retryTimer = this.surroundings.setTimer(() => {
      this.#retryTimer = null;
      this.#open();
    }, delay);
  }

  #receive(text: string): void {
    const message = parseServerMessage(text);
    if (!message) return;
    switch (message.type) {
      case 'hello':
        return this.#greeted(message);
      case 'pong':
        return this.#ponged(message);
      case 'error':
        return this.#refused(message);
      default:
        return this.#deliver(message);
    }
  }

  #greeted(hello: Hello): void {
    const now = this.surroundings.now();
    this.#helloed = true;
    this.#attempt = 0;
    this.#bestRttMs = Infinity;
    this.#nextPingAt = now;
    this.onHello(hello);
    this.#update({
      phase: 'live',
      cause: null,
      troubleSince: null,
      retryAt: null,
      run: hello.run,
      clockOffsetMs: hello.server_time - now,
    });
    const topics = [...this.#subscriptions.keys()];
    if (topics.length > 0) this.#send(this.#resumption(topics, hello.run));
    this.#ping(now);
  }

  #resumption(topics: string[], run: string): ClientMessage {
    const since: Record<string, number> = {};
    for (const topic of topics) {
      const seq = this.#subscriptions.get(topic)?.cursor.resumable(run);
      if (seq !== null && seq !== undefined) since[topic] = seq;
    }
    return Object.keys(since).length > 0 ? { op: 'subscribe', topics, since, run } : { op: 'subscribe', topics };
  }

  #ponged(pong: Pong): void {
    if (pong.id !== this.#pingId || this.#pingSentAt === null) return;
    const now = this.surroundings.now();
    const rttMs = now - this.#pingSentAt;
    const midpoint = this.#pingSentAt + rttMs / 2;
    this.#pingSentAt = null;
    // The fastest round trip bounds the clock offset best.
    if (rttMs <= this.#bestRttMs) {
      this.#bestRttMs = rttMs;
      this.#update({ clockOffsetMs: pong.server_time - midpoint });
    }
    this.#update({ rttMs });
    this.#refreshPhase();
  }

  #refused(message: ErrorMessage): void {
    if (message.topic === null) return;
    for (const listener of this.#subscriptions.get(message.topic)?.listeners ?? []) {
      listener.onProblem(message.problem);
    }
  }

  #deliver(message: Snapshot | Delta): void {
    const subscription = this.#subscriptions.get(message.topic);
    if (!subscription || this.status.run === null) return;
    const verdict = subscription.cursor.accept(message, this.status.run);
    if (verdict === 'gap') return this.#resync(message.topic, subscription);
    if (verdict === 'repeated') return;
    for (const listener of subscription.listeners) {
      if (message.type === 'snapshot') listener.onSnapshot(message);
      else listener.onDelta(message);
    }
  }

  #resync(topic: string, subscription: Subscription): void {
    subscription.cursor.forget();
    if (!this.#helloed) return;
    this.#send({ op: 'unsubscribe', topics: [topic] });
    this.#send({ op: 'subscribe', topics: [topic] });
  }

  #ping(now: number): void {
    this.#pingId += 1;
    this.#pingSentAt = now;
    this.#nextPingAt = now + pingEveryMs;
    this.#send({ op: 'ping', id: this.#pingId });
  }

  #tick(): void {
    if (this.#stopped) return;
    const now = this.surroundings.now();
    // A sleeping tab gets no timer: what looks like silence then is our own absence.
    const slept = now - this.#lastTick > 5 * tickMs;
    this.#lastTick = now;
    if (this.#helloed) {
      if (this.#pingSentAt !== null && slept) this.#ping(now);
      else if (this.#pingSentAt !== null && now - this.#pingSentAt > deadAfterMs) {
        this.#lost(`the server has been silent for ${Math.round(deadAfterMs / 1000)} s`);
      } else if (this.#pingSentAt === null && now >= this.#nextPingAt) this.#ping(now);
    } else if (this.#socket && now - this.#openedAt > openWithinMs && !slept) {
      this.#lost('the server does not answer');
    }
    this.#refreshPhase();
    this.#tickTimer = this.surroundings.setTimer(() => this.#tick(), tickMs);
  }

  #refreshPhase(): void {
    const now = this.surroundings.now();
    if (this.#helloed) return this.#refreshLivePhase(now);
    const since = this.status.troubleSince ?? now;
    if (!this.surroundings.isOnline()) return this.#update({ phase: 'offline', cause: 'this device is offline' });
    if (now - since > offlineAfterMs) return this.#update({ phase: 'offline' });
    if (this.status.run === null && this.#attempt === 0) return this.#update({ phase: 'connecting' });
    this.#update({ phase: 'reconnecting' });
  }

  #refreshLivePhase(now: number): void {
    const waiting = this.#pingSentAt === null ? 0 : now - this.#pingSentAt;
    if (waiting > slowAnswerMs) {
      this.#update({
        phase: 'degraded',
        cause: `the server has not answered for ${Math.floor(waiting / 1000)} s`,
        troubleSince: this.status.troubleSince ?? now - waiting,
      });
    } else if ((this.status.rttMs ?? 0) > slowRttMs) {
      this.#update({
        phase: 'degraded',
        cause: `the server answers slowly (${Math.round(this.status.rttMs ?? 0)} ms)`,
        troubleSince: this.status.troubleSince ?? now,
      });
    } else if (this.status.phase !== 'live') {
      this.#update({ phase: 'live', cause: null, troubleSince: null });
    }
  }

  #update(fields: Partial<ConnectionStatus>): void {
    const before = this.status;
    const after = { ...before, ...fields };
    const keys = Object.keys(after) as (keyof ConnectionStatus)[];
    if (keys.every((key) => before[key] === after[key])) return;
    this.status = after;
    this.onStatus(after);
  }
}
