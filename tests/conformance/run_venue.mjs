// One venue and one market, in a process of its own (Node reads NODE_EXTRA_CA_CERTS at its start only). Writes one JSON line a call:
// {name, result: "ok" | "not ok" | "skip", ms, note}.
import { calls } from './calls.mjs';
import { connect } from './client.mjs';

const [venue, kind, symbol, rest, stream] = process.argv.slice(2);
const client = connect({ venue, kind, rest, stream });
const with_key = (key, secret) => connect({ venue, kind, rest, stream, key, secret });
let has_markets = true;
for (const [name, method, kinds, run] of calls({ client, with_key, venue, symbol })) {
  if (!kinds.includes(kind)) continue;
  const started = performance.now();
  const row = { name, result: 'ok', note: '' };
  if (!client.has[method]) {
    Object.assign(row, { result: 'skip', note: 'not offered by ccxt' });
  } else if (!has_markets) {
    Object.assign(row, { result: 'not ok', note: 'needs loadMarkets' });
  } else {
    try {
      row.note = (await run()) ?? '';
    } catch (error) {
      Object.assign(row, { result: 'not ok', note: `${error.constructor.name}: ${error.message}` });
      if (name === 'loadMarkets') has_markets = false;
    }
  }
  process.stdout.write(`${JSON.stringify({ ...row, note: String(row.note).slice(0, 400), ms: Math.round(performance.now() - started) })}\n`);
}
process.exit(0); // ccxt leaves timers behind
