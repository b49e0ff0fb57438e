// What must be true of ccxt's unified structures. Each check throws, or returns a few words about what it saw.
import assert from 'node:assert/strict';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

const iso = (ms) => new Date(ms).toISOString();
const is_step = (value, step) => Math.abs(value / step - Math.round(value / step)) < 1e-6;
const close = (a, b, part) => Math.abs(a - b) <= part * Math.max(Math.abs(a), Math.abs(b)) + 1e-12;

export function positive(value, what) {
  assert.ok(Number.isFinite(value) && value > 0, `${what} is ${value}`);
}

/** At most a minute old, at most a second ahead of `now`. */
export function recent(time, now, what) {
  assert.ok(Number.isInteger(time), `${what} is ${time}, not milliseconds`);
  assert.ok(time < now + 1000 && time > now - MINUTE, `${what} ${iso(time)} is not the present, ${iso(now)}`);
}

export function ascending(values, what) {
  values.forEach((value, i) => assert.ok(i === 0 || value >= values[i - 1], `${what}: ${value} after ${values[i - 1]}`));
}

export function market(one) {
  assert.ok(one, 'no such market');
  assert.equal(one.active, true);
  for (const key of ['price', 'amount']) positive(one.precision[key], `precision.${key}`);
  positive(one.limits.amount.min, 'limits.amount.min');
  positive(one.limits.amount.max, 'limits.amount.max');
  if (one.swap) {
    assert.equal(one.contract, true);
    assert.equal(one.settle, one.linear ? one.quote : one.base);
    positive(one.contractSize, 'contractSize');
  }
  return `tick ${one.precision.price}, step ${one.precision.amount}`;
}

// An inverse contract has no vwap here: ccxt divides turnover (coins) by volume (dollars).
export function ticker(one, now) {
  positive(one.last, 'last');
  for (const key of ['high', 'low', 'open', 'bid', 'ask', 'markPrice', 'indexPrice', 'baseVolume', 'quoteVolume']) {
    if (one[key] !== undefined) positive(one[key], key);
  }
  if (one.high !== undefined) assert.ok(one.low <= one.last && one.last <= one.high, `${one.last} not in ${one.low}..${one.high}`);
  if (one.bid !== undefined && one.ask !== undefined) assert.ok(one.bid < one.ask, `bid ${one.bid}, ask ${one.ask}`);
  if (one.open !== undefined && one.percentage !== undefined) {
    assert.ok(Math.abs((one.last / one.open - 1) * 100 - one.percentage) < 0.1, `${one.percentage} % from ${one.open} to ${one.last}`);
  }
  if (one.vwap !== undefined && one.high !== undefined && !one.symbol.endsWith(`:${one.symbol.split('/')[0]}`)) {
    assert.ok(one.vwap > one.low * 0.999 && one.vwap < one.high * 1.001, `vwap ${one.vwap} not in ${one.low}..${one.high}`);
  }
  if (one.markPrice !== undefined) assert.ok(close(one.markPrice, one.last, 0.05), `mark ${one.markPrice}, last ${one.last}`);
  if (one.timestamp !== undefined) recent(one.timestamp, now, 'timestamp');
  return `last ${one.last}`;
}

export function book(one, listed, now, limit) {
  for (const [levels, direction] of [[one.bids, -1], [one.asks, 1]]) {
    assert.ok(levels.length > 0 && levels.length <= limit, `${levels.length} levels`);
    levels.forEach(([price, size], i) => {
      positive(size, `size at ${price}`);
      assert.ok(is_step(price, listed.precision.price), `${price} is no step of ${listed.precision.price}`);
      assert.ok(i === 0 || (price - levels[i - 1][0]) * direction > 0, `${price} after ${levels[i - 1]?.[0]}`);
    });
  }
  assert.ok(one.bids[0][0] < one.asks[0][0], `crossed: ${one.bids[0][0]}, ${one.asks[0][0]}`);
  if (one.timestamp !== undefined) recent(one.timestamp, now, 'timestamp');
  return `${one.bids.length}/${one.asks.length} levels, ${one.bids[0][0]} ${one.asks[0][0]}`;
}

export function trades(list, listed, now) {
  assert.ok(list.length > 0, 'no trades');
  for (const one of list) {
    assert.equal(one.symbol, listed.symbol);
    assert.match(one.side, /^(buy|sell)$/);
    positive(one.price, 'price');
    positive(one.amount, 'amount');
    assert.ok(is_step(one.price, listed.precision.price), `${one.price} is no step of ${listed.precision.price}`);
    assert.ok(is_step(one.amount, listed.precision.amount), `${one.amount} is no step of ${listed.precision.amount}`);
    const cost = listed.inverse ? (one.amount * listed.contractSize) / one.price : one.amount * one.price;
    assert.ok(close(one.cost, cost, 1e-6), `cost ${one.cost}, not ${cost}`);
  }
  ascending(list.map((one) => one.timestamp), 'times');
  assert.equal(new Set(list.map((one) => one.id)).size, list.length, 'an id comes twice');
  recent(list.at(-1).timestamp, now, 'last trade');
  return `${list.length} trades`;
}

export function candles(list, step, now) {
  assert.ok(list.length > 0, 'no candles');
  list.forEach(([start, open, high, low, last, volume], i) => {
    assert.equal(start % step, 0, `${iso(start)} is no start`);
    assert.ok(i === 0 || start - list[i - 1][0] === step, `${iso(start)} is not the next`);
    assert.ok(low > 0 && low <= Math.min(open, last) && high >= Math.max(open, last), `${iso(start)}: ${open} ${high} ${low} ${last}`);
    assert.ok(volume >= 0, `volume ${volume}`);
  });
  assert.ok(list.at(-1)[0] <= now + 1000, 'a candle of the future');
  return `${list.length} candles to ${iso(list.at(-1)[0]).slice(0, 16)}`;
}

/** in: every: the entries' distance in ms, to within `slack` */
export function history(list, symbol, now, { every, slack = 0, value }) {
  assert.ok(list.length > 1, `${list.length} entries`);
  list.forEach((one, i) => {
    assert.equal(one.symbol, symbol);
    value(one);
    if (i > 0) assert.ok(Math.abs(one.timestamp - list[i - 1].timestamp - every) <= slack, `${iso(one.timestamp)} after ${iso(list[i - 1].timestamp)}`);
  });
  assert.ok(list.at(-1).timestamp <= now + 1000, 'an entry of the future');
  return `${list.length} entries to ${iso(list.at(-1).timestamp).slice(0, 16)}`;
}

export function funding(one, now) {
  assert.ok(Math.abs(one.fundingRate) < 0.05, `fundingRate ${one.fundingRate}`);
  assert.ok(one.fundingTimestamp > now - MINUTE && one.fundingTimestamp < now + 24 * HOUR, `next at ${one.fundingTimestamp}`);
  positive(one.markPrice, 'markPrice');
  positive(one.indexPrice, 'indexPrice');
  return `${one.fundingRate} at ${iso(one.fundingTimestamp).slice(0, 16)}`;
}

export function liquidation(one, symbol, now) {
  assert.equal(one.symbol, symbol);
  positive(one.price, 'price');
  positive(one.contracts, 'contracts');
  recent(one.timestamp, now, 'timestamp');
  return `${one.side} ${one.contracts} at ${one.price}`;
}

/** Frames of books follow each other by the venue's own rule; ccxt does not look at Bybit's. */
export function book_sequence() {
  const last = new Map();
  const gaps = [];
  let count = 0;
  return {
    gaps,
    count: () => count,
    visit: (url, message) => {
      const frame = message.data ?? message;
      const is_bybit = message.topic?.startsWith('orderbook.');
      if (!is_bybit && frame.e !== 'depthUpdate') return;
      const key = `${url} ${message.topic ?? frame.s}`;
      const before = last.get(key);
      const follows = is_bybit ? message.type === 'snapshot' || frame.u === before + 1
        : frame.pu === undefined ? frame.U === before + 1 : frame.pu === before;
      if (before !== undefined && !follows) gaps.push(`${frame.U ?? frame.u} after ${before}`);
      last.set(key, frame.u);
      count++;
    },
  };
}
