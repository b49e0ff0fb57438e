// The login in Chromium, on the real program behind a proxy under a sub-path: nobody is let in without one.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, describe, it } from 'node:test';
import { closeBrowser, openBrowser, openPage, policyViolations } from '../browser.mjs';
import { startProgram } from '../program.mjs';
import { subPathProxy } from '../sub_path.mjs';
import { until } from '../until.mjs';

const binary = process.env.VIRTUOSO_BINARY;
const password = 'three or four words';
const btc = 'bybit-linear-BTCUSDT';
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

describe('login', binary ? {} : { skip: 'needs the program (VIRTUOSO_BINARY)' }, () => {
  let program;
  let proxy;
  before(async () => {
    program = await startProgram(binary);
    proxy = await subPathProxy(program.port, 'virtuoso');
  });
  after(async () => {
    await closeBrowser();
    await proxy?.stop();
    await program?.stop();
  });

  /** A page in a browser of its own, and at its end the proof that nothing forbidden happened on it. */
  async function onPage(path, size, body) {
    const { context, close } = await openBrowser(size);
    try {
      const { page, faults } = await openPage(context, proxy.url + path);
      await body(page, context);
      assert.deepEqual(faults.errors, [], 'no script error');
      assert.deepEqual(await policyViolations(page), [], 'no policy violation');
      assert.deepEqual(faults.foreign, [], 'no request to another origin');
    } finally {
      await close();
    }
  }
  const at = (page) => new URL(page.url()).pathname + new URL(page.url()).search + new URL(page.url()).hash;
  async function logIn(page, word = password) {
    await page.fill('#user', 'ann');
    await page.fill('#password', word);
    await page.click('button[type="submit"]');
  }
  async function axeViolations(page) {
    await page.evaluate(axeSource);
    const found = await page.evaluate(() => globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }));
    return found.violations.map((violation) => violation.id);
  }

  it('makes the first admin with the token that the program printed', async () => {
    await onPage('', {}, async (page) => {
      assert.equal(at(page), '/virtuoso/login');
      await page.waitForSelector('#token');
      assert.deepEqual(await axeViolations(page), []);
      assert.equal(await page.$eval('main', (main) => main.scrollWidth - main.clientWidth), 0, 'the form fits its card');
      await page.fill('#token', 'f'.repeat(32));
      await logIn(page);
      await until(async () => /setup token is wrong/.test(await page.textContent('[role="alert"]')), 'a wrong token is told');
      await page.fill('#token', /15 minutes is ([0-9a-f]{32})/.exec(program.said())[1]);
      await logIn(page);
      await page.waitForSelector(`tr[data-id="${btc}"]`);
      assert.equal(at(page), '/virtuoso/');
    });
  });

  it('leads to where one wanted to go, with the right password only', async () => {
    await onPage(`mobile#symbol=${btc}`, { width: 390, height: 844, hasTouch: true }, async (page) => {
      assert.equal(at(page), `/virtuoso/login?next=mobile#symbol=${btc}`);
      await page.waitForSelector('#user');
      assert.equal(await page.locator('#token').count(), 0, 'there is an admin: no token is asked for');
      await logIn(page, 'not the password');
      await until(async () => /name or the password is wrong/.test(await page.textContent('[role="alert"]')), 'why not');
      assert.equal(await page.inputValue('#user'), 'ann', 'what was typed stays');
      await logIn(page);
      await page.waitForSelector('[data-testid="symbol-view"]');
      assert.equal(at(page), `/virtuoso/mobile#symbol=${btc}`);
    });
  });

  it('sends a page that is open to the login when its session ends', async () => {
    await onPage('', {}, async (page, context) => {
      await page.waitForSelector('#user');
      await logIn(page);
      await page.waitForSelector(`tr[data-id="${btc}"]`);
      await page.click('[data-testid="pill"]');
      await until(async () => /Logged in as ann \(admin\)/.test(await page.textContent('[data-testid="login-line"]')), 'who it is');
      const other = await context.newPage();
      await other.goto(`${proxy.url}login`);
      assert.equal(await other.textContent('[data-testid="who"]'), 'ann');
      await other.click('text=Log out');
      await other.waitForSelector('#user');
      await page.waitForURL(/\/virtuoso\/login/, { timeout: 30_000 });
      await page.waitForSelector('#user');
      await other.goto(`${proxy.url}mobile`);
      assert.equal(at(other), '/virtuoso/login?next=mobile');
    });
  });

  it('opens the documentation too, whose calls stay below the sub-path', async () => {
    await onPage('docs', {}, async (page) => {
      assert.equal(at(page), '/virtuoso/login?next=docs');
      await page.waitForSelector('#user');
      await logIn(page);
      const tokens = page.locator('.opblock-get', { has: page.locator('[data-path="/api/tokens"]') });
      await tokens.locator('.opblock-summary').click();
      await tokens.locator('text=Try it out').click();
      const asked = page.waitForResponse(/\/api\/tokens$/);
      await tokens.locator('text=Execute').click();
      const answer = await asked;
      assert.equal(answer.url(), `${proxy.url}api/tokens`);
      assert.equal(answer.status(), 200);
    });
  });

  it('is not needed on this machine', async () => {
    const { context, close } = await openBrowser();
    try {
      const { page } = await openPage(context, program.url);
      await page.waitForSelector(`tr[data-id="${btc}"]`);
      await page.goto(`${program.url}login`);
      await page.click('text=Go on without');
      await page.waitForSelector(`tr[data-id="${btc}"]`);
    } finally {
      await close();
    }
  });
});
