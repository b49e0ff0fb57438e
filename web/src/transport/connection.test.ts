import { describe, expect, it } from 'vitest';
import { retryDelayMs } from './backoff';
import { socketUrl } from './browser';
import { Connection, type ConnectionStatus, type Socket, type Surroundings, type TopicListener } from './connection';

/** Sockets and time under the test's hand. */
class FakeWorld implements Surroundings {
  time = 1_000_000;
  online = true;
  sockets: FakeSocket[] = [];
  #timers: { at: number; id: number; callback: () => void }[] = [];
  #nextId = 1;

  openSocket(): Socket {
    const socket = new FakeSocket();
    this.sockets.push(socket);
    return socket;
  }
  now(): number {
    return this.time;
  }
  setTimer(callback: () => void, delayMs: number): number {
    this.#timers.push({ at: this.time + delayMs, id: this.#nextId, callback });
    return this.#nextId++;
  }
  clearTimer(timer: number): void {
    this.#timers = this.#timers.filter((entry) => entry.id !== timer);
  }
  random(): number {
    return 1;
  }
  isOnline(): boolean {
    return this.online;
  }
  get last(): FakeSocket {
    return this.sockets.at(-1) as FakeSocket;
  }
  advance(ms: number): void {
    const until = this.time + ms;
    for (;;) {
      const due = this.#timers.filter((entry) => entry.at <= until).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.clearTimer(due.id);
      this.time = Math.max(this.time, due.at);
      due.callback();
    }
    this.time = Math.max(this.time, until);
  }
  /** Time passes without timers running, as in a sleeping laptop. */
  sleep(ms: number): void {
    this.time += ms;
  }
}

class FakeSocket implements Socket {
  sent: Record<string, unknown>[] = [];
  closed = false;
  onopen: Socket['onopen'] = null;
  onmessage: Socket['onmessage'] = null;
  onclose: Socket['onclose'] = null;
  onerror: Socket['onerror'] = null;

  send(text: string): void {
    this.sent.push(JSON.parse(text) as Record<string, unknown>);
  }
  close(): void {
    this.closed = true;
  }
  say(message: object): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
  greet(run = 'run-1', server_time = 1_000_000): void {
    this.onopen?.();
    this.say({ type: 'hello', protocol: 1, run, server_time, mode: { market: 'demo' } });
  }
  fail(code = 1006): void {
    this.onclose?.({ code, reason: '' });
  }
  answerPing(world: FakeWorld): void {
    const ping = this.sent.filter((message) => message['op'] === 'ping').at(-1);
    this.say({ type: 'pong', id: ping?.['id'], server_time: world.time });
  }
  subscriptions(): Record<string, unknown>[] {
    return this.sent.filter((message) => message['op'] === 'subscribe');
  }
}

function connected() {
  const world = new FakeWorld();
  const phases: string[] = [];
  const connection = new Connection(world, (status: ConnectionStatus) => {
    if (phases.at(-1) !== status.phase) phases.push(status.phase);
  });
  const seen: string[] = [];
  const listener: TopicListener = {
    onSnapshot: (message) => seen.push(`snapshot ${message.seq}`),
    onDelta: (message) => seen.push(`delta ${message.since}-${message.seq}`),
    onProblem: (problem) => seen.push(`problem ${problem.title}`),
  };
  connection.start();
  return { world, connection, phases, seen, listener };
}

const snapshot = (topic: string, seq: number) => ({ type: 'snapshot', topic, seq, timestamp: 1, data: {} });
const delta = (topic: string, since: number, seq: number) => ({ type: 'delta', topic, since, seq, timestamp: 1, data: {} });

describe('Connection', () => {
  it('subscribes after the greeting, without numbers on the first time', () => {
    const { world, connection, listener, seen } = connected();
    connection.subscribe('overview', listener);
    expect(world.last.sent).toEqual([]);
    world.last.greet();
    expect(world.last.subscriptions()).toEqual([{ op: 'subscribe', topics: ['overview'] }]);
    world.last.say(snapshot('overview', 5));
    world.last.say(delta('overview', 5, 9));
    expect(seen).toEqual(['snapshot 5', 'delta 5-9']);
    expect(connection.status.phase).toBe('live');
  });

  it('says once a second what was painted, while it is live', () => {
    const { world, connection } = connected();
    const painted = () => world.last.sent.filter((message) => message['op'] === 'painted');
    connection.painted(1);
    expect(painted()).toEqual([]);
    world.last.greet();
    connection.painted(2);
    world.advance(999);
    connection.painted(3);
    expect(painted()).toEqual([{ op: 'painted', seq: 2 }]);
    world.advance(1);
    connection.painted(4);
    expect(painted()).toEqual([{ op: 'painted', seq: 2 }, { op: 'painted', seq: 4 }]);
  });

  it('resumes by sequence number in the same run', () => {
    const { world, connection, listener, seen } = connected();
    connection.subscribe('overview', listener);
    world.last.greet();
    world.last.say(snapshot('overview', 5));
    world.last.fail();
    expect(connection.status).toMatchObject({ phase: 'reconnecting', cause: 'the connection broke off' });
    world.advance(1_000);
    world.last.greet();
    expect(world.last.subscriptions()).toEqual([{ op: 'subscribe', topics: ['overview'], since: { overview: 5 }, run: 'run-1' }]);
    world.last.say(delta('overview', 5, 400));
    expect(seen).toEqual(['snapshot 5', 'delta 5-400']);
    expect(connection.status).toMatchObject({ phase: 'live', cause: null, troubleSince: null });
  });

  it('opens a new socket when it is told to, and asks on it for what is refused to the old one', () => {
    const { world, connection, listener, seen } = connected();
    connection.subscribe('overview', listener);
    connection.subscribe('risk', listener);
    world.last.greet();
    world.last.say(snapshot('overview', 5));
    world.last.say({ type: 'error', topic: 'risk', problem: { title: 'log in' } });
    const before = world.last;
    connection.reopen();
    expect(before.closed).toBe(true);
    expect(world.sockets).toHaveLength(2);
    world.last.greet();
    expect(world.last.subscriptions()).toEqual([{ op: 'subscribe', topics: ['overview', 'risk'], since: { overview: 5 }, run: 'run-1' }]);
    world.last.say(snapshot('risk', 7));
    expect(seen).toEqual(['snapshot 5', 'problem log in', 'snapshot 7']);
    before.say(snapshot('risk', 9));
    expect(seen).toHaveLength(3);
  });

  it('asks for everything when the run is another one', () => {
    const { world, connection, listener } = connected();
    connection.subscribe('overview', listener);
    world.last.greet('run-1');
    world.last.say(snapshot('overview', 5));
    world.last.fail(1012);
    expect(connection.status.cause).toBe('the server is restarting');
    world.advance(1_000);
    world.last.greet('run-2');
    expect(world.last.subscriptions()).toEqual([{ op: 'subscribe', topics: ['overview'] }]);
  });

  it('refuses a delta that does not fit and asks for a snapshot instead', () => {
    const { world, connection, listener, seen } = connected();
    connection.subscribe('overview', listener);
    world.last.greet();
    world.last.say(delta('overview', 1, 2));
    world.last.say(snapshot('overview', 5));
    world.last.say(delta('overview', 7, 9));
    world.last.say(delta('overview', 3, 5));
    expect(seen).toEqual(['snapshot 5']);
    expect(world.last.sent.filter((message) => message['op'] === 'unsubscribe').length).toBe(3);
    expect(world.last.subscriptions().length).toBe(4);
  });

  it('drops repeated messages, foreign topics and garbage', () => {
    const { world, connection, listener, seen } = connected();
    connection.subscribe('overview', listener);
    world.last.greet();
    world.last.say(snapshot('overview', 5));
    world.last.say(delta('overview', 5, 6));
    world.last.say(delta('overview', 5, 6));
    world.last.say(snapshot('book.X', 1));
    world.last.onmessage?.({ data: '{"type":' });
    world.last.onmessage?.({ data: new ArrayBuffer(3) });
    expect(seen).toEqual(['snapshot 5', 'delta 5-6']);
  });

  it('passes a refused topic on to its listener', () => {
    const { world, connection, listener, seen } = connected();
    connection.subscribe('book.X', listener);
    world.last.greet();
    world.last.say({ type: 'error', topic: 'book.X', problem: { title: 'No such topic' } });
    expect(seen).toEqual(['problem No such topic']);
  });

  it('unsubscribes with the last listener', () => {
    const { world, connection, listener } = connected();
    world.last.greet();
    const end = connection.subscribe('book.X', listener);
    end();
    end();
    expect(world.last.sent.filter((message) => message['op'] === 'unsubscribe')).toEqual([{ op: 'unsubscribe', topics: ['book.X'] }]);
  });

  it('measures the round trip and the offset of the clocks', () => {
    const { world, connection } = connected();
    world.last.greet('r', world.time + 5_000);
    world.time += 40;
    world.last.say({ type: 'pong', id: 1, server_time: world.time + 4_980 });
    expect(connection.status.rttMs).toBe(40);
    expect(connection.status.clockOffsetMs).toBe(5_000);
  });

  it('is degraded while pings go unanswered, then gives up and reconnects', () => {
    const { world, connection, phases } = connected();
    world.last.greet();
    world.last.answerPing(world);
    world.advance(6_500);
    expect(connection.status.phase).toBe('degraded');
    expect(connection.status.cause).toMatch(/has not answered for \d s/);
    world.advance(10_000);
    expect(phases).toEqual(['connecting', 'live', 'degraded', 'reconnecting']);
    expect(world.sockets[0]?.closed).toBe(true);
  });

  it('does not mistake its own sleep for silence of the server', () => {
    const { world, connection } = connected();
    world.last.greet();
    world.sleep(3_600_000);
    world.advance(600);
    expect(connection.status.phase).toBe('live');
    expect(world.sockets.length).toBe(1);
  });

  it('says offline after a minute, keeps trying, and is back at once with the network', () => {
    const { world, connection } = connected();
    world.last.greet();
    world.last.fail();
    for (let attempt = 0; attempt < 12; attempt += 1) {
      world.advance(15_000);
      if (!world.last.closed) world.last.fail();
    }
    expect(connection.status).toMatchObject({ phase: 'offline', cause: 'the server does not answer' });
    expect(world.sockets.length).toBeGreaterThan(6);
    const before = world.sockets.length;
    connection.networkChanged();
    expect(world.sockets.length).toBe(before + 1);
    world.last.greet();
    expect(connection.status.phase).toBe('live');
  });

  it('names a device without network as the cause', () => {
    const { world, connection } = connected();
    world.last.greet();
    world.online = false;
    world.last.fail();
    expect(connection.status).toMatchObject({ phase: 'offline', cause: 'this device is offline' });
  });

  it('gives up an attempt that never opens', () => {
    const { world, connection } = connected();
    world.advance(9_000);
    expect(world.sockets[0]?.closed).toBe(true);
    expect(connection.status.cause).toBe('the server does not answer');
  });

  it('is silent after stop', () => {
    const { world, connection } = connected();
    world.last.greet();
    connection.stop();
    world.advance(60_000);
    expect(world.sockets.length).toBe(1);
  });
});

describe('retryDelayMs', () => {
  it('doubles up to a limit, with half of it left to chance', () => {
    expect(retryDelayMs(0, 0)).toBe(250);
    expect(retryDelayMs(0, 1)).toBe(500);
    expect(retryDelayMs(3, 1)).toBe(4_000);
    expect(retryDelayMs(60, 1)).toBe(15_000);
  });
});

describe('socketUrl', () => {
  it.each([
    ['http://127.0.0.1:8003/', 'ws://127.0.0.1:8003/ws'],
    ['http://host/mobile#symbol=a', 'ws://host/ws'],
    ['https://host/sub/path/?x=1', 'wss://host/sub/path/ws'],
    ['https://host/sub/mobile', 'wss://host/sub/ws'],
  ])('%s -> %s', (page, url) => expect(socketUrl(page)).toBe(url));
});
