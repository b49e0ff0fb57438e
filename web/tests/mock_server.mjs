// A stand-in for the program: serves dist/ under the strict policy and speaks the live protocol, with faults on
// command. Used by the page tests in-process; run alone (`npm run mock`) for development.
import { randomBytes } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WebSocketServer } from 'ws';
import { MockAccount } from './mock_account.mjs';
import { MockMarket } from './mock_market.mjs';
import { calibration, performance } from './mock_track.mjs';

const dist = join(dirname(fileURLToPath(import.meta.url)), '..', 'dist');
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.webmanifest': 'application/manifest+json' };

export class MockServer {
  constructor({ port = 0, basePath = '/', flush = true, flushMs = 100, market = {}, account = {} } = {}) {
    this.flushMs = flushMs;
    this.port = port;
    this.basePath = basePath;
    this.account = new MockAccount(account);
    this.marketOptions = { ...market, account: this.account };
    this.market = new MockMarket(this.marketOptions);
    this.run = randomBytes(6).toString('hex');
    this.clients = new Set();
    this.flushing = flush;
    this.muted = false;
    this.refusing = false;
    /** Every message sent, as {at, type, topic}; the last 20,000. */
    this.sent = [];
    /** Every message received. */
    this.received = [];
    /** Every change that was asked for, as {at, method, path, body}. */
    this.changes = [];
    /** Called with each request of a change before it is answered: where it returns something, that is the answer. */
    this.hinder = () => undefined;
  }

  get url() {
    return `http://127.0.0.1:${this.port}${this.basePath}`;
  }

  async start() {
    if (!existsSync(join(dist, 'index.html'))) throw new Error('dist/ holds no pages: npm run build makes them');
    this.http = createServer((request, response) => this.#serve(request, response));
    this.http.on('upgrade', (request, socket, head) => {
      if (this.refusing || request.url !== `${this.basePath}ws`) return socket.destroy();
      this.sockets.handleUpgrade(request, socket, head, (client) => this.#welcome(client));
    });
    this.sockets = new WebSocketServer({ noServer: true });
    await new Promise((done, failed) => this.http.once('error', failed).listen(this.port, '127.0.0.1', done));
    this.port = this.http.address().port;
    this.timer = setInterval(() => {
      if (!this.flushing) return;
      this.market.step();
      this.flush();
    }, this.flushMs);
    return this;
  }

  async stop() {
    clearInterval(this.timer);
    this.drop();
    this.http.closeAllConnections();
    await new Promise((done) => this.http.close(done));
  }

  // Faults.

  /** Breaks every connection without a closing handshake. */
  drop() {
    for (const client of this.clients) client.socket.terminate();
  }

  /** Refuses new connections until told otherwise. */
  refuse(refusing) {
    this.refusing = refusing;
  }

  /** The socket stays up, but nothing is sent any more, not even answers. */
  mute(muted) {
    this.muted = muted;
  }

  /** One symbol's inputs stop. */
  stall(id, stalled = true) {
    this.market.stall(id, stalled);
  }

  /** A new process: new run id, sequence numbers from the start, all connections gone. */
  restart(market = this.marketOptions) {
    this.run = randomBytes(6).toString('hex');
    this.market = new MockMarket(market);
    this.drop();
  }

  #serve(request, response) {
    const { pathname: path, searchParams } = new URL(request.url, 'http://localhost');
    if (!path.startsWith(this.basePath)) return this.#answer(response, 404);
    const name = path.slice(this.basePath.length);
    if (name === 'api/dashboard/data') return this.#json(response, this.market.snapshot('overview'));
    if (name === 'api/calibration') return this.#json(response, calibration(searchParams.get('segment')));
    if (name === 'api/signals/performance') return this.#json(response, performance(searchParams.get('segment')));
    if (name.startsWith('api/')) return this.#call(request, response, name, searchParams);
    if (name === 'health') return this.#json(response, { status: 'ok' });
    const isMethod = name.startsWith('methods/') && !name.includes('.');
    const file = name === '' ? 'index.html' : name === 'mobile' ? 'mobile.html' : name === 'methods/' ? 'methods/index.html' : isMethod ? `${name}.html` : name;
    const full = normalize(join(dist, file));
    if (!full.startsWith(dist) || !existsSync(full)) return this.#answer(response, 404);
    response.writeHead(200, { 'content-type': types[extname(full)] ?? 'application/octet-stream', 'content-security-policy': policy, 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' });
    createReadStream(full).pipe(response);
  }

  /** What the account answers, to reads and changes. */
  async #call(request, response, path, query) {
    const parts = [];
    for await (const part of request) parts.push(part);
    const text = Buffer.concat(parts).toString();
    const body = text === '' ? {} : JSON.parse(text);
    if (request.method !== 'GET') this.changes.push({ at: Date.now(), method: request.method, path, body });
    const [status, answer] = (request.method === 'GET' ? undefined : this.hinder(path)) ?? this.account.answer(request.method, path, query, body, request.headers['x-csrf-token']) ?? [404, { title: 'Not found', status: 404 }];
    response.writeHead(status, { 'content-type': status < 400 ? 'application/json' : 'application/problem+json' });
    response.end(JSON.stringify(answer));
    if (status < 400 && request.method !== 'GET') this.market.seq += 1;
  }

  #answer(response, status) {
    response.writeHead(status, { 'content-type': 'application/problem+json' });
    response.end(JSON.stringify({ title: status === 404 ? 'Not found' : 'Error', status }));
  }

  #json(response, body) {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  }

  #welcome(socket) {
    const client = { socket, topics: new Map(), user: this.account.user };
    this.clients.add(client);
    socket.on('close', () => this.clients.delete(client));
    socket.on('error', () => {});
    socket.on('message', (data) => this.#receive(client, JSON.parse(data.toString())));
    this.#send(client, { type: 'hello', protocol: 1, run: this.run, server_time: this.market.now(), mode: this.market.mode() });
  }

  #send(client, message) {
    if (this.muted) return false;
    this.sent.push({ at: Date.now(), type: message.type, topic: message.topic ?? null, since: message.since ?? null, seq: message.seq ?? null });
    if (this.sent.length > 20_000) this.sent.splice(0, 10_000);
    client.socket.send(JSON.stringify(message));
    return true;
  }

  #receive(client, message) {
    this.received.push(message);
    if (message.op === 'ping') this.#send(client, { type: 'pong', id: message.id, server_time: this.market.now() });
    if (message.op === 'unsubscribe') for (const topic of message.topics) client.topics.delete(topic);
    if (message.op !== 'subscribe') return;
    for (const topic of message.topics) {
      const since = message.run === this.run ? message.since?.[topic] : undefined;
      this.#subscribe(client, topic, since);
    }
  }

  #subscribe(client, topic, since) {
    if (['risk', 'portfolio', 'positions', 'orders'].includes(topic) && client.user === null) {
      return this.#send(client, { type: 'error', topic, problem: { type: 'about:blank', title: 'Log in first', status: 401, detail: `${topic} is of the account` } });
    }
    const data = this.market.snapshot(topic);
    if (data === null) {
      const problem = { type: 'about:blank', title: 'No such topic', status: 404, detail: `${topic} is not tracked here` };
      return this.#send(client, { type: 'error', topic, problem });
    }
    const { seq } = this.market;
    const timestamp = this.market.now();
    client.topics.set(topic, seq);
    if (since !== undefined) this.#send(client, { type: 'delta', topic, seq, since, timestamp, data: this.market.delta(topic, since) });
    else this.#send(client, { type: 'snapshot', topic, seq, timestamp, data });
  }

  /** Sends every client what changed since its last message; a slow reader's next message covers more. */
  flush() {
    const { seq } = this.market;
    for (const client of this.clients) {
      if (client.socket.bufferedAmount > 0) continue;
      for (const [topic, since] of client.topics) {
        if (since >= seq) continue;
        const data = this.market.delta(topic, since);
        if (this.#send(client, { type: 'delta', topic, seq, since, timestamp: this.market.now(), data })) client.topics.set(topic, seq);
      }
    }
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const option = (name, fallback) => process.argv.find((argument) => argument.startsWith(`--${name}=`))?.split('=')[1] ?? fallback;
  const warming = option('warming', '');
  const server = await new MockServer({
    port: Number(option('port', '8003')),
    basePath: option('base', '/'),
    market: { warming: warming === 'all' ? 'all' : warming.split(',') },
    account: { trading: option('trading', 'off'), user: option('user', null) },
  }).start();
  console.log(`mock server at ${server.url} (type drop, refuse, accept, mute, unmute, restart, stall ID, go ID)`);
  process.stdin.on('data', (data) => {
    const [verb, id] = data.toString().trim().split(/\s+/);
    if (verb === 'drop') server.drop();
    if (verb === 'refuse' || verb === 'accept') server.refuse(verb === 'refuse');
    if (verb === 'mute' || verb === 'unmute') server.mute(verb === 'mute');
    if (verb === 'restart') server.restart();
    if (verb === 'stall' || verb === 'go') server.stall(id, verb === 'stall');
  });
}
