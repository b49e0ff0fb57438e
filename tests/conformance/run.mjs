#!/usr/bin/env node
// Runs the real ccxt client against `virtuoso demo-exchange` on a free loopback port and writes TAP.
//   node run.mjs [--binary PATH] [--only TEXT]     --only: markets whose name holds the text, as in "bybit spot"
// Exit status 0 when nothing failed and something passed.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const here = fileURLToPath(new URL('.', import.meta.url));
const { values: options } = parseArgs({ options: {
  binary: { type: 'string', default: join(here, '../../build/release/virtuoso') },
  only: { type: 'string', default: '' },
} });
const MARKETS = [
  ['bybit', 'linear', 'BTC/USDT:USDT'],
  ['bybit', 'inverse', 'BTC/USD:BTC'],
  ['bybit', 'spot', 'BTC/USDT'],
  ['binanceusdm', 'linear', 'BTC/USDT:USDT'],
  ['binanceusdm', 'linear', 'SOL/USDT:USDT'],
  ['binance', 'spot', 'BTC/USDT'],
].filter((market) => market.join(' ').includes(options.only));

/** Starts the exchange. out: its addresses, and a way to end it */
async function start_exchange(folder) {
  const authority = join(folder, 'authority.pem');
  const exchange = spawn(options.binary,
    ['demo-exchange', '--port', '0', '--ca-out', authority, '--scenario', join(here, 'scenario.txt')], { stdio: ['ignore', 'pipe', 'inherit'] });
  const rest = await new Promise((resolve, reject) => {
    exchange.once('error', reject);
    exchange.once('exit', (code) => reject(new Error(`${options.binary} demo-exchange ended with ${code}`)));
    createInterface({ input: exchange.stdout }).on('line', (line) => {
      const found = /https:\/\/127\.0\.0\.1:\d+/.exec(line);
      if (found) resolve(found[0]);
    });
  });
  return { rest, stream: rest.replace('https', 'wss'), authority, end: () => exchange.kill('SIGTERM') };
}

function run_market([venue, kind, symbol], exchange, report) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(here, 'run_venue.mjs'), venue, kind, symbol, exchange.rest, exchange.stream],
      { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, NODE_EXTRA_CA_CERTS: exchange.authority } });
    createInterface({ input: child.stdout }).on('line', (line) => report(`${venue} ${kind} ${symbol}`, JSON.parse(line)));
    child.once('close', (code) => {
      if (code !== 0) report(`${venue} ${kind} ${symbol}`, { name: 'the client', result: 'not ok', ms: 0, note: `ended with ${code}` });
      resolve();
    });
  });
}

const folder = mkdtempSync(join(tmpdir(), 'virtuoso-conformance-'));
const count = { ok: 0, 'not ok': 0, skip: 0 };
let exchange;
try {
  exchange = await start_exchange(folder);
  console.log('TAP version 13');
  await Promise.all(MARKETS.map((market) => run_market(market, exchange, (of, { name, result, ms, note }) => {
    count[result]++;
    const number = count.ok + count['not ok'] + count.skip;
    const text = note.replace(/\s+/g, ' ');
    console.log(`${result === 'skip' ? 'ok' : result} ${number} - ${of} ${name}${result === 'skip' ? ` # SKIP ${text}` : ` (${ms} ms) ${text.replaceAll('#', '')}`}`);
  })));
} finally {
  exchange?.end();
  rmSync(folder, { recursive: true });
}
console.log(`1..${count.ok + count['not ok'] + count.skip}`);
console.log(`# pass ${count.ok}\n# fail ${count['not ok']}\n# skipped ${count.skip}`);
process.exitCode = count['not ok'] > 0 || count.ok === 0 ? 1 : 0;
