// Chromium for the page tests: quiet, and a record of what must not happen on any page.
import { chromium } from 'playwright-core';

const flags = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
if (process.getuid?.() === 0) flags.push('--no-sandbox');

let launched = null;

/** Opens a browser context of its own (storage, cookies) in the one Chromium of this process; closeBrowser() ends that. */
export async function openBrowser({ width = 1600, height = 1000, colorScheme = 'dark', hasTouch = false } = {}) {
  launched ??= chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', headless: true, args: flags });
  const context = await (await launched).newContext({ viewport: { width, height }, colorScheme, hasTouch });
  return { context, close: () => context.close() };
}

export async function closeBrowser() {
  const browser = await launched;
  launched = null;
  await browser?.close();
}

/** A page that reports what went wrong on it. */
export async function openPage(context, url) {
  const page = await context.newPage();
  const faults = { violations: [], foreign: [], errors: [], complaints: [] };
  const origin = new URL(url).host;
  await page.addInitScript(() => {
    window.policyViolations = [];
    document.addEventListener('securitypolicyviolation', (event) => {
      window.policyViolations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile ?? ''}:${event.lineNumber}`);
    });
  });
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') faults.complaints.push(message.text());
    if (/content security policy/i.test(message.text())) faults.violations.push(message.text());
  });
  page.on('pageerror', (error) => faults.errors.push(String(error)));
  page.on('request', (request) => {
    const target = new URL(request.url());
    if (target.host !== origin && target.protocol !== 'data:' && target.protocol !== 'blob:') faults.foreign.push(request.url());
  });
  page.on('websocket', (socket) => {
    if (new URL(socket.url()).host !== origin) faults.foreign.push(socket.url());
  });
  await page.goto(url);
  return { page, faults };
}

export async function policyViolations(page) {
  return page.evaluate(() => window.policyViolations);
}
