// The account in Chromium, against the mock server: what is open, and what stops or closes it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, describe, it } from 'node:test';
import { closeBrowser, openBrowser, openPage, policyViolations } from '../browser.mjs';
import { password } from '../mock_account.mjs';
import { MockServer } from '../mock_server.mjs';
import { until } from '../until.mjs';

after(closeBrowser);
const againstProgram = process.env.VIRTUOSO_URL || process.env.VIRTUOSO_BINARY ? { skip: 'needs the mock server' } : {};
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const phone = { width: 390, height: 844, hasTouch: true };
const paper = { trading: 'paper', user: 'ann' };
const hold = '[data-testid="hold"]';

/** Runs a test on a page of its own, and checks at its end that nothing forbidden happened. */
async function onPage({ path = '#page=risk', size = {}, scheme = 'dark', account = paper, checkPolicy = true }, body) {
  const server = await new MockServer({ account, market: { symbolCount: 12 } }).start();
  const { context, close } = await openBrowser({ ...size, colorScheme: scheme });
  try {
    const { page, faults } = await openPage(context, server.url + path);
    await page.waitForSelector('tr[data-id], button[data-id], [data-testid="risk-view"]', { state: 'attached' });
    await body({ page, server });
    assert.deepEqual(faults.errors, [], 'no script error');
    if (checkPolicy) assert.deepEqual(await policyViolations(page), [], 'no policy violation');
    assert.deepEqual(faults.foreign, [], 'no request to another origin');
  } finally {
    await close();
    await server.stop();
  }
}

const says = (page, selector, words) => until(async () => words.test((await page.textContent(selector).catch(() => '')) ?? ''), `${selector} says ${words}`);

async function axeViolations(page) {
  await page.evaluate(axeSource);
  const results = await page.evaluate(() => globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
  return results.violations.map((violation) => `${violation.id}: ${violation.nodes.map((node) => node.target.join(' ')).slice(0, 3).join(' | ')}`);
}

describe('the account', againstProgram, () => {
  it('says how to turn trading on where it is off, and has no switch then', async () => {
    await onPage({ account: {}, path: '' }, async ({ page }) => {
      await page.keyboard.press('r');
      await says(page, '[data-testid="trading-off"]', /--trade paper/);
      assert.match(page.url(), /page=risk/);
      assert.equal(await page.locator(hold).count(), 0);
      await page.keyboard.press('Escape');
      await page.waitForSelector('[data-testid="symbol-grid"]');
      await page.goBack();
      await page.waitForSelector('[data-testid="trading-off"]');
    });
  });

  it('shows equity, positions with their stop, orders of unknown state and what was denied', async () => {
    await onPage({}, async ({ page, server }) => {
      await says(page, '[data-testid="equity"]', /^10,054\.15$/);
      await says(page, '[data-row="131"]', /BTC\/USDT.*long.*\+0\.50 R.*✓ at the venue.*32\.5 % away.*Order flow 62 %/s);
      const unconfirmed = await page.textContent('[data-row="132"]');
      assert.match(unconfirmed, /short.*−0\.43 R.*! not confirmed, \d.*% away, near/s);
      const entering = await page.textContent('[data-row="133"]');
      assert.match(entering, /entering/);
      assert.doesNotMatch(entering, /\+0|−0|0\.00 R/, 'what is not known is no zero');
      assert.match(await page.textContent('[data-row="v12-344"]'), /\? UNKNOWN.*asked for 3 times/s);
      assert.match(await page.textContent('[data-limit="MAX_BETA"]'), /not known.*— of 200 %/s);
      assert.match(await page.textContent('[data-limit="WEEKLY_LOSS"]'), /reached/);
      assert.match(await page.textContent('[data-testid="shortfall"]'), /−402\.17 USDT, 4\.0 % of the equity, from 95 % of 20 days/);
      await page.click('.parts button:text-is("Not traded")');
      await says(page, '[data-testid="denials"]', /SPREAD_WIDE.*at most 15.*wait for a narrower spread/s);
      server.refuse(true);
      server.drop();
      await says(page, '[aria-label="Equity"] .mark', /^stale, \d/);
    });
  });

  it('keeps only the trades in view in the document, and reads older ones when asked to', async () => {
    await onPage({}, async ({ page }) => {
      await page.click('.parts button:text-is("Ended trades")');
      const table = page.locator('table[aria-label="Ended trades"]');
      await table.waitFor();
      assert.equal(await table.getAttribute('aria-rowcount'), '101');
      assert.ok((await table.locator('tr.row').count()) < 60);
      const scroller = page.locator('[aria-label="Ended trades, row by row"]');
      await scroller.evaluate((element) => (element.scrollTop = element.scrollHeight));
      await page.click('text=Older trades');
      await until(async () => (await table.getAttribute('aria-rowcount')) === '131', 'all of them');
      await scroller.evaluate((element) => (element.scrollTop = element.scrollHeight));
      await page.waitForSelector('[data-row="1"]');
      assert.equal(await page.locator('[data-row="130"]').count(), 0);
    });
  });

  it('asks who it is in place, shows the account at once, and asks again when the login has ended', async () => {
    await onPage({ account: { trading: 'paper' } }, async ({ page, server }) => {
      await page.fill('#user', 'ann');
      await page.fill('#password', 'not the password');
      await page.click('button[type="submit"]');
      await says(page, '[role="alert"]', /password is wrong/);
      await page.fill('#password', password);
      await page.click('button[type="submit"]');
      await says(page, '[data-testid="equity"]', /10,054/);
      server.account.user = null;
      server.drop();
      await page.waitForSelector('#user');
      assert.equal(await page.locator('[data-testid="equity"]').count(), 0, 'nothing of it stays when the login ends');
    });
  });

  it('closes a position once it is confirmed, and lists it among the ended', async () => {
    await onPage({}, async ({ page, server }) => {
      await page.click('[aria-label="Close the position in BTC/USDT"]');
      await until(() => page.evaluate(() => document.activeElement.textContent === 'Cancel'), 'nothing is done by a slip');
      assert.match(await page.textContent('[data-testid="close-dialog"]'), /long 0\.05.*\+24\.39/s);
      await page.keyboard.press('Enter');
      assert.deepEqual(server.changes, []);
      server.hinder = () => [409, { title: 'Conflict', status: 409, detail: 'it is being closed already' }];
      await page.click('[aria-label="Close the position in BTC/USDT"]');
      await page.click('text=Close at the market');
      await says(page, '[data-testid="close-dialog"] [role="alert"]', /being closed already/);
      server.hinder = () => undefined;
      await page.click('text=Close at the market');
      await until(async () => (await page.locator('[data-row="131"]').count()) === 0, 'it is gone');
      assert.deepEqual(server.changes.map(({ method, path }) => `${method} ${path}`), ['POST api/positions/131/close', 'POST api/positions/131/close']);
      assert.equal(await page.locator('dialog[open]').count(), 0);
      await page.click('.parts button:text-is("Ended trades")');
      await page.waitForSelector('table[aria-label="Ended trades"] [data-row="131"] >> text=closed by hand');
    });
  });
});

describe('an order', againstProgram, () => {
  it('is cancelled once it is confirmed, and has no button where it protects a position', async () => {
    await onPage({}, async ({ page, server }) => {
      await page.waitForSelector('[data-row="v12-343"]');
      assert.equal(await page.locator('[data-row="v12-341"] .cancel').count(), 0, 'a stop stays');
      await page.click('[aria-label="Cancel the target v12-343 in BTC/USDT"]');
      await until(() => page.evaluate(() => document.activeElement.textContent === 'Keep it'), 'nothing is done by a slip');
      assert.match(await page.textContent('[data-testid="cancel-dialog"]'), /BTC\/USDT, Target: sell 0\.0150 at 99,700\.0\..*not placed anew/s);
      await page.keyboard.press('Enter');
      assert.deepEqual(server.changes, []);
      server.hinder = () => [404, { title: 'Not found', status: 404, detail: 'order v12-343 is not open' }];
      await page.click('[data-row="v12-343"] .cancel');
      await page.click('text=Cancel the order');
      await says(page, '[data-testid="cancel-dialog"] [role="alert"]', /is not open/);
      server.hinder = () => undefined;
      await page.click('text=Cancel the order');
      await says(page, '[data-row="v12-343"]', /× cancelled.*requested/s);
      assert.equal(await page.locator('[data-row="v12-343"] .cancel').count(), 0, 'once');
      assert.equal(await page.locator('dialog[open]').count(), 0);
      assert.deepEqual(server.changes.map(({ method, path }) => `${method} ${path}`), ['DELETE api/orders/v12-343', 'DELETE api/orders/v12-343']);
    });
  });
});

describe('the kill switch', againstProgram, () => {
  const switches = (server) => server.changes.filter(({ path }) => path === 'api/trading/kill-switch');

  it('is sent at once when it has been held for a second, from any page', async () => {
    await onPage({ path: '' }, async ({ page, server }) => {
      await page.waitForSelector(hold);
      await says(page, '[data-testid="trading-badge"]', /paper.*active/s);
      await page.evaluate(() => addEventListener('pointerdown', () => (window.pressedAt = Date.now()), { capture: true }));
      const delays = [];
      // A busy machine gets three tries.
      while (delays.length < 3 && !delays.some((delay) => delay < 250)) {
        const before = switches(server).length;
        await page.hover(hold);
        await page.mouse.down();
        const sent = await until(() => switches(server)[before], 'it is sent');
        await page.mouse.up();
        assert.deepEqual(sent.body, { on: true, flatten: false });
        delays.push(sent.at - (await page.evaluate(() => window.pressedAt)) - 1000);
        await page.waitForSelector('[data-testid="release"]');
        if (delays.at(-1) < 250) break;
        server.account.riskMode = { mode: 'ACTIVE', since: null, who: null, reason: null };
        await page.waitForSelector(hold);
      }
      console.log(`# from held to received: ${delays.join(', ')} ms`);
      assert.ok(delays.every((delay) => delay >= 0), 'not before the second is over');
      assert.ok(delays.some((delay) => delay < 250), `${delays.join(', ')} ms`);
      assert.equal(await page.locator('dialog[open]').count(), 0);
    });
  });

  it('is not sent by a slip: a short press asks for the word, by pointer, key or screen reader', async () => {
    await onPage({ path: '' }, async ({ page, server }) => {
      const closed = () => until(async () => (await page.locator('dialog[open]').count()) === 0, 'closed');
      await page.click(hold);
      await page.waitForSelector('[data-testid="switch"]');
      await page.keyboard.press('Escape');
      await closed();
      await page.focus(hold);
      await page.keyboard.press('Enter');
      await page.waitForSelector('[data-testid="switch"]');
      await page.keyboard.press('Escape');
      await closed();
      await page.$eval(hold, (button) => button.click());
      await page.click('text=Halt and close everything');
      const stop = page.locator('[data-testid="switch"] button[type="submit"]');
      assert.ok(await stop.isDisabled());
      await page.fill('[data-testid="halt-word"]', 'HALF');
      assert.ok(await stop.isDisabled());
      assert.deepEqual(server.changes, []);
      await page.fill('[data-testid="halt-word"]', 'halt');
      await stop.click();
      await page.waitForSelector('[data-testid="release"]');
      assert.deepEqual(switches(server).map(({ body }) => body), [{ on: true, flatten: true }]);
    });
  });

  it('is released with a reason, by who may, with a code where codes are on', async () => {
    await onPage({ account: { ...paper, has_second_factor: true } }, async ({ page, server }) => {
      server.account.riskMode = { mode: 'HALTED', since: Date.now() - 60_000, who: 'bob', reason: 'the feed looked wrong' };
      await says(page, '[data-testid="risk-state"]', /HALTED.*by bob: the feed looked wrong/s);
      await page.click('[data-testid="release"]');
      await page.fill('#authenticator', '000000');
      await page.click('text=Go on');
      await says(page, '[data-testid="gate"] [role="alert"]', /code is wrong/);
      await page.fill('#authenticator', '123456');
      await page.click('text=Go on');
      await page.click('button:text-is("Release trading")');
      assert.deepEqual(switches(server), [], 'a reason is needed');
      await page.fill('[data-testid="release-reason"]', 'the feed is whole again');
      await page.click('button:text-is("Release trading")');
      await page.waitForSelector(hold);
      assert.deepEqual(switches(server).map(({ body }) => body), [{ on: false, reason: 'the feed is whole again' }]);
      await says(page, '[data-testid="risk-state"]', /ACTIVE.*by ann/s);
    });
  });

  it('says when the program has not done it, and that a viewer may stop trading but not release it', async () => {
    await onPage({ path: '', account: { ...paper, role: 'viewer' } }, async ({ page, server }) => {
      server.hinder = () => [503, { title: 'Unavailable', status: 503, detail: 'the disk is full: it is not kept; write the file KILL' }];
      await page.hover(hold);
      await page.mouse.down();
      await says(page, '[data-testid="switch"] [role="alert"]', /write the file KILL/);
      await page.mouse.up();
      assert.equal(await page.locator(hold).count(), 1, 'it does not look halted');
      server.hinder = () => undefined;
      await page.fill('[data-testid="halt-word"]', 'HALT');
      await page.click('[data-testid="switch"] button[type="submit"]');
      await page.click('[data-testid="release"]');
      await says(page, '[data-testid="gate"]', /who may only look: it takes a trader or an admin/);
    });
  });
});

describe('the account on a phone', againstProgram, () => {
  it('has the switch in reach of the thumb on every tab, fits, and holds by touch', async () => {
    const size = { width: 320, height: 640, hasTouch: true };
    await onPage({ path: 'mobile', size }, async ({ page, server }) => {
      for (const tab of ['Market', 'Symbol', 'Risk']) {
        await page.click(`nav button:has-text("${tab}")`);
        const box = await page.locator(hold).boundingBox();
        assert.ok(box.height >= 44 && box.width >= 44, `${tab}: ${box.width} x ${box.height}`);
        assert.ok(box.y > size.height * 0.7 && box.y + box.height <= size.height, `${tab}: at ${box.y}`);
      }
      await page.waitForSelector('[data-testid="positions"] [data-row="131"]');
      for (const part of ['Limits', 'Orders', 'Ended', 'Denied', 'Open']) {
        await page.click(`.parts button:has-text("${part}")`);
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0, part);
        assert.equal(await page.$eval('main', (main) => main.scrollWidth - main.clientWidth), 0, part);
      }
      const small = await page.$$eval('[data-testid="risk-view"] button', (buttons) => buttons.filter((button) => button.offsetHeight > 0 && button.offsetHeight < 44).map((button) => button.textContent));
      assert.deepEqual(small, [], 'targets are of 44 px');
      const { x, y, width, height } = await page.locator(hold).boundingBox();
      const client = await page.context().newCDPSession(page);
      await client.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [{ x: x + width / 2, y: y + height / 2 }] });
      await page.waitForSelector('[data-testid="release"]');
      await client.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
      assert.equal(server.changes.length, 1);
    });
  });
});

describe('the account for everybody', againstProgram, () => {
  it('axe finds nothing on the desktop page, in both themes', async () => {
    await onPage({ checkPolicy: false }, async ({ page, server }) => {
      await page.waitForSelector('[data-row="131"]');
      assert.deepEqual(await axeViolations(page), [], 'positions and orders');
      await page.keyboard.press('t');
      await page.click('.parts button:text-is("Ended trades")');
      await page.waitForSelector('table[aria-label="Ended trades"]');
      assert.deepEqual(await axeViolations(page), [], 'journal');
      await page.click(hold);
      await page.waitForSelector('[data-testid="halt-word"]');
      assert.deepEqual(await axeViolations(page), [], 'switch');
      server.account.riskMode = { mode: 'HALTED', since: Date.now(), who: 'ann', reason: null };
      await page.waitForSelector('[data-testid="release-reason"]');
      assert.deepEqual(await axeViolations(page), [], 'release');
    });
  });

  it('axe finds nothing on the phone, in both themes', async () => {
    await onPage({ checkPolicy: false, path: 'mobile#page=risk', size: phone }, async ({ page }) => {
      await page.waitForSelector('[data-row="131"]');
      assert.deepEqual(await axeViolations(page), [], 'dark');
      await page.click('nav button:has-text("Light")');
      await page.click('.parts button:has-text("Limits")');
      assert.deepEqual(await axeViolations(page), [], 'light');
    });
  });
});
