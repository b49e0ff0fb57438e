// A seeded market for the page's tests and for development: plausible, deterministic, and honest about what it is
// (the page shows DEMO). Every value keeps the sequence number at which it last changed, so a delta from any older
// number can be made.

import { minuteDocument } from './mock_minute.mjs';

export const dimensionNames = ['order_flow', 'sentiment', 'liquidity', 'bitcoin_beta', 'smart_money', 'machine_learning'];
const installedNames = ['order_flow', 'liquidity'];
const timeframeMs = { '1m': 60_000, '5m': 300_000, '30m': 1_800_000, '4h': 14_400_000 };

export function randomSource(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  return { next, normal };
}

const instruments = [
  ['BTC', 97412.3, 0.1], ['ETH', 3421.57, 0.01], ['SOL', 189.42, 0.01], ['XRP', 1.4382, 0.0001], ['DOGE', 0.31245, 0.00001],
  ['BNB', 652.4, 0.1], ['ADA', 0.7421, 0.0001], ['AVAX', 41.283, 0.001], ['LINK', 18.421, 0.001], ['SUI', 3.2871, 0.0001],
  ['TON', 5.6123, 0.0001], ['DOT', 8.412, 0.001], ['LTC', 92.41, 0.01], ['BCH', 487.2, 0.1], ['NEAR', 6.213, 0.001],
  ['APT', 11.842, 0.001], ['ARB', 0.8123, 0.0001], ['OP', 2.1432, 0.0001], ['INJ', 27.31, 0.01], ['ATOM', 7.812, 0.001],
  ['FIL', 5.213, 0.001], ['ETC', 28.91, 0.01], ['UNI', 9.234, 0.001], ['AAVE', 187.3, 0.1], ['TIA', 5.8123, 0.0001],
  ['SEI', 0.51234, 0.00001], ['1000PEPE', 0.0213456, 0.0000001], ['1000BONK', 0.0412341, 0.000001], ['WIF', 3.1234, 0.0001],
  ['TRX', 0.20123, 0.00001], ['HBAR', 0.13214, 0.00001], ['ICP', 11.231, 0.001], ['STX', 2.1234, 0.0001], ['RENDER', 7.812, 0.001],
  ['FET', 1.4123, 0.0001], ['SHIB1000', 0.0251234, 0.000001],
];

const componentTable = {
  order_flow: [
    ['trade_imbalance', 0.3, '1', { '1m': 0.4, '5m': 0.3, '30m': 0.2, '4h': 0.1 }],
    ['count_imbalance', 0.1, '1', { '1m': 0.5, '5m': 0.5 }],
    ['ofi_best', 0.2, '1', { '1m': 0.5, '5m': 0.35, '30m': 0.15 }],
    ['ofi_multi', 0.2, '1', { '1m': 0.5, '5m': 0.35, '30m': 0.15 }],
    ['absorption', 0.1, '1', { '1m': 1 }],
    ['cvd_divergence', 0.05, '1', { '60m': 0.5, '240m': 0.5 }],
    ['footprint_stack', 0.05, '1', { '1m': 1 }],
    ['vpin', 0, '1', { '1m': 1 }],
  ],
  liquidity: [
    ['book_imbalance', 0.4, '1', { '1m': 0.6, '5m': 0.4 }],
    ['queue_imbalance', 0.25, '1', { '1m': 1 }],
    ['impact_asymmetry', 0.15, 'ln', { '1m': 0.6, '5m': 0.4 }],
    ['sr_zones', 0.2, '1', { '5m': 1 }],
    ['profile_location', 0, '1', { '5m': 1 }],
  ],
};

const roundTo = (value, step) => {
  const decimals = Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
  return Number((Math.round(value / step) * step).toFixed(decimals));
};
const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

/** The market and all topics' data. `now` is injected; `warming` ids have no score yet; `more` bases are listed, too. */
export class MockMarket {
  constructor({ seed = 7, now = () => Date.now(), warming = [], warmingSeconds = 2520, symbolCount = instruments.length, more = [], account = null } = {}) {
    this.random = randomSource(seed);
    this.now = now;
    this.account = account;
    this.startedAt = now();
    this.warmingSeconds = warmingSeconds;
    this.stalled = new Set();
    this.symbols = new Map();
    this.seq = 0;
    this.systemChangedAt = 0;
    this.removed = new Map();
    this.gaps = 0;
    const invented = Array.from({ length: Math.max(0, symbolCount - instruments.length) }, (_, index) => [`TEST${index + 1}`, 1.2345 + index, 0.0001]);
    for (const [base, price, tick] of [...instruments, ...invented].slice(0, symbolCount).concat(more.map((name) => [name, 1.2345, 0.0001]))) this.#add(base, price, tick, warming);
    this.step();
  }

  #add(base, price, tick, warming) {
    const id = `bybit-linear-${base}USDT`;
    const { random } = this;
    const isBtc = base === 'BTC';
    const turnover = isBtc ? 4.1e9 : 4.1e9 * Math.exp(-1.2 - 4.5 * random.next());
    const symbol = {
      id, base, tick, price, anchor: price, open24h: price * (1 + 0.04 * random.normal()), turnover,
      warm: !(warming === 'all' || warming.includes(id)), beta: isBtc ? 1 : 0.6 + random.next(),
      signals: {}, changedAt: {}, row: {}, updatedAt: this.now(), trades: [], candles: {}, candleChangedAt: {}, book: null, detail: null,
    };
    for (const name of installedNames) {
      for (const [component, , , frames] of componentTable[name]) {
        for (const frame of Object.keys(frames)) symbol.signals[`${component}.${frame}`] = random.normal();
      }
    }
    for (const [frame, length] of Object.entries(timeframeMs)) this.#history(symbol, frame, length);
    this.symbols.set(id, symbol);
  }

  #history(symbol, frame, length) {
    const count = 300;
    const end = Math.floor(this.now() / length) * length;
    const sigma = 0.0007 * Math.sqrt(length / 60_000);
    const candles = [];
    let close = symbol.price;
    for (let index = 0; index < count; index += 1) {
      const open = close * Math.exp(-sigma * this.random.normal());
      const high = Math.max(open, close) * Math.exp(sigma * 0.5 * this.random.next());
      const low = Math.min(open, close) * Math.exp(-sigma * 0.5 * this.random.next());
      const volume = (symbol.turnover / 86_400_000) * length / symbol.price * (0.4 + this.random.next() * 1.4);
      candles.unshift([end - index * length, roundTo(open, symbol.tick), roundTo(high, symbol.tick), roundTo(low, symbol.tick), roundTo(close, symbol.tick), Number(volume.toPrecision(5)), index > 0]);
      close = open;
    }
    symbol.candles[frame] = candles;
    symbol.candleChangedAt[frame] = new Map();
  }

  #set(symbol, field, value) {
    if (JSON.stringify(symbol.row[field]) === JSON.stringify(value)) return;
    symbol.row[field] = value;
    symbol.changedAt[field] = this.seq;
  }

  /** Advances everything by one flush. */
  step() {
    this.seq += 1;
    const factor = this.random.normal() * 0.00012;
    for (const symbol of this.symbols.values()) {
      if (!this.stalled.has(symbol.id)) this.#move(symbol, factor);
      this.#publish(symbol);
    }
    this.systemChangedAt = this.seq;
  }

  #move(symbol, factor) {
    const { random } = this;
    const now = this.now();
    symbol.updatedAt = now;
    if (random.next() < 0.6) {
      const raw = symbol.price * Math.exp(symbol.beta * factor + 0.00015 * random.normal());
      symbol.price = roundTo(raw, symbol.tick);
      this.#trade(symbol, now);
    }
    for (const key of Object.keys(symbol.signals)) symbol.signals[key] = clamp(symbol.signals[key] * 0.985 + 0.15 * random.normal(), -4, 4);
    this.#book(symbol, now);
  }

  #trade(symbol, now) {
    const side = this.random.next() < 0.5 ? 'buy' : 'sell';
    const size = Number(((2000 * Math.exp(1.6 * this.random.normal())) / symbol.price).toPrecision(4));
    symbol.trades.push({ seq: this.seq, trade: [now, symbol.price, size, side] });
    if (symbol.trades.length > 100) symbol.trades.shift();
    for (const [frame, length] of Object.entries(timeframeMs)) {
      const candles = symbol.candles[frame];
      const last = candles[candles.length - 1];
      const open = Math.floor(now / length) * length;
      if (last[0] < open) {
        last[6] = true;
        symbol.candleChangedAt[frame].set(last[0], this.seq);
        candles.push([open, last[4], Math.max(last[4], symbol.price), Math.min(last[4], symbol.price), symbol.price, size, false]);
        if (candles.length > 300) candles.shift();
      } else {
        last[2] = Math.max(last[2], symbol.price);
        last[3] = Math.min(last[3], symbol.price);
        last[4] = symbol.price;
        last[5] = Number((last[5] + size).toPrecision(8));
      }
      symbol.candleChangedAt[frame].set(candles[candles.length - 1][0], this.seq);
    }
  }

  #book(symbol, now) {
    const side = (sign) =>
      Array.from({ length: 25 }, (_, level) => [
        roundTo(symbol.price + sign * symbol.tick * (level + (sign > 0 ? 1 : 0)), symbol.tick),
        Number(((4000 * (1 + level * 0.25) * Math.exp(0.7 * this.random.normal())) / symbol.price).toPrecision(4)),
      ]);
    const bids = side(-1);
    const asks = side(1);
    const mid = (bids[0][0] + asks[0][0]) / 2;
    symbol.book = { at: now, bids, asks, mid, spread_bps: (1e4 * (asks[0][0] - bids[0][0])) / mid };
  }

  #publish(symbol) {
    const now = this.now();
    const detail = this.#explain(symbol);
    symbol.detail = detail;
    const byName = new Map(detail.contributions.map((entry) => [entry.name, entry]));
    const fields = {
      symbol: `${symbol.base}/USDT:USDT`, exchange: 'bybit', tick_size: symbol.tick, price: symbol.price,
      change_24h_pct: Number(((symbol.price / symbol.open24h - 1) * 100).toFixed(4)),
      high_24h: roundTo(Math.max(symbol.open24h, symbol.price) * 1.012, symbol.tick),
      low_24h: roundTo(Math.min(symbol.open24h, symbol.price) * 0.988, symbol.tick),
      volume_24h: Number((symbol.turnover / symbol.price).toPrecision(8)), turnover_24h_usd: Math.round(symbol.turnover),
      funding_rate: Number((0.0001 + 0.00005 * (symbol.beta - 1.1)).toFixed(6)), funding_interval_hours: 8,
      next_funding_at: Math.ceil(this.startedAt / 28_800_000) * 28_800_000,
      open_interest_usd: Math.round(symbol.turnover * 0.7), open_interest_change_1h_pct: null,
      spread_bps: symbol.book.spread_bps, score: detail.score, score_change: null, coverage: detail.coverage,
      confidence: detail.confidence, direction: detail.direction,
      dimensions: Object.fromEntries(dimensionNames.map((name) => [name, byName.get(name).score])),
      absent_dimensions: dimensionNames.filter((name) => !installedNames.includes(name)), not_applicable: [], beta: null, correlation: null,
      gate: this.#gate(detail), calibration: null, reasons: [], score_history: [], age_ms: Math.floor((now - symbol.updatedAt) / 1000) * 1000, flags: [], warming: detail.warming,
    };
    for (const [field, value] of Object.entries(fields)) this.#set(symbol, field, value);
  }

  #gate(detail) {
    if (detail.score === null) return { name: 'coverage', value: Number(detail.coverage.toPrecision(3)), threshold: 0.8, unit: 'of the evidence', pass: false, text: `${Number((100 * detail.coverage).toPrecision(3))} % of the evidence is alive, 80 % are needed`, remedy: 'wait, or see under Missing what is not there' };
    const distance = Number(Math.abs(detail.score - 50).toPrecision(3));
    return distance >= 20 ? null : { name: 'score', value: distance, threshold: 20, unit: 'points from 50', pass: false, text: `the score is ${distance} points from 50, 20 are needed`, remedy: 'no strong opinion: nothing to do but wait' };
  }

  #explain(symbol) {
    const now = this.now();
    const ageMs = now - symbol.updatedAt;
    const contributions = [];
    let coverage = 0;
    for (const name of dimensionNames) {
      if (!installedNames.includes(name)) {
        contributions.push({ name, kind: 'dimension', installed: false, score: null, weight: 0, coverage: 0, contribution: 0, components: [] });
        continue;
      }
      const entry = this.#dimension(symbol, name, ageMs);
      coverage += 0.5 * entry.coverage;
      contributions.push(entry);
    }
    const sum = contributions.reduce((total, entry) => total + entry.contribution, 0);
    const multipliers = [['adj_regime', 0], ['adj_data', 0], ['adj_liquidity', symbol.beta > 1.3 ? -0.12 : 0], ['adj_toxicity', 0]];
    for (const [name, share] of multipliers) contributions.push({ name, kind: 'adjustment', contribution: share * sum });
    const total = contributions.reduce((value, entry) => value + entry.contribution, 50);
    const score = coverage >= 0.5 ? total : null;
    const ready = Math.max(0, this.warmingSeconds - Math.floor((now - this.startedAt) / 1000));
    const direction = score === null ? null : score >= 60 ? 'long' : score <= 40 ? 'short' : 'neutral';
    return {
      id: symbol.id, symbol: `${symbol.base}/USDT:USDT`, timestamp: now, score, coverage, confidence: score === null ? null : clamp(Math.abs(sum) / 40, 0, 1),
      direction, warming: score === null && !symbol.warm ? { ready_in_seconds: ready, text: 'warming' } : null, contributions, changed: [],
      explanation: {
        headline: score === null ? 'no score: 31 % of the evidence is alive, 50 % is needed' : `${score}, neutral`,
        up: score === null ? [] : ['order flow: trade imbalance +3.2, score 71.4 from 1m 0.08'],
        down: [],
        missing: ['sentiment is not installed'],
        changed: [],
        flips: [],
      },
      flips: score === null ? [] : [{ target: 60, leaf: 'trade_imbalance.1m', from_score: 55.2, to_score: 81.4, from_value: 0.08, to_value: 0.31, unit: '1' }],
      versions: { weights: 'equal-1', config: 'mock', model: null, binary: 'mock' },
    };
  }

  #dimension(symbol, name, ageMs) {
    const components = componentTable[name].map(([component, weight, unit, frames]) => this.#component(symbol, component, weight, unit, frames, ageMs));
    const coverage = components.reduce((sum, entry) => sum + entry.weight * entry.coverage, 0);
    const contribution = components.reduce((sum, entry) => sum + entry.contribution, 0);
    const isKnown = coverage >= 0.2;
    return { name, kind: 'dimension', installed: true, score: isKnown ? 50 + contribution / (0.5 * coverage) : null, weight: 0.5, coverage, contribution: isKnown ? contribution : 0, components };
  }

  #component(symbol, component, weight, unit, frames, ageMs) {
    const leaves = Object.entries(frames).map(([frame, share]) => {
      const z = symbol.signals[`${component}.${frame}`];
      const isSlow = ['30m', '4h', '240m'].includes(frame);
      const coverage = symbol.warm ? (isSlow ? 0.75 : 1) * Math.exp(-Math.max(0, ageMs - 2000) / 5000) : frame === '1m' && component === 'queue_imbalance' ? 0.5 : 0;
      const score = coverage > 0 ? 50 + 50 * Math.tanh(z / 2) : null;
      const contribution = score === null ? 0 : 0.5 * weight * share * coverage * (score - 50);
      return {
        frame, weight: share, score, coverage, contribution, value: score === null ? null : z / 4, n: symbol.warm ? 1440 : 12, age_ms: ageMs,
        flags: component === 'absorption' ? ['no_event'] : [], ready_in_seconds: score === null ? this.warmingSeconds : null,
      };
    });
    const coverage = leaves.reduce((sum, leaf) => sum + leaf.weight * leaf.coverage, 0);
    const contribution = leaves.reduce((sum, leaf) => sum + leaf.contribution, 0);
    const score = coverage > 0 ? 50 + leaves.reduce((sum, leaf) => sum + leaf.weight * leaf.coverage * ((leaf.score ?? 50) - 50), 0) / coverage : null;
    return {
      name: component, score, weight, contribution, value: leaves[0].value, unit, n: leaves[0].n, coverage, age_ms: ageMs,
      flags: weight === 0 ? ['shadow'] : leaves[0].flags, source_seq: this.seq, leaves,
    };
  }

  stall(id, stalled = true) {
    if (stalled) this.stalled.add(id);
    else this.stalled.delete(id);
  }

  remove(id) {
    this.symbols.delete(id);
    this.removed.set(id, this.seq + 1);
  }

  /** Sets one field of one row at once, as a feed would. */
  force(id, fields) {
    this.seq += 1;
    const symbol = this.symbols.get(id);
    if (fields.price !== undefined) symbol.price = fields.price;
    for (const [field, value] of Object.entries(fields)) this.#set(symbol, field, value);
  }

  mode() {
    return { market: 'demo', trading: 'off', armed: false, kill_switch: null, ...this.account?.mode };
  }

  system() {
    const now = this.now();
    const feeds = [{ exchange: 'bybit', connection: 'public', stream: 'ticker', symbol: 'BTC/USDT:USDT', age_ms: 40, gaps: this.gaps, resyncs: 0, state: 'live' }];
    for (const id of this.stalled) {
      const symbol = this.symbols.get(id);
      const age_ms = now - symbol.updatedAt;
      const state = age_ms > 5000 ? 'stale' : 'live';
      feeds.push({ exchange: 'bybit', connection: 'public', stream: 'book', symbol: `${symbol.base}/USDT:USDT`, age_ms, gaps: 0, resyncs: 1, state });
    }
    const isDegraded = feeds.some((feed) => feed.state !== 'live');
    return {
      status: isDegraded ? 'degraded' : 'ok', demo: true, uptime_seconds: Math.floor((now - this.startedAt) / 1000), feeds, tiers: [],
      reasons: isDegraded ? [`no depth arrives for ${this.stalled.size} symbol${this.stalled.size === 1 ? '' : 's'}`] : [],
    };
  }

  market() {
    const rows = [...this.symbols.values()].map((symbol) => symbol.row);
    const changes = rows.map((row) => row.change_24h_pct);
    const btc = this.symbols.get('bybit-linear-BTCUSDT').row;
    return {
      market_regime: null, regime_confidence: null, trend_strength: null, volatility_pct: null, btc_price: btc.price, btc_change_24h_pct: btc.change_24h_pct,
      btc_dominance_tracked_pct: null, total_volume_24h_usd: rows.reduce((sum, row) => sum + row.turnover_24h_usd, 0),
      total_open_interest_usd: rows.reduce((sum, row) => sum + row.open_interest_usd, 0), average_funding_rate: rows.reduce((sum, row) => sum + row.funding_rate, 0) / rows.length,
      gainers_count: changes.filter((change) => change > 0).length, losers_count: changes.filter((change) => change < 0).length,
      average_change_24h_pct: changes.reduce((sum, change) => sum + change, 0) / changes.length, fear_greed: null,
      coins_count: rows.length, markets: [{ exchange: 'bybit', category: 'linear', instruments_count: rows.length, volume_24h_usd: null, open_interest_usd: null }],
    };
  }

  /** One that is open and one that was stopped. */
  signals() {
    const at = this.now();
    const signal = { instrument: 'bybit-linear-BTCUSDT', symbol: 'BTC/USDT:USDT', strategy: 'confluence', direction: 'long', score: 63.4, reasons: ['trade imbalance +3.2', 'queue imbalance +1.1'], is_uncalibrated: true, probability: null };
    return [
      { ...signal, id: '00112233445566aa', state: 'open', confirmed_at: at - 600_000, entry: 60_010.3, stop: 59_700, targets: [60_475.8, 60_786.1, 61_251.5], expiry_at: at + 28_200_000, size: 0.88, outcome: null },
      { ...signal, id: '00112233445566bb', instrument: 'bybit-linear-ETHUSDT', symbol: 'ETH/USDT:USDT', direction: 'short', state: 'closed', confirmed_at: at - 7_200_000, entry: 3_010.25, stop: 3_025.1, targets: [2_988, 2_973.1, 2_950.9], expiry_at: at + 21_600_000, size: 0.9, is_uncalibrated: false, probability: 0.31, outcome: { first_barrier: 'stop', ended_at: at - 3_600_000, net_bps: -61.2, net_r: -1.24 } },
    ];
  }

  /** The whole of a topic, or null when there is no such topic. */
  snapshot(topic) {
    if (topic === 'overview') {
      const symbols = [...this.symbols.values()].map((symbol) => ({ id: symbol.id, ...symbol.row }));
      return { timestamp: this.now(), mode: this.mode(), market_overview: this.market(), symbols, top_movers: { gainers: [], losers: [] }, signals: this.signals(), alerts: [], system_status: this.system() };
    }
    if (topic === 'system') return this.system();
    const ofAccount = this.account?.document(topic);
    if (ofAccount) return ofAccount;
    const [kind, id, timeframe] = topic.split('.');
    const symbol = this.symbols.get(id);
    if (!symbol) return null;
    const head = { id, symbol: `${symbol.base}/USDT:USDT`, timestamp: this.now() };
    if (kind === 'score') return symbol.detail;
    if (kind === 'trades') return { trades: symbol.trades.map((entry) => entry.trade) };
    if (kind === 'candles' && symbol.candles[timeframe]) return { ...head, timeframe, candles: symbol.candles[timeframe].map((candle) => [...candle]) };
    if (kind === 'book') {
      const { at, bids, asks, mid, spread_bps } = symbol.book;
      const age_ms = this.now() - at;
      return { ...head, age_ms, tick_size: symbol.tick, state: age_ms > 5000 ? 'stale' : 'live', generation: 1, bids, asks, spread_bps, mid };
    }
    if (kind === 'markets') {
      const { at, mid } = symbol.book;
      const age_ms = this.now() - at;
      const isLive = age_ms <= 5000;
      const market = { symbol: head.symbol, units: 1, mid: isLive ? mid : null, age_ms, state: isLive ? 'live' : 'stale', spot_basis_bps: null, other_venue_bps: null };
      return {
        ...head, coin: symbol.base, quote: 'USDT', mid: isLive ? mid * 1.0001 : null, venues: isLive ? 2 : 1, venues_followed: 2, coverage: isLive ? 1 : 0.5,
        dispersion_bps: 1, is_crossed: false,
        markets: [
          { ...market, id, exchange: 'bybit', kind: 'perpetual', spot_basis_bps: isLive ? 3.2 : null, other_venue_bps: isLive ? -2 : null },
          { ...market, id: `binance-linear-${symbol.base}USDT`, exchange: 'binance', kind: 'perpetual', mid: mid * 1.0002, age_ms: 20, state: 'live', spot_basis_bps: 5.2, other_venue_bps: isLive ? 2 : null },
          { ...market, id: `binance-spot-${symbol.base}USDT`, symbol: `${symbol.base}/USDT`, exchange: 'binance', kind: 'spot', mid: mid * 0.9997, age_ms: 120, state: 'live' },
        ],
        leads: [{ first: id, second: `binance-linear-${symbol.base}USDT`, timestamp: this.startedAt, coverage: 0.8, leader: id, lag_ms: 0, correlation: 0.9, ratio: 4 }],
      };
    }
    return minuteDocument(kind, symbol, this.now(), timeframe);
  }

  /** What changed in a topic after a sequence number. */
  delta(topic, since) {
    if (topic === 'overview') {
      const symbols = [];
      for (const symbol of this.symbols.values()) {
        const changed = Object.keys(symbol.row).filter((field) => symbol.changedAt[field] > since);
        if (changed.length > 0) symbols.push({ id: symbol.id, ...Object.fromEntries(changed.map((field) => [field, symbol.row[field]])) });
      }
      const removed = [...this.removed].filter(([, at]) => at > since).map(([id]) => id);
      return { market_overview: this.market(), system_status: this.system(), mode: this.mode(), symbols, removed };
    }
    const [kind, id, timeframe] = topic.split('.');
    const symbol = this.symbols.get(id);
    if (kind === 'trades') return { trades: symbol.trades.filter((entry) => entry.seq > since).map((entry) => entry.trade) };
    if (kind === 'candles') {
      const changedAt = symbol.candleChangedAt[timeframe];
      return { candles: symbol.candles[timeframe].filter((candle) => (changedAt.get(candle[0]) ?? 0) > since).map((candle) => [...candle]) };
    }
    return this.snapshot(topic);
  }
}
