// Draws the pages in their states into a folder, to be looked at: node tests/screenshots.mjs OUT
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { closeBrowser, openBrowser, openPage } from './browser.mjs';
import { MockServer } from './mock_server.mjs';

const out = process.argv[2] ?? 'screenshots';
const only = process.argv[3];
mkdirSync(out, { recursive: true });
const btc = 'bybit-linear-BTCUSDT';
const sol = 'bybit-linear-SOLUSDT';

async function shot(name, { path = '', size = {}, scheme = 'dark', market = {}, account = {}, act = async () => {} }) {
  if (only && !name.includes(only)) return;
  const server = await new MockServer({ market, account }).start();
  const { context, close } = await openBrowser({ ...size, colorScheme: scheme });
  try {
    const { page } = await openPage(context, server.url + path);
    await page.waitForSelector('[data-id], [data-testid="symbol-view"], main', { state: 'attached' });
    await act({ page, server });
    await page.waitForTimeout(900);
    await page.screenshot({ path: join(out, `${name}.png`) });
    console.log(name);
  } finally {
    await close();
    await server.stop();
  }
}

const phone = { width: 390, height: 844, hasTouch: true };
const small = { width: 320, height: 640, hasTouch: true };
const openAll = async ({ page }) => {
  await page.click('[data-part="order_flow"] button');
  await page.click('[data-component="trade_imbalance"] button');
};

await shot('desktop-dark', {});
await shot('desktop-light', { scheme: 'light' });
await shot('symbol-dark', { path: `#symbol=${btc}`, act: ({ page }) => page.waitForTimeout(1200) });
await shot('symbol-light', { path: `#symbol=${sol}`, scheme: 'light', act: ({ page }) => page.waitForTimeout(1200) });
await shot('symbol-drill', { path: `#symbol=${btc}`, act: openAll });
const desktop = { width: 1440, height: 900 };
const parts = ['Zones', 'Liquidations', 'Footprint', 'Profile', 'Indicators', 'Events'];
for (const part of parts) {
  await shot(`part-${part.toLowerCase()}`, { path: `#symbol=${btc}`, size: desktop, act: ({ page }) => page.click(`.parts button:text-is("${part}")`) });
}
await shot('overlays-all', { path: `#symbol=${btc}`, size: desktop, act: async ({ page }) => { await page.click('.overlays button:has-text("Liquidations")'); await page.waitForTimeout(800); } });
await shot('methods', { path: 'methods/', size: desktop });
await shot('method', { path: 'methods/trade_imbalance', size: desktop });
await shot('symbol-1280', { path: `#symbol=${btc}`, size: { width: 1280, height: 800 }, act: ({ page }) => page.waitForTimeout(1200) });
await shot('desktop-warming', { market: { warming: 'all' } });
await shot('symbol-warming', { path: `#symbol=${btc}`, market: { warming: [btc] }, act: ({ page }) => page.waitForTimeout(800) });
await shot('desktop-stale', { act: async ({ page, server }) => { server.stall(btc); server.stall(sol); await page.waitForTimeout(10_000); } });
await shot('desktop-offline', { act: async ({ page, server }) => { server.refuse(true); server.drop(); await page.waitForTimeout(8_000); } });
await shot('help', { act: ({ page }) => page.keyboard.press('?') });
await shot('track-record', { act: async ({ page }) => { await page.keyboard.press('s'); await page.click('button:text-is("Track record")'); } });
await shot('track-record-light', { scheme: 'light', act: async ({ page }) => { await page.keyboard.press('s'); await page.click('button:text-is("Track record")'); } });
await shot('mobile-track-record', { path: 'mobile', size: phone, act: async ({ page }) => { await page.click('nav button:has-text("Signals")'); await page.click('button:text-is("Track record")'); } });
await shot('system', { act: ({ page }) => page.click('[data-testid="pill"]') });
await shot('mobile-dark', { path: 'mobile', size: phone });
await shot('mobile-light', { path: 'mobile', size: phone, scheme: 'light' });
await shot('mobile-320', { path: 'mobile', size: small });
await shot('mobile-symbol', { path: `mobile#symbol=${btc}`, size: phone });
await shot('mobile-symbol-320', { path: `mobile#symbol=${sol}`, size: small, scheme: 'light' });
await shot('mobile-drill', { path: `mobile#symbol=${btc}`, size: phone, act: openAll });
await shot('mobile-chart', { path: `mobile#symbol=${btc}`, size: phone, act: async ({ page }) => { await page.click('text=Chart'); await page.waitForTimeout(800); } });
await shot('mobile-book', { path: `mobile#symbol=${btc}`, size: phone, act: ({ page }) => page.click('text=Book') });
for (const part of parts) {
  await shot(`mobile-part-${part.toLowerCase()}`, { path: `mobile#symbol=${btc}`, size: phone, act: async ({ page }) => { await page.click('text=More'); await page.click(`.details button:text-is("${part}")`); } });
}
await shot('mobile-method', { path: 'methods/trade_imbalance', size: phone });
await shot('mobile-offline', { path: 'mobile', size: phone, act: async ({ page, server }) => { server.refuse(true); server.drop(); await page.waitForTimeout(8_000); } });
await shot('desktop-1024', { size: { width: 1024, height: 720 } });
await shot('symbol-1024', { path: `#symbol=${btc}`, size: { width: 1024, height: 720 }, act: ({ page }) => page.waitForTimeout(1200) });
await shot('symbol-800', { path: `#symbol=${btc}`, size: { width: 800, height: 900 }, act: ({ page }) => page.waitForTimeout(1200) });
const paper = { trading: 'paper', user: 'ann' };
for (const scheme of ['dark', 'light']) {
  await shot(`risk-${scheme}`, { path: '#page=risk', scheme, account: paper });
  await shot(`risk-journal-${scheme}`, { path: '#page=risk', size: desktop, scheme, account: paper, act: ({ page }) => page.click('.parts button:text-is("Ended trades")') });
  await shot(`mobile-risk-${scheme}`, { path: 'mobile#page=risk', size: phone, scheme, account: paper });
  await shot(`mobile-switch-${scheme}`, { path: 'mobile#page=risk', size: phone, scheme, account: paper, act: ({ page }) => page.click('[data-testid="hold"]') });
}
await shot('risk-denials', { path: '#page=risk', size: desktop, account: paper, act: ({ page }) => page.click('.parts button:text-is("Not traded")') });
await shot('risk-halted', { path: '#page=risk', size: desktop, account: paper, act: async ({ page, server }) => { server.account.riskMode = { mode: 'HALTED', since: Date.now(), who: 'ann', reason: 'the feed looks wrong' }; await page.click('[data-testid="release"]'); } });
await shot('risk-close', { path: '#page=risk', size: desktop, account: paper, act: ({ page }) => page.click('[aria-label="Close the position in BTC/USDT"]') });
await shot('risk-login', { path: '#page=risk', size: desktop, account: { trading: 'paper' } });
await shot('risk-off', { path: '#page=risk', size: desktop });
await shot('risk-1024', { path: '#page=risk', size: { width: 1024, height: 720 }, account: paper });
await shot('market-trading', { size: desktop, account: paper });
await shot('mobile-trading', { path: 'mobile', size: phone, account: paper });
await shot('mobile-risk-320', { path: 'mobile#page=risk', size: small, account: paper });
await shot('mobile-risk-off', { path: 'mobile#page=risk', size: phone });
for (const part of ['Limits', 'Orders', 'Ended', 'Denied']) {
  await shot(`mobile-risk-${part.toLowerCase()}`, { path: 'mobile#page=risk', size: phone, account: paper, act: ({ page }) => page.click(`.parts button:has-text("${part}")`) });
}
await closeBrowser();
