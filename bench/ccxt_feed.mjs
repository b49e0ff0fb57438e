// A ccxt.pro client that follows the same streams as Virtuoso: started by feed_against_ccxt.py, which gives it ccxt's folder.
//   ccxt_feed.mjs live CCXT REST_URL STREAM_URL SECONDS SYMBOL...   watches a Bybit, prints one line of JSON
//   ccxt_feed.mjs frames CCXT FILE ROUNDS                           decodes and applies frames from a file, without a socket
import { readFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';

const [mode, folder, ...rest] = process.argv.slice(2);
const { default: ccxt } = await import(pathToFileURL(`${folder}/js/ccxt.js`));

const cpuSeconds = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

function client(restUrl, streamUrl) {
  const exchange = new ccxt.pro.bybit({
    enableRateLimit: false, timeout: 20000, newUpdates: true,
    options: { defaultType: 'swap', fetchMarkets: { types: ['linear'] }, enableUnifiedMargin: false, enableUnifiedAccount: true },
  });
  exchange.has.fetchCurrencies = false;
  const point = (urls) => {
    for (const [key, url] of Object.entries(urls)) {
      if (typeof url === 'string') urls[key] = url.replace(/^https?:\/\/[^/]+/, restUrl).replace(/^wss?:\/\/[^/]+/, streamUrl);
      else if (url) point(url);
    }
  };
  point(exchange.urls.api);
  return exchange;
}

async function live(restUrl, streamUrl, seconds, names) {
  const exchange = client(restUrl, streamUrl);
  let messages = 0;
  const handle = exchange.handleMessage.bind(exchange);
  exchange.handleMessage = (connection, message) => {
    messages += 1;
    return handle(connection, message);
  };
  await exchange.loadMarkets();
  const symbols = names.map((name) => exchange.safeSymbol(name, undefined, undefined, 'contract'));
  const failures = [];
  let isRunning = true;
  const forever = async (watch) => {
    while (isRunning) {
      try {
        await watch();
      } catch (error) {
        if (isRunning) failures.push(String(error).slice(0, 200));
        return;
      }
    }
  };
  const watching = [
    forever(() => exchange.watchOrderBookForSymbols(symbols, 50)),
    forever(() => exchange.watchTradesForSymbols(symbols)),
    forever(() => exchange.watchTickers(symbols)),
    forever(() => exchange.watchOHLCVForSymbols(symbols.map((symbol) => [symbol, '1m']))),
    ...symbols.map((symbol) => forever(() => exchange.watchLiquidations(symbol))),
  ];
  await new Promise((resolve) => setTimeout(resolve, 8000));
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  const before = { messages, cpu: cpuSeconds(), at: performance.now() };
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  const passed = (performance.now() - before.at) / 1000;
  console.log(JSON.stringify({
    messages: messages - before.messages, cpu_s: cpuSeconds() - before.cpu, seconds: passed,
    loop_delay_p99_ms: delay.percentile(99) / 1e6, rss_mb: process.memoryUsage().rss / 1e6, books: Object.keys(exchange.orderbooks).length, failures,
  }));
  isRunning = false;
  void watching;
  process.exit(0);
}

function frames(file, rounds) {
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  const instruments = lines.shift().split(' ');
  const exchange = client('http://localhost', 'ws://localhost');
  exchange.setMarkets(instruments.map((id) => market(exchange, id)));
  const connection = { url: 'wss://localhost/v5/public/linear', futures: {}, subscriptions: {}, resolve() {}, reject() {} };
  for (const line of lines) exchange.handleMessage(connection, JSON.parse(line));
  const before = cpuSeconds();
  for (let round = 0; round < rounds; round += 1) {
    for (const line of lines) exchange.handleMessage(connection, JSON.parse(line));
  }
  console.log(JSON.stringify({ messages: lines.length * rounds, cpu_s: cpuSeconds() - before, books: Object.keys(exchange.orderbooks).length }));
}

function market(exchange, id) {
  const base = id.replace(/USDT$/, '');
  return exchange.safeMarketStructure({
    id, symbol: `${base}/USDT:USDT`, base, quote: 'USDT', settle: 'USDT', baseId: base, quoteId: 'USDT', settleId: 'USDT', type: 'swap',
    swap: true, contract: true, linear: true, inverse: false, active: true, contractSize: 1, precision: { amount: 0.001, price: 0.0001 },
  });
}

if (mode === 'live') {
  const [restUrl, streamUrl, seconds, ...names] = rest;
  await live(restUrl, streamUrl, Number(seconds), names);
} else {
  frames(rest[0], Number(rest[1]));
}
