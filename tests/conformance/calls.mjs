// The calls, in order: [name, ccxt's name for it in `has`, which market kinds have it, what to do]. Later ones may use what
// loadMarkets found. A call that ccxt does not offer for a venue is skipped.
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import * as check from './checks.mjs';
import { tap } from './client.mjs';

const WAIT_MS = 12_000;
const PAGE = 100;
const IN_PAGES = 250;

/** Takes `count` updates of a stream. */
async function updates(count, watch, visit) {
  for (let i = 0; i < count; ++i) {
    const end = new AbortController();
    const late = sleep(WAIT_MS, undefined, { signal: end.signal }).then(() => assert.fail(`update ${i + 1} did not come within ${WAIT_MS / 1000} s`));
    try { visit(await Promise.race([watch(), late])); } finally { end.abort(); late.catch(() => {}); }
  }
  return `${count} updates`;
}

/** What a venue says of the key, by the request that ccxt signs for it. */
const key_requests = {
  bybit: async (client) => (await client.privateGetV5UserQueryApi()).result.readOnly,
  binance: async (client) => (await client.sapiGetAccountApiRestrictions()).enableReading,
  binanceusdm: async (client) => (await client.fapiPrivateV2GetAccount()).canTrade,
};

/** in: with_key: a second client of the venue, with a key and a secret */
export function calls({ client, with_key, venue, symbol }) {
  const is_bybit = venue === 'bybit';
  const raw = () => client.last_json_response;
  const listed = () => client.market(symbol);
  const now = () => Date.now();
  const sequence = check.book_sequence();
  tap(client, sequence.visit);
  const all = ['spot', 'linear', 'inverse'];
  const contracts = ['linear', 'inverse'];
  let fetched;

  const by_hand = async (since, until) => {
    const list = [];
    for (let next = since; next < until; next = list.at(-1)[0] + check.MINUTE) {
      const page = (await client.fetchOHLCV(symbol, '1m', next, PAGE)).filter(([start]) => start < until);
      assert.equal(page[0]?.[0], next, 'a page that starts elsewhere');
      list.push(...page);
    }
    return list;
  };

  return [
    ['fetchTime', 'fetchTime', all, async () => {
      const [first, second] = [await client.fetchTime(), await client.fetchTime()];
      check.recent(first, now(), 'time');
      assert.ok(second >= first, 'time goes back');
    }],
    ['fetchStatus', 'fetchStatus', all, async () => assert.equal((await client.fetchStatus()).status, 'ok')],
    ['loadMarkets', 'fetchMarkets', all, async () => {
      await client.loadMarkets();
      return `${Object.keys(client.markets).length} markets; ${check.market(client.markets[symbol])}`;
    }],
    ['fetchTicker', 'fetchTicker', all, async () => check.ticker(await client.fetchTicker(symbol), now())],
    ['fetchTickers', 'fetchTickers', all, async () => {
      const tickers = await client.fetchTickers();
      assert.ok(tickers[symbol], `not among ${Object.keys(tickers).length}`);
      for (const one of Object.values(tickers)) check.ticker(one, now());
      return `${Object.keys(tickers).length} tickers`;
    }],
    ['fetchTickers of some', 'fetchTickers', all, async () => {
      assert.deepEqual(Object.keys(await client.fetchTickers([symbol])), [symbol]);
    }],
    ['fetchOrderBook', 'fetchOrderBook', all, async () => {
      const book = await client.fetchOrderBook(symbol, 50);
      const { b, a, bids = b, asks = a } = raw().result ?? raw();
      check.ascending(bids.map(([price]) => -price), 'bids as sent');
      check.ascending(asks.map(([price]) => +price), 'asks as sent');
      return check.book(book, listed(), now(), 50);
    }],
    ['fetchTrades', 'fetchTrades', all, async () => {
      const list = await client.fetchTrades(symbol, undefined, 50);
      const sent = (raw().result?.list ?? raw()).map((one) => +(one.time ?? one.T));
      check.ascending(is_bybit ? sent.reverse() : sent, 'trades as sent');
      assert.ok(list.length <= 50);
      return check.trades(list, listed(), now());
    }],
    ['fetchOHLCV', 'fetchOHLCV', all, async () => {
      fetched = await client.fetchOHLCV(symbol, '1m', undefined, PAGE);
      const sent = (raw().result?.list ?? raw()).map(([start]) => +start);
      check.ascending(is_bybit ? sent.reverse() : sent, 'candles as sent');
      assert.equal(fetched.length, PAGE);
      return check.candles(fetched, check.MINUTE, now());
    }],
    ['fetchOHLCV of an hour, a day', 'fetchOHLCV', all, async () => {
      check.candles(await client.fetchOHLCV(symbol, '1d', undefined, 10), 24 * check.HOUR, now());
      return check.candles(await client.fetchOHLCV(symbol, '1h', undefined, 48), check.HOUR, now());
    }],
    ['fetchOHLCV in pages', 'fetchOHLCV', all, async () => {
      const until = Math.floor(now() / check.MINUTE) * check.MINUTE - check.MINUTE;
      const since = until - IN_PAGES * check.MINUTE;
      const list = await by_hand(since, until);
      check.candles(list, check.MINUTE, now());
      assert.equal(list.length, IN_PAGES);
      const twins = new Map(fetched.map((one) => [one[0], one]));
      for (const one of list) if (twins.has(one[0])) assert.deepEqual(one, twins.get(one[0]));
      const paginated = (await client.fetchOHLCV(symbol, '1m', since, undefined, { paginate: true, maxEntriesPerRequest: PAGE }))
        .filter(([start]) => start < until);
      assert.deepEqual(paginated, list);
      return `${list.length} candles, by hand and by paginate`;
    }],
    ['fetchFundingRate', 'fetchFundingRate', contracts, async () => check.funding(await client.fetchFundingRate(symbol), now())],
    ['fetchFundingRates', 'fetchFundingRates', contracts, async () => {
      const rates = await client.fetchFundingRates(is_bybit ? [symbol] : undefined);
      return check.funding(rates[symbol], now());
    }],
    ['fetchFundingRateHistory', 'fetchFundingRateHistory', contracts, async () => check.history(
      await client.fetchFundingRateHistory(symbol, undefined, 10), symbol, now(),
      { every: check.HOUR, slack: 1000, value: (one) => assert.ok(Math.abs(one.fundingRate) < 0.05, `fundingRate ${one.fundingRate}`) })],
    ['fetchOpenInterest', 'fetchOpenInterest', contracts, async () => {
      const one = await client.fetchOpenInterest(symbol);
      check.positive(one.openInterestAmount ?? one.openInterestValue, 'open interest');
    }],
    ['fetchOpenInterestHistory', 'fetchOpenInterestHistory', contracts, async () => check.history(
      await client.fetchOpenInterestHistory(symbol, '5m', undefined, 10), symbol, now(),
      { every: 5 * check.MINUTE, value: (one) => check.positive(one.openInterestAmount ?? one.openInterestValue, 'open interest') })],
    ['fetchLongShortRatioHistory', 'fetchLongShortRatioHistory', contracts, async () => check.history(
      // ccxt hands the timeframe on as it is, and Bybit knows no '5m'.
      await client.fetchLongShortRatioHistory(symbol, '1h', undefined, 10), symbol, now(),
      { every: check.HOUR, value: (one) => check.positive(one.longShortRatio, 'longShortRatio') })],
    ['key information', 'fetchTime', all, async () => {
      const [right, wrong] = [with_key('demoReadKey', 'demoReadKeySecret'), with_key('demoReadKey', 'guessed')];
      const said = await key_requests[venue](right);
      assert.notEqual(said, undefined);
      await assert.rejects(key_requests[venue](wrong), /10004|-1022/, 'a wrong signature is refused');
      return `${said}`;
    }],
    ['watchTicker', 'watchTicker', all, async () => updates(3, () => client.watchTicker(symbol), (one) => {
      assert.equal(one.symbol, symbol);
      check.ticker(one, now());
    })],
    ['watchTickers', 'watchTickers', all, async () => updates(3, () => client.watchTickers([symbol]), (some) => check.ticker(some[symbol], now()))],
    ['watchOrderBook', 'watchOrderBook', all, async () => {
      let middle;
      const seen = await updates(30, () => client.watchOrderBook(symbol, is_bybit ? 50 : undefined), (book) => {
        check.book(book, listed(), now(), Infinity);
        middle = (book.bids[0][0] + book.asks[0][0]) / 2;
      });
      assert.deepEqual(sequence.gaps, []);
      const rest = await client.fetchOrderBook(symbol, 5);
      assert.ok(Math.abs(middle / rest.bids[0][0] - 1) < 0.01, `stream ${middle}, REST ${rest.bids[0][0]}`);
      return `${seen}, ${sequence.count()} frames in sequence`;
    }],
    ['watchTrades', 'watchTrades', all, async () => {
      const list = [];
      await updates(3, () => client.watchTrades(symbol), (some) => list.push(...some.map((one) => ({ ...one }))));
      const fresh = new Map(list.map((one) => [one.id, one]));
      return check.trades([...fresh.values()], listed(), now());
    }],
    ['watchOHLCV', 'watchOHLCV', all, async () => updates(2, () => client.watchOHLCV(symbol, '1m'), (list) => {
      check.candles(list.slice(-1), check.MINUTE, now());
      assert.ok(list.at(-1)[0] > now() - 2 * check.MINUTE, 'an old candle');
    })],
    ['watchLiquidations', 'watchLiquidations', contracts, async () => updates(1, () => client.watchLiquidations(symbol),
      (list) => check.liquidation(list.at(-1), symbol, now()))],
  ];
}
