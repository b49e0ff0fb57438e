import type { Socket, Surroundings } from './connection';

/** The address of the live socket beside the page, also below a sub-path or behind TLS. */
export function socketUrl(pageUrl: string): string {
  const url = new URL('ws', pageUrl);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  url.search = '';
  url.hash = '';
  return url.href;
}

/** The browser as the connection's surroundings. */
export const browserSurroundings: Surroundings = {
  openSocket: () => new WebSocket(socketUrl(document.baseURI)) as unknown as Socket,
  now: () => Date.now(),
  setTimer: (callback, delayMs) => window.setTimeout(callback, delayMs),
  clearTimer: (timer) => window.clearTimeout(timer),
  random: () => Math.random(),
  isOnline: () => navigator.onLine,
};
