// A ccxt client that talks to the demo exchange: its addresses are replaced and nothing else.
import ccxt from 'ccxt';

/** Replaces scheme, host and port of every address; paths stay. */
export function redirect(addresses, rest, stream) {
  for (const [name, address] of Object.entries(addresses)) {
    if (typeof address === 'string') {
      addresses[name] = address.replace(/^https?:\/\/[^/]+/, () => rest).replace(/^wss?:\/\/[^/]+/, () => stream);
    } else if (address) {
      redirect(address, rest, stream);
    }
  }
}

/** in: kind: 'spot', 'linear' or 'inverse'. ccxt tells Binance's spot stream by "/stream" in its address, as in "//stream.binance.com",
 *  so at another address it must not know contracts of the same name beside the pairs: `fetchMarkets`. */
export function connect({ venue, kind, rest, stream, key, secret }) {
  const options = { defaultType: kind === 'spot' ? 'spot' : 'swap' };
  if (kind === 'inverse') options.defaultSubType = 'inverse';
  if (venue === 'binance') options.fetchMarkets = { types: [kind] };
  const client = new ccxt.pro[venue]({ timeout: 10_000, apiKey: key, secret, options });
  client.enableLastJsonResponse = true; // ccxt sorts what it got; the checks want to see it as it was sent
  redirect(client.urls.api, rest, stream);
  return client;
}

/** Shows `visit(url, message)` each WebSocket message before ccxt handles it. */
export function tap(client, visit) {
  const handle = client.handleMessage.bind(client);
  client.handleMessage = (socket, message) => {
    visit(socket.url, message);
    return handle(socket, message);
  };
}
