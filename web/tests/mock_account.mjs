// A paper account for the mock server: figures that hang together, as the program would answer them, and a login.

export const password = 'three or four words';

const limits = [
  ['HALTED', 'drawdown_halted', 0.0047, 0.2, 'of the highest equity'],
  ['REDUCING', 'drawdown_reducing', 0.0047, 0.15, 'of the highest equity'],
  ['DAILY_LOSS', 'daily_loss_max', 0, 0.02, "of the day's first equity"],
  ['WEEKLY_LOSS', 'weekly_loss_max', 0.05, 0.05, "of the week's first equity"],
  ['LOSS_COOLDOWN', 'losses_in_row_max', 1, 4, 'losses in a row'],
  ['OPEN_RISK', 'open_risk_max', 0.0112, 0.02, 'of the equity'],
  ['MAX_POSITION', 'position_max', 0.46, 0.5, 'of the equity'],
  ['MAX_CLUSTER', 'cluster_max', 0.71, 1, 'of the equity'],
  ['MAX_NET', 'net_max', 0.46, 1.5, 'of the equity'],
  ['MAX_GROSS', 'gross_max', 0.71, 2, 'of the equity'],
  ['MAX_BETA', 'beta_max', null, 2, 'of the equity'],
  ['MAX_POSITIONS', 'positions_max', 3, 10, 'positions'],
  ['MAX_ORDERS', 'orders_max', 1, 50, 'orders that may open something'],
  ['MARGIN_SHORT', 'margin_max', 0.2, 0.6, 'of the equity'],
];

const shortfalls = {
  open: { amount: 402.17, share: 0.04, scenarios: 912, coverage: 0.95 },
  worst: { amount: 511.02, share: 0.0508, scenarios: 912, coverage: 0.95 },
};

const attribution = [{ dimension: 'order_flow', share: 0.62 }, { dimension: 'liquidity', share: 0.3 }, { dimension: 'sentiment', share: 0.08 }];

/** `user`: who is logged in (null: nobody); `trading`: off, paper. */
export class MockAccount {
  constructor({ trading = 'off', user = null, role = 'trader', has_second_factor = false, ended = 130, now = () => Date.now() } = {}) {
    Object.assign(this, { trading, user, role, has_second_factor, second_factor_until: null, now });
    this.riskMode = { mode: 'ACTIVE', since: null, who: null, reason: null };
    this.stand = { state: 'on', reason: null };
    this.startedAt = now();
    this.closing = new Set();
    this.positions = this.#positions();
    this.orders = this.#orders();
    this.ended = Array.from({ length: ended }, (_, index) => this.#ended(ended - index));
  }

  #trade(number, base, direction, reference, fields) {
    return {
      number, id: `bybit-linear-${base}USDT`, symbol: `${base}/USDT:USDT`, signal: `00112233445566${String(number).padStart(2, '0')}`, strategy: 'confluence', direction, state: 'open', end: null,
      decided_at: this.startedAt - 1_800_000, entered_at: this.startedAt - 1_799_000, ended_at: null, expires_at: this.startedAt + 14_400_000,
      planned_quantity: 0.05, entered_quantity: 0.05, open_quantity: 0.05, reference_price: reference, average_price: reference, stop_price: reference * 0.99, is_protected: true,
      mark_price: reference, unrealised: 0, realised: 0, fees: 1.35, funding: -0.12, net: -1.47, r_multiple: null, slippage_bps: 1.2, mfe_bps: 0, mae_bps: 0,
      targets: [{ price: reference * 1.015, share: 0.5 }, { price: reference * 1.025, share: 0.3 }, { price: reference * 1.04, share: 0.2 }], attribution,
      ...fields,
    };
  }

  #positions() {
    const open = { leverage: 3, unprotected_since: null };
    return [
      { ...this.#trade(131, 'BTC', 'long', 97_412.3, { stop_price: 96_500, mark_price: 97_900.1, unrealised: 24.39, mfe_bps: 61.2, mae_bps: -12.4, targets: [{ price: 98_800, share: 0.5 }, { price: 99_700, share: 0.3 }, { price: 101_000, share: 0.2 }] }), ...open, entry_price: 97_412.3, open_r_multiple: 0.5, confirmed_stop_price: 96_500, worth: 4_895.01, margin: 1_631.67, liquidation_price: 66_100.5 },
      { ...this.#trade(132, 'ETH', 'short', 3_421.57, { stop_price: 3_470.1, mark_price: 3_440.2, unrealised: -13.42, is_protected: false, open_quantity: 0.72, mfe_bps: 8, mae_bps: -70.1, targets: [{ price: 3_380, share: 0.6 }, { price: 3_340, share: 0.4 }] }), ...open, entry_price: 3_421.57, open_r_multiple: -0.43, confirmed_stop_price: null, unprotected_since: this.startedAt - 2_000, worth: 2_476.94, margin: 825.65, liquidation_price: 3_560.2 },
      { ...this.#trade(133, 'SOL', 'long', 189.42, { state: 'entering', open_quantity: 0, entered_quantity: 0, entered_at: null, average_price: null, stop_price: 186, is_protected: null, mark_price: null, unrealised: null, slippage_bps: null, mfe_bps: null, mae_bps: null, fees: 0, funding: 0, net: 0, targets: [] }), ...open, leverage: null, entry_price: null, open_r_multiple: null, confirmed_stop_price: null, worth: null, margin: null, liquidation_price: null },
    ];
  }

  #ended(number) {
    const [base, reference] = [['BTC', 96_800.5], ['ETH', 3_398.21], ['SOL', 187.6]][number % 3];
    const won = number % 5 < 2;
    const net = won ? 31.2 + number / 10 : -24.4;
    return this.#trade(number, base, number % 2 === 0 ? 'long' : 'short', reference, {
      state: 'closed', end: number % 7 === 0 ? 'unprotected' : won ? 'target' : 'stop', entered_at: this.startedAt - (132 - number) * 5_400_000 - 2_400_000, ended_at: this.startedAt - (132 - number) * 5_400_000,
      open_quantity: 0, average_price: null, is_protected: null, mark_price: null, unrealised: null, realised: net + 2.7, fees: 2.7, funding: 0, net, r_multiple: net / 25, mfe_bps: won ? 150 : 22.1, mae_bps: won ? -21 : -101,
    });
  }

  #order(order, trade, base, purpose, side, kind, fields) {
    return {
      order, trade, id: `bybit-linear-${base}USDT`, symbol: `${base}/USDT:USDT`, purpose, side, kind, time_in_force: 'good_till_cancelled', reduce_only: purpose !== 'entry', state: 'open', created_at: this.startedAt - 1_700_000,
      quantity: 0.05, filled_quantity: 0, price: null, trigger_price: null, revision: 0, reason: null, is_sent: true, is_accepted: true, is_unanswered: false, is_cancelling: false, asked: 0, executions: 0, ...fields,
    };
  }

  get mode() {
    return { trading: this.trading, armed: false, kill_switch: this.trading === 'off' ? null : this.riskMode.mode === 'HALTED' };
  }

  get #head() {
    return { trading: this.trading === 'off' ? { state: 'off', reason: 'start the program with --trade paper' } : this.stand, currency: 'USDT' };
  }

  /** The whole of a topic, or undefined when it is none of the account's. */
  document(topic) {
    const isOn = this.trading !== 'off' && this.stand.state === 'on';
    if (topic === 'positions') return { ...this.#head, positions: isOn ? this.positions : null, external: isOn ? [] : null, expected_shortfall: isOn ? shortfalls : null };
    if (topic === 'orders') return { ...this.#head, orders: isOn ? this.orders : null };
    if (topic === 'portfolio') return { ...this.#head, ...this.#portfolio() };
    if (topic === 'risk') return { ...this.#head, ...this.#risk() };
    return undefined;
  }

  #orders() {
    return [
      this.#order('v12-341', 131, 'BTC', 'stop', 'sell', 'stop_market', { trigger_price: 96_500 }),
      this.#order('v12-342', 131, 'BTC', 'target', 'sell', 'limit', { price: 98_800, quantity: 0.025 }),
      this.#order('v12-343', 131, 'BTC', 'target', 'sell', 'limit', { price: 99_700, quantity: 0.015 }),
      this.#order('v12-344', 132, 'ETH', 'stop', 'buy', 'stop_market', { trigger_price: 3_470.1, state: 'unknown', is_accepted: false, is_unanswered: true, asked: 3, quantity: 0.72, created_at: this.startedAt - 2_000 }),
      this.#order('v12-345', 132, 'ETH', 'target', 'buy', 'limit', { price: 3_380, quantity: 0.43, filled_quantity: 0.1, state: 'partially_filled', executions: 1 }),
      this.#order('v12-346', 133, 'SOL', 'entry', 'buy', 'market', { quantity: 9.1, state: 'sent', created_at: this.startedAt - 300 }),
    ];
  }

  #portfolio() {
    const unrealised = this.positions.reduce((sum, position) => sum + (position.unrealised ?? 0), 0);
    const wallet = 10_043.18;
    const equity = wallet + unrealised;
    const midnight = Math.floor(this.now() / 86_400_000) * 86_400_000;
    return {
      equity, wallet, available: 7_585.86, margin: 2_457.32, unrealised, realised: 61.4, fees: 17.9, funding: -0.32, peak_equity: 10_101.5, drawdown_pct: (1 - equity / 10_101.5) * 100,
      day: { began_at: midnight, first_equity: 10_021.4, result: equity - 10_021.4, result_pct: (equity / 10_021.4 - 1) * 100, worst_loss_pct: 0.11 }, week: null,
    };
  }

  #risk() {
    const at = this.startedAt - 240_000;
    return {
      risk_mode: this.riskMode, is_reconciled: true, equity: 10_054.15, equity_age_ms: 120, size_multiplier: 0.98,
      limits: limits.map(([code, key, value, limit, unit]) => ({ code, key, value, limit, unit, use: value === null ? null : value / limit, amount: value !== null && unit === 'of the equity' ? value * 10_054.15 : null })),
      expected_shortfall: shortfalls, loss_cooldown_left_seconds: null, venue_cooldown_left_seconds: null,
      denials: [
        { at, id: 'bybit-linear-XRPUSDT', symbol: 'XRP/USDT:USDT', signal: '0011223344556699', reasons: [{ code: 'SPREAD_WIDE', text: '17.2 bps, at most 15', remedy: 'wait for a narrower spread (spread_max_bps)' }, { code: 'COST_HIGH', text: '0.31 of the expected gain, at most 0.25', remedy: 'trade smaller or a more liquid market (cost_edge_share_max)' }] },
        { at: at - 3_600_000, id: 'bybit-linear-ADAUSDT', symbol: 'ADA/USDT:USDT', signal: '0011223344556698', reasons: [{ code: 'LATENCY_HIGH', text: 'not known', remedy: 'the way to the venue is slow or was not measured: look at the connection (latency_max_ms)' }] },
      ],
      warnings: [{ at: this.startedAt - 2_000, kind: 'unprotected', trade: 132, text: 'the stop is not confirmed yet' }],
    };
  }

  session() {
    const { user, role, has_second_factor, second_factor_until } = this;
    const known = user === null ? { user, scope: null, role: null, session: null, csrf_token: null } : { user, scope: null, role, session: 's1', csrf_token: 'c5rf' };
    return { ...known, has_second_factor, second_factor_until, sessions: [], needs_setup: false, may_read_market: true };
  }

  /** in: csrf: the header of the request. out: [status, answer], or undefined when it is none of the account's routes */
  answer(method, path, query, body, csrf) {
    if (path === 'api/auth/session') return [200, this.session()];
    if (path === 'api/auth/login') return this.#logIn(body);
    const needs = { 'PUT api/trading/kill-switch': 'kill-switch', 'PUT api/trading/reduce-only': 'reduce-only', 'POST api/auth/totp': 'totp' }[`${method} ${path}`] ?? (/^api\/positions\/\d+\/close$/.test(path) ? 'close' : method === 'DELETE' && /^api\/orders\//.test(path) ? 'cancel' : path === 'api/trades' ? 'trades' : undefined);
    if (needs === undefined) return undefined;
    if (this.user === null) return [401, { title: 'Unauthorized', status: 401, detail: 'log in first' }];
    if (needs === 'trades') return this.#page(query);
    if (csrf !== 'c5rf') return [403, { title: 'Forbidden', status: 403, detail: 'a change needs the header X-CSRF-Token' }];
    if (needs === 'totp') return this.#code(body);
    if (needs === 'kill-switch' && body.on && !body.flatten) return this.#become('HALTED', body);
    if (needs === 'reduce-only' && body.on) return this.#become('REDUCING', body);
    if (this.role === 'viewer') return [403, { title: 'Forbidden', status: 403, detail: 'this needs the role trader' }];
    if (this.has_second_factor && (this.second_factor_until ?? 0) <= this.now()) return [403, { title: 'Forbidden', status: 403, detail: 'this needs a code of your authenticator first' }];
    if (needs === 'kill-switch' && body.on) return this.#become('HALTED', body);
    if (needs === 'cancel') return this.#cancel(path.split('/')[2]);
    return needs === 'close' ? this.#close(Number(path.split('/')[2])) : this.#become('ACTIVE', body);
  }

  #logIn({ user, password: word }) {
    if (word !== password) return [401, { title: 'Unauthorized', status: 401, detail: 'the name or the password is wrong' }];
    this.user = user;
    return [200, this.session()];
  }

  #code({ code }) {
    if (code !== '123456') return [403, { title: 'Forbidden', status: 403, detail: 'the code is wrong or was used' }];
    this.second_factor_until = this.now() + 300_000;
    return [200, { done: true }];
  }

  #become(mode, { reason = null }) {
    this.riskMode = { mode, since: this.now(), who: this.user, reason };
    return [200, { mode, is_stored: true, text: null }];
  }

  #close(number) {
    const position = this.positions.find((one) => one.number === number);
    if (!position) return [404, { title: 'Not found', status: 404, detail: `no trade ${number} is open` }];
    this.positions = this.positions.filter((one) => one !== position);
    this.ended.unshift({ ...position, state: 'closed', end: 'requested', ended_at: this.now(), open_quantity: 0, average_price: null, r_multiple: 0.44, net: 22.1 });
    return [200, { mode: this.riskMode.mode, is_stored: true, text: null }];
  }

  #cancel(id) {
    const order = this.orders.find((one) => one.order === id);
    if (!order) return [404, { title: 'Not found', status: 404, detail: `order ${id} is not open` }];
    if (order.purpose === 'stop') return [409, { title: 'Conflict', status: 409, detail: `order ${id} is the stop that protects position ${order.trade}` }];
    this.orders = this.orders.map((one) => (one === order ? { ...one, state: 'cancelled', reason: 'requested' } : one));
    return [200, { mode: this.riskMode.mode, is_stored: true, text: null }];
  }

  #page(query) {
    const limit = Number(query.get('limit') ?? 100);
    const from = Number(query.get('cursor') ?? 0);
    const trades = this.ended.slice(from, from + limit).map((trade) => ({ state: 'closed', changed_at: trade.ended_at, trade }));
    return [200, { market: 'demo', trades, cursor: from + limit < this.ended.length ? String(from + limit) : null }];
  }
}
