// What ccxt makes of recorded payloads, for the comparison with our own reading of them
// (src/exchange/ccxt_agreement_test.cpp).
//
//   node agreement.mjs --data ../shared/data --ccxt DIR [--only SUBSTRING]... > cases.jsonl
//
// Each line: {"venue","category","kind","source","symbol","tick","lot","base","quote","settle","body","ccxt"}; `body` is the
// payload as a text and `ccxt` what its parser says of each row, in the payload's order. No network: parsers only.

import fs from 'node:fs';
import path from 'node:path';
import { execFileSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';

const options = { data: '', ccxt: '', only: [] };
for (let i = 2; i < process.argv.length; i += 2) {
    const name = process.argv[i].replace(/^--/, '');
    if (name === 'only') options.only.push(process.argv[i + 1]);
    else options[name] = process.argv[i + 1];
}
const ccxt = (await import(pathToFileURL(path.resolve(options.ccxt, 'js/ccxt.js')).href)).default;

const text = (file) =>
    file.endsWith('.zst') ? execFileSync('zstd', ['-dcq', file], { maxBuffer: 1 << 28 }).toString() : fs.readFileSync(file, 'utf8');

/// Every JSON payload of a folder of fixtures and recordings: { source, path, value }.
function* payloads(folder) {
    for (const name of fs.readdirSync(folder, { recursive: true }).sort()) {
        const file = path.join(folder, name);
        if (!fs.statSync(file).isFile()) continue;
        if (/\.jsonl(\.zst)?$/.test(name)) {
            for (const line of text(file).split('\n')) {
                if (!line) continue;
                let entry;
                try { entry = JSON.parse(line); } catch { continue; }
                yield* of_entry(name, entry, line);
            }
        } else if (/\.log\.zst$/.test(name)) {
            // Live captures, "<receive ns> <frame>": a print in a hundred of each.
            let prints = 0;
            for (const line of text(file).split('\n')) {
                if (!line.includes('"e":"trade"') || prints++ % 100) continue;
                yield { source: name, path: name, value: JSON.parse(line.slice(line.indexOf('{'))) };
            }
        } else if (/\.json(\.zst)?$/.test(name)) {
            yield { source: name, path: name, value: JSON.parse(text(file)) };
        }
    }
}

function* of_entry(name, entry, line) {
    if (entry.topic) yield { source: name, path: '', value: entry, line };
    else if (entry.data !== undefined) yield { source: `${name}#${entry.file}`, path: entry.file, value: entry.data };
    else if (typeof entry.text === 'string') {
        const frames = entry.text.split('\n').filter((l) => /^<\d* *\{/.test(l)).map((l) => l.replace(/^<\d* */, ''));
        const body = frames.length ? undefined : entry.text.split('\n').slice(3).join('\n');
        for (const candidate of frames.length ? frames : [body]) {
            try {
                yield { source: `${name}#${entry.file}`, path: entry.file + ' ' + entry.text.split('\n')[1], value: JSON.parse(candidate) };
            } catch { /* a template with placeholders, or no body */ }
        }
    } else if (entry.response !== undefined) {
        yield { source: `${name}#${entry.path}`, path: `${entry.path}?${entry.query}`, value: entry.response };
    }
}

/// A step as fine as the finest of these numbers.
function step_of(numbers) {
    let digits = 0;
    for (const n of numbers) {
        const s = String(n);
        if (/e-/i.test(s)) digits = Math.max(digits, Number(s.split(/e-/i)[1]) + (s.split('.')[1]?.split(/e/i)[0].length ?? 0));
        else digits = Math.max(digits, (s.split('.')[1] ?? '').replace(/0+$/, '').length);
    }
    return digits === 0 ? '1' : '0.' + '0'.repeat(digits - 1) + '1';
}

const QUOTES = ['USDT', 'USDC', 'BUSD', 'USD', 'BTC', 'ETH', 'BNB', 'EUR', 'BRL'];
function split_symbol(id) {
    const bare = id.replace(/[_-].*$/, '').replace(/PERP$/, 'USDC');
    for (const quote of QUOTES) if (bare.endsWith(quote) && bare.length > quote.length) return [bare.slice(0, -quote.length), quote];
    return [bare, 'USDT'];
}

const exchanges = {
    bybit: new ccxt.pro.bybit({ apiKey: 'k', secret: 's', options: { enableUnifiedMargin: false, enableUnifiedAccount: true } }),
    binance: new ccxt.pro.binance({ apiKey: 'k', secret: 's' }),
    binanceusdm: new ccxt.pro.binanceusdm({ apiKey: 'k', secret: 's' }),
};
for (const exchange of Object.values(exchanges)) {
    exchange.markets = {};
    exchange.markets_by_id = {};
    exchange.currencies = {};
    exchange.currencies_by_id = {};
}

function market_of(exchange, id, category) {
    const [base, quote] = split_symbol(id);
    const spot = category === 'spot';
    const settle = spot ? undefined : category === 'inverse' ? base : quote;
    const market = exchange.safeMarketStructure({
        id, symbol: spot ? `${base}/${quote}` : `${base}/${quote}:${settle}`, base, quote, settle, baseId: base, quoteId: quote, settleId: settle,
        type: spot ? 'spot' : 'swap', spot, swap: !spot, future: false, option: false, contract: !spot, active: true,
        linear: spot ? undefined : category === 'linear', inverse: spot ? undefined : category === 'inverse',
        contractSize: spot ? undefined : 1, precision: { price: 1e-12, amount: 1e-12 },
    });
    exchange.markets[market.symbol] = market;
    exchange.markets_by_id[id] = [market];
    exchange.symbols = Object.keys(exchange.markets);
    return market;
}

const clean = (value) => JSON.parse(JSON.stringify(value, (k, v) => (k === 'info' ? undefined : v === undefined ? null : v)));
const has = (row, ...keys) => row !== null && typeof row === 'object' && keys.every((k) => k in row);

function emit(venue, category, kind, source, body, rows, extra = {}) {
    const { symbol = '', prices = [], sizes = [] } = extra;
    const [base, quote] = split_symbol(symbol);
    process.stdout.write(JSON.stringify({
        venue, category, kind, source, symbol, tick: step_of(prices), lot: step_of(sizes), base, quote,
        settle: category === 'spot' ? '' : category === 'inverse' ? base : quote,
        body: typeof body === 'string' ? body : JSON.stringify(body), ccxt: clean(rows), ...(extra.fields ?? {}),
    }) + '\n');
}

// ---- Bybit -----------------------------------------------------------------------------------------------------------

function bybit_category(value, row, file) {
    const named = value.result?.category ?? value.category ?? row?.category;
    if (named) return named;
    if (row?.contractType) return /Inverse/.test(row.contractType) ? 'inverse' : 'linear';
    if (row?.basePrecision || row?.lotSizeFilter?.basePrecision) return 'spot';
    if (/spot/i.test(file)) return 'spot';
    return /inverse/i.test(file) || /USD$/.test(row?.symbol ?? '') ? 'inverse' : 'linear';
}

function bybit_rest({ source, path: file, value }) {
    const exchange = exchanges.bybit;
    if (Array.isArray(value?.list) || has(value, 's', 'b', 'a')) value = { retCode: 0, retMsg: 'OK', result: value, time: 1700000000000 };
    if (value && !value.time) value = { ...value, time: 1700000000000 };  // an envelope rebuilt without its time
    const result = value?.result;
    if (!result || typeof result !== 'object' || /spread|lever|option/i.test(file)) return;
    if (has(result, 's', 'b', 'a')) {
        if (!Array.isArray(result.b[0])) return;
        const levels = [...result.b, ...result.a];
        market_of(exchange, result.s, 'linear');
        const symbol = exchange.markets_by_id[result.s][0].symbol;
        emit('bybit', 'linear', 'orderbook', source, value, exchange.parseOrderBook(result, symbol, exchange.safeInteger(result, 'ts'), 'b', 'a'),
             { symbol: result.s, prices: levels.map((l) => l[0]), sizes: levels.map((l) => l[1]) });
        return;
    }
    const list = result.list;
    if (!Array.isArray(list) || !list.length) return;
    const row = list[0];
    const category = bybit_category(value, row, file);
    if (!['linear', 'inverse', 'spot'].includes(category)) return;
    if (!value.result.category && !Array.isArray(row)) value = { ...value, result: { ...result, category } };
    const each = (kind, parse, extra = {}) => {
        for (const r of list) market_of(exchange, r.symbol ?? result.symbol ?? 'BTCUSDT', category);
        const of = (r) => exchange.markets_by_id[r.symbol ?? result.symbol ?? 'BTCUSDT'][0];
        emit('bybit', category, kind, source, value, list.map((r) => parse(r, of(r))), { symbol: row.symbol ?? result.symbol ?? 'BTCUSDT', ...extra });
    };
    if (Array.isArray(row)) {
        const symbol = result.symbol || 'BTCUSDT';
        const market = market_of(exchange, symbol, category);
        emit('bybit', category, row.length > 5 ? 'ohlcv' : 'pricebar', source, value, list.map((r) => exchange.parseOHLCV(r, market)), { symbol });
    } else if (has(row, 'lotSizeFilter')) {
        const parsed = category === 'spot' ? null : undefined;
        emit('bybit', category, 'market', source, value, list.map(() => parsed), { fields: { needs: 'loadMarkets' } });
    } else if (has(row, 'prevPrice24h')) each('ticker', (r, m) => exchange.parseTicker(r, m));
    else if (has(row, 'execId', 'orderId')) each('mytrade', (r, m) => exchange.parseTrade(r, m));
    else if (has(row, 'execId', 'price')) each('trade', (r, m) => exchange.parseTrade(r, m),
        { prices: list.map((r) => r.price), sizes: list.map((r) => r.size) });
    else if (has(row, 'orderStatus')) each('order', (r, m) => exchange.parseOrder(r, m));
    else if (has(row, 'positionIdx', 'size')) each('position', (r, m) => exchange.parsePosition(r, m));
    else if (has(row, 'fundingRateTimestamp')) each('fundinghistory', (r) => ({ fundingRate: exchange.safeNumber(r, 'fundingRate'), timestamp: exchange.safeInteger(r, 'fundingRateTimestamp') }));
    else if (has(row, 'openInterest', 'timestamp')) each('openinterest', (r, m) => exchange.parseOpenInterest(r, m));
    else if (has(row, 'buyRatio')) each('longshort', (r, m) => exchange.parseLongShortRatio(r, m));
    else if (Array.isArray(row.coin)) emit('bybit', category, 'balance', source, value, exchange.parseBalance(value));
}

function bybit_frame({ source, value, line }) {
    const exchange = exchanges.bybit;
    const topic = value.topic;
    const parts = topic.split('.');
    const category = /spot/i.test(source) ? 'spot' : /inverse/i.test(source) ? 'inverse' : 'linear';
    const body = line ?? value;
    const data = Array.isArray(value.data) ? value.data : [value.data];
    if (/option/i.test(source) || !data.length) return;
    const id = parts.at(-1);
    if (parts[0] === 'publicTrade') {
        const market = market_of(exchange, id, category);
        emit('bybit', category, 'ws-trade', source, body, data.map((r) => exchange.parseWsTrade(r, market)),
             { symbol: id, prices: data.map((r) => r.p), sizes: data.map((r) => r.v) });
    } else if (parts[0] === 'kline') {
        const market = market_of(exchange, id, category);
        emit('bybit', category, 'ws-ohlcv', source, body, data.map((r) => exchange.parseWsOHLCV(r, market)), { symbol: id });
    } else if (parts[0] === 'tickers') {
        const market = market_of(exchange, id, category);
        emit('bybit', category, 'ws-ticker', source, body, [exchange.parseTicker(value.data, market)], { symbol: id });
    } else if (parts[0] === 'allLiquidation') {
        const market = market_of(exchange, id, category);
        emit('bybit', category, 'ws-liquidation', source, body, data.map((r) => exchange.parseWsLiquidation(r, market)), { symbol: id });
    } else if (parts[0] === 'orderbook' && value.type === 'snapshot') {
        const market = market_of(exchange, id, category);
        const levels = [...(value.data.b ?? []), ...(value.data.a ?? [])];
        emit('bybit', category, 'ws-orderbook', source, body, exchange.parseOrderBook(value.data, market.symbol, value.ts, 'b', 'a'),
             { symbol: id, prices: levels.map((l) => l[0]), sizes: levels.map((l) => l[1]) });
    } else if (['order', 'execution', 'position'].includes(parts[0]) && parts.length === 1) {
        const parse = { order: 'parseOrder', execution: 'parseTrade', position: 'parsePosition' }[parts[0]];
        const kind = { order: 'order', execution: 'mytrade', position: 'position' }[parts[0]];
        if (data.some((r) => r.category === 'option')) return;
        emit('bybit', data[0].category ?? category, kind, source, body,
             data.map((r) => exchange[parse](r, market_of(exchange, r.symbol, r.category ?? category))), { symbol: data[0].symbol });
    }
}

// ---- Binance ---------------------------------------------------------------------------------------------------------

function binance({ source, path: file, value }) {
    const where = (source + ' ' + file).split('?')[0];
    if (/coin|dapi|delivery|margin|portfolio|option|papi|eapi|sub-?account|savings|blvt|convert/i.test(where)) return;
    const futures = /fapi|futures|usdm/i.test(where);
    const category = futures ? 'linear' : 'spot';
    const exchange = futures ? exchanges.binanceusdm : exchanges.binance;
    const row = Array.isArray(value) ? value[0] : value;
    if (row === undefined || row === null || typeof row !== 'object') return;
    const list = Array.isArray(value) ? value : [value];
    const asked = /symbol=([A-Z0-9_]+)/.exec(file)?.[1];
    const id_of = (r) => r.symbol ?? r.s ?? r.pair ?? asked ?? 'BTCUSDT';
    const each = (kind, parse, extra = {}) => {
        if (list.some((r) => typeof id_of(r) !== 'string' || /_/.test(id_of(r)))) return;
        emit('binance', category, kind, source, value, list.map((r) => parse(r, market_of(exchange, id_of(r), category))), { symbol: id_of(row), ...extra });
    };
    if (row.e || row.data?.e || row.event?.e) return binance_event(exchange, category, source, value, row);
    if (Array.isArray(row)) {
        if (row.length !== 12 || /(mark|index|premium)/i.test(where)) return;
        const market = market_of(exchange, asked ?? 'BTCUSDT', category);
        emit('binance', category, 'ohlcv', source, value, list.map((r) => exchange.parseOHLCV(r, market)), { symbol: market.id });
    } else if (has(row, 'lastUpdateId', 'bids')) {
        const levels = [...row.bids, ...row.asks];
        const id = asked ?? 'BTCUSDT';
        const market = market_of(exchange, id, category);
        emit('binance', category, 'orderbook', source, value, exchange.parseOrderBook(row, market.symbol, exchange.safeInteger(row, 'T')),
             { symbol: id, prices: levels.map((l) => l[0]), sizes: levels.map((l) => l[1]) });
    } else if (has(row, 'priceChangePercent', 'lastPrice', 'quoteVolume')) each('ticker', (r, m) => exchange.parseTicker(r, m));
    else if (has(row, 'isBuyerMaker', 'id', 'price')) each('trade', (r, m) => exchange.parseTrade(r, m), { prices: list.map((r) => r.price), sizes: list.map((r) => r.qty) });
    else if (has(row, 'a', 'p', 'q', 'm', 'T')) each('aggtrade', (r, m) => exchange.parseTrade(r, m), { prices: list.map((r) => r.p), sizes: list.map((r) => r.q) });
    else if (has(row, 'fundingRate', 'fundingTime')) each('fundinghistory', (r) => ({ fundingRate: exchange.safeNumber(r, 'fundingRate'), timestamp: exchange.safeInteger(r, 'fundingTime') }));
    else if (has(row, 'lastFundingRate', 'markPrice')) each('fundingrate', (r, m) => exchange.parseFundingRate(r, m));
    else if (has(row, 'sumOpenInterest')) each('openinterest', (r, m) => exchange.parseOpenInterest(r, m));
    else if (has(row, 'openInterest', 'time')) each('openinterest-now', (r, m) => exchange.parseOpenInterest(r, m));
    else if (has(row, 'longShortRatio', 'longAccount')) each('longshort', (r, m) => exchange.parseLongShortRatio(r, m));
    else if (has(row, 'origQty', 'status', 'orderId', 'side', 'type')) each('order', (r, m) => exchange.parseOrder(r, m));
    else if (has(row, 'commission', 'commissionAsset', 'orderId', 'qty')) each('mytrade', (r, m) => exchange.parseTrade(r, m));
    else if (has(row, 'positionAmt', 'entryPrice', 'markPrice', 'leverage')) each('position', (r, m) => {
        exchange.options.leverageBrackets = { [m.symbol]: [['0', '0.004']] };
        return exchange.parsePositionRisk(r, m);
    });
    else if (has(row, 'balances', 'canTrade')) emit('binance', category, 'balance', source, value, exchange.parseBalanceCustom(row, 'spot'));
    else if (has(row, 'assets', 'totalWalletBalance')) emit('binance', category, 'balance', source, value, exchange.parseBalanceCustom(row, 'linear'));
}

function binance_event(exchange, category, source, value, row) {
    const event = row.data?.e ? row.data : row.event?.e ? row.event : row;
    const emit_one = (kind, id, parse, extra = {}) =>
        emit('binance', category, kind, source, value, [parse(market_of(exchange, id, category))], { symbol: id, ...extra });
    if (event.e === 'trade') emit_one('ws-trade', event.s, (m) => exchange.parseWsTrade(event, m), { prices: [event.p], sizes: [event.q] });
    else if (event.e === 'aggTrade') emit_one('ws-trade', event.s, (m) => exchange.parseWsTrade(event, m), { prices: [event.p], sizes: [event.q] });
    else if (event.e === '24hrTicker') emit_one('ws-ticker', event.s, (m) => exchange.parseWsTicker(event, 'future'));
    else if (event.e === 'kline' && event.k) emit_one('ws-ohlcv', event.s, () => [event.k.t, event.k.o, event.k.h, event.k.l, event.k.c, event.k.v].map(Number));
    else if (event.e === 'forceOrder') emit_one('ws-liquidation', event.o.s, (m) => exchange.parseWsLiquidation(event.o, m));
    else if (event.e === 'executionReport') emit_one('ws-order', event.s, (m) => exchange.parseWsOrder(event, m));
    else if (event.e === 'ORDER_TRADE_UPDATE') emit_one('ws-order', event.o.s, (m) => exchange.parseWsOrder(event.o, m));
}

// ---- Catalogues need ccxt's own loading ---------------------------------------------------------------------------------

async function catalogues(folder) {
    const offline = async (exchange, routes) => {
        exchange.fetchImplementation = async (url) => {
            for (const [pattern, body] of routes) if (pattern.test(url)) return new Response(body, { status: 200, headers: { 'content-type': 'application/json' } });
            return new Response('{"retCode":0,"retMsg":"OK","result":{"list":[]},"time":1}', { status: 200, headers: { 'content-type': 'application/json' } });
        };
        exchange.FetchError = class extends Error {};
        exchange.AbortError = class extends Error {};
        exchange.enableRateLimit = false;
        exchange.has.fetchCurrencies = false;
        return Object.values(await exchange.loadMarkets());
    };
    for (const payload of [...payloads(path.join(folder, 'fixtures/bybit')), ...payloads(path.join(folder, 'raw/bybit'))]) {
        const list = payload.value?.result?.list;
        if (!Array.isArray(list) || !has(list[0], 'lotSizeFilter') || /spread|option/i.test(payload.path)) continue;
        const category = bybit_category(payload.value, list[0], payload.path);
        if (!['linear', 'inverse', 'spot'].includes(category) || !wanted(payload.source)) continue;
        const body = JSON.stringify({ retCode: 0, retMsg: 'OK', ...payload.value, time: payload.value.time || 1700000000000, result: { ...payload.value.result, category } });
        const exchange = new ccxt.bybit({ options: { fetchMarkets: { types: [category] } } });
        const markets = await offline(exchange, [[new RegExp('instruments-info.*status=PreLaunch'), JSON.stringify({ retCode: 0, retMsg: 'OK', result: { category, list: [] }, time: 1 })],
                                                 [new RegExp('instruments-info'), body]]);
        emit('bybit', category, 'market', payload.source, body, markets);
    }
    for (const payload of [...payloads(path.join(folder, 'fixtures/binance')), ...payloads(path.join(folder, 'raw/binance')),
                          ...payloads(path.join(folder, 'exchange-facts/binance/rest-2026-07'))]) {
        const symbols = payload.value?.symbols;
        if (!Array.isArray(symbols) || !has(symbols[0], 'filters', 'baseAsset') || !wanted(payload.source)) continue;
        if (/coin|dapi|delivery|margin|option/i.test(payload.source + payload.path)) continue;
        const futures = /fapi|futures|usd/i.test(payload.source + payload.path);
        const exchange = new ccxt[futures ? 'binanceusdm' : 'binance']({ options: { fetchMarkets: { types: [futures ? 'linear' : 'spot'] } } });
        const body = JSON.stringify(payload.value);
        const markets = await offline(exchange, [[/exchangeInfo/, body]]);
        emit('binance', futures ? 'linear' : 'spot', 'market', payload.source, body, markets);
    }
}

const wanted = (source) => !options.only.length || options.only.some((part) => source.includes(part));
const problems = [];
const guarded = (read, payload) => {
    if (!wanted(payload.source)) return;
    try { read(payload); } catch (error) { problems.push(`${payload.source}: ${error.constructor.name} ${String(error.message).slice(0, 100)}`); }
};
for (const folder of ['fixtures/bybit', 'raw/bybit']) {
    for (const payload of payloads(path.join(options.data, folder))) {
        if (payload.value?.topic) guarded(bybit_frame, payload);
        else if (!Array.isArray(payload.value?.result?.list) || !has(payload.value.result.list[0] ?? {}, 'lotSizeFilter')) guarded(bybit_rest, payload);
    }
}
for (const folder of ['fixtures/binance', 'raw/binance', 'exchange-facts/binance/rest-2026-07']) for (const payload of payloads(path.join(options.data, folder))) guarded(binance, payload);
await catalogues(options.data);
for (const problem of problems) console.error('ccxt refuses ' + problem);
process.exit(0);
