// What the symbol view shows besides score, book and tape: overlays, the parts below the chart, method pages, the gate.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

/** in: the helpers of page.test.mjs. The program's first closed minute may be a minute away. */
export function symbolPartTests({ onPage, until, axeViolations, realUrl, mockOnly, btc, phone }) {
  const parts = ['Zones', 'Liquidations', 'Footprint', 'Profile', 'Indicators', 'Events'];
  const minuteMs = realUrl ? 100_000 : 20_000;
  const open = { path: `#symbol=${btc}` };
  const press = (page, name) => page.click(`[data-testid="overlays"] button:has-text("${name}")`);
  const show = async (page, part) => {
    await page.click(`.parts button:text-is("${part}")`);
    assert.equal(await page.textContent('.parts [aria-pressed="true"]'), part);
  };

  describe('over the candles', () => {
    const drawn = async (page) => {
      const { boxes, lines, marks, bars } = await page.locator('[data-testid="overlays"]').evaluate((element) => ({ ...element.dataset }));
      return [boxes, lines, marks, bars].map(Number);
    };

    it('zones, liquidation levels and events are drawn, each by its switch, and the choice is remembered', async () => {
      await onPage(open, async ({ page }) => {
        await page.waitForSelector('[data-testid="chart"] canvas');
        await until(async () => (await drawn(page))[0] > 0, 'zones are drawn', minuteMs);
        if (!realUrl) {
          await until(async () => (await drawn(page)).join() === '8,1,3,0', 'six zones, a gap and a block; a break; three marks');
          await press(page, 'Liquidations');
          await until(async () => (await drawn(page)).join() === '8,1,3,4', 'four levels within five per cent');
          await press(page, 'Zones');
          await until(async () => (await drawn(page)).join() === '2,1,3,4', 'no zones');
          await page.click('.segments button:text-is("4h")');
          await until(async () => (await drawn(page)).join() === '0,1,2,4', 'the break of four hours, and what follows from no bars');
        } else {
          await press(page, 'Zones');
        }
        await press(page, 'Events');
        await until(async () => (await drawn(page)).slice(0, 3).join() === '0,0,0', 'nothing but levels');
        await page.reload();
        await page.waitForSelector('[data-testid="chart"] canvas');
        assert.equal(await page.getAttribute('[data-testid="overlays"] button:has-text("Zones")', 'aria-pressed'), 'false');
        assert.equal(await page.getAttribute('[data-testid="overlays"] button:has-text("Liquidations")', 'aria-pressed'), realUrl ? 'false' : 'true');
      });
    });

    it('a switch changes what is painted and nothing else', mockOnly, async () => {
      await onPage(open, async ({ page, server }) => {
        await page.waitForSelector('[data-testid="chart"] canvas');
        await until(async () => (await drawn(page))[0] === 8, 'drawn');
        server.flushing = false;
        const painted = () => page.$$eval('[data-testid="chart"] canvas', (all) => all.map((canvas) => canvas.toDataURL()).join());
        const settled = async () => {
          let last = '';
          return until(async () => {
            const now = await painted();
            const isStill = now === last;
            last = now;
            return isStill && now;
          }, 'the chart is still');
        };
        const withZones = await settled();
        await press(page, 'Zones');
        const without = await until(async () => { const now = await settled(); return now !== withZones && now; }, 'the zones are gone');
        await press(page, 'Zones');
        await until(async () => (await settled()) === withZones, 'the same picture again');
        assert.notEqual(without, withZones);
      });
    });

    it('only what is switched on is asked for', mockOnly, async () => {
      await onPage(open, async ({ page, server }) => {
        const asked = () => server.received.filter((message) => message.op === 'subscribe').flatMap((message) => message.topics).map((topic) => topic.split('.')[0]);
        await until(() => asked().includes('zones') && asked().includes('events'), 'the standard overlays');
        assert.ok(!asked().includes('liquidations') && !asked().includes('profile'));
        await press(page, 'Liquidations');
        await until(() => asked().includes('liquidations'), 'asked for');
        await press(page, 'Zones');
        await until(() => server.received.some((message) => message.op === 'unsubscribe' && message.topics.includes(`zones.${btc}`)), 'no longer followed');
      });
    });
  });

  describe('below the chart', () => {
    it('each part shows what its route answers', async () => {
      await onPage(open, async ({ page }) => {
        await page.waitForSelector('[data-testid="waterfall"]');
        await show(page, 'Zones');
        await page.waitForSelector('[data-testid="zones"] tr[data-zone]', { timeout: minuteMs });
        assert.match(await page.textContent('[data-testid="zones-note"]'), /Any price is bounced off \d+% of the time|not known yet/);
        const prices = await page.$$eval('[data-testid="zones"] tr[data-zone]', (rows) => rows.map((row) => Number(row.dataset.zone)));
        assert.deepEqual(prices, [...prices].sort((a, b) => b - a), 'highest first');
        await show(page, 'Liquidations');
        assert.match(await page.textContent('[data-testid="liquidations-note"]'), /An estimate.*Announced levels that were hit: .*places that mean nothing: /);
        await show(page, 'Footprint');
        await page.waitForSelector('[data-testid="footprint"] tbody tr', { timeout: minuteMs });
        assert.match(await page.textContent('[data-testid="footprint"] tbody'), /\d × \d/);
        await show(page, 'Profile');
        await page.waitForSelector('[data-testid="profile"] tr.control');
        assert.ok((await page.$$('[data-testid="profile"] tr')).length > 10);
        assert.match(await page.textContent('[data-testid="profile-note"]'), /value area .* to .* with \d+% of the volume/);
        await show(page, 'Indicators');
        await page.waitForSelector('[data-indicator="sma_20"]');
        const all = (await page.$$('[data-indicator]')).length;
        await page.fill('[aria-label="Filter indicators"]', 'sma 20');
        assert.ok((await page.$$('[data-indicator]')).length < all);
        assert.match(await page.textContent('[data-indicator="sma_20"]'), /\d/);
        await show(page, 'Events');
        await page.waitForSelector('[data-testid="events"], [data-state="empty"]');
        await show(page, 'Why');
        await page.waitForSelector('[data-testid="waterfall"]');
      });
    });

    it('says of an indicator that it is warming, of a zone that it was never touched, and marks what is proven', mockOnly, async () => {
      await onPage(open, async ({ page }) => {
        await show(page, 'Indicators');
        assert.match(await page.textContent('[data-indicator="sma_200"]'), /—\s*warming, 120 of 200 bars/);
        await page.keyboard.press('3');
        await until(async () => /30m/.test(await page.textContent('[aria-label="Indicators"] .actions')), 'the timeframe of the chart');
        await show(page, 'Zones');
        await page.waitForSelector('[data-testid="zones"] tr[data-zone]');
        const cells = await page.$$eval('[data-testid="zones"] tr[data-zone]:first-child td', (all) => all.map((cell) => cell.textContent.trim()));
        assert.equal(cells[2], '—', 'above the price nothing was touched from above');
        assert.match(cells[3], /^3 of 6\s*38% to 100%$/);
        assert.equal(await page.$$eval('[data-testid="zones"] tr .proven', (all) => all.length), 3);
      });
    });

    it('events say when they could be known and which are rules of thumb', mockOnly, async () => {
      await onPage(open, async ({ page }) => {
        await show(page, 'Events');
        await page.waitForSelector('[data-testid="events"] tr[data-event]');
        const rows = await page.$$eval('[data-testid="events"] tr[data-event]', (all) => all.map((row) => row.textContent.replace(/\s+/g, ' ').trim()));
        assert.equal(rows.length, 7);
        assert.match(rows[0], /Vanished order ?heuristic/, 'the newest first');
        assert.match(rows[1], /Iceberg ?heuristic.*0\.93.*bid resting, 5 refills, 1\.20M quote/);
        assert.doesNotMatch(rows[2], /heuristic/);
        const low = await page.$$eval('[data-testid="events"] a.kind', (all) => all.filter((item) => Math.min(item.getBoundingClientRect().height, item.getBoundingClientRect().width) < 24).length);
        assert.equal(low, 0, 'links of rows that stand close are 24 px high');
        await page.selectOption('[aria-label="Kind of event"]', 'break_of_structure');
        assert.equal((await page.$$('[data-testid="events"] tr[data-event]')).length, 2);
      });
    });
  });

  describe('methods', () => {
    it('each component links to its page, which reads without a network', async () => {
      await onPage(open, async ({ page, context }) => {
        await page.click('[data-part="order_flow"] button');
        const [method] = await Promise.all([context.waitForEvent('page'), page.click('[data-component="trade_imbalance"] a.method')]);
        await method.waitForSelector('h1');
        assert.equal(await method.textContent('h1'), 'Trade imbalance');
        const text = await method.textContent('main');
        for (const part of ['What it says', 'When it errs', 'What the program says of it', 'TradeImbalance.EqualsTheOracle']) assert.ok(text.includes(part), part);
        assert.equal(await method.evaluate(() => getComputedStyle(document.documentElement).backgroundColor), 'rgb(11, 15, 22)', 'in the colours of the pages');
        assert.deepEqual(await axeViolations(method), [], 'axe');
        await method.click('text=All methods');
        await method.waitForSelector('h1:has-text("Indicators")');
        assert.ok((await method.$$('main a[href^="./"]')).length > 35);
        await method.close();
      });
    });

    it('every component of the score has one', async () => {
      await onPage(open, async ({ page }) => {
        for (const part of ['order_flow', 'liquidity']) await page.click(`[data-part="${part}"] button`);
        const links = await page.$$eval('[data-component] a.method', (all) => all.map((link) => link.href));
        assert.ok(links.length >= 13);
        for (const link of links) {
          const answer = await page.request.get(link);
          assert.equal(answer.status(), 200, link);
          assert.match(answer.headers()['content-type'], /text\/html/);
        }
      });
    });
  });

  describe('the gate', () => {
    it('says what stops a signal, with value, threshold and what to do', async () => {
      await onPage(open, async ({ page }) => {
        const gate = await page.waitForSelector('[data-testid="gate"]');
        assert.match(await gate.textContent(), /^No signal: .*\d.* · .+/);
        assert.match(await gate.getAttribute('title'), /^\w.*: .+/);
      });
    });

    it('is withheld evidence while the symbol is warming', mockOnly, async () => {
      await onPage({ ...open, market: { warming: [btc] } }, async ({ page }) => {
        assert.match(await page.textContent('[data-testid="gate"]'), /% of the evidence is alive, 80 % are needed/);
      });
    });
  });

  describe('parts on a phone', () => {
    it('all are reached, none overflows, and targets are 44 px', async () => {
      await onPage({ path: `mobile#symbol=${btc}`, size: phone }, async ({ page }) => {
        await page.click('.parts button:text-is("More")');
        const overflow = () => page.evaluate(() => Math.max(document.documentElement.scrollWidth - document.documentElement.clientWidth, document.querySelector('main').scrollWidth - document.querySelector('main').clientWidth));
        for (const part of parts) {
          await page.click(`.details button:text-is("${part}")`);
          await page.waitForSelector(`.more .panel:not([data-state="loading"])`, { timeout: minuteMs });
          assert.equal(await overflow(), 0, part);
          if (!realUrl) {
            const isCut = await page.$eval('.more .scroll', (element) => element.scrollWidth > element.clientWidth + 1);
            assert.equal(isCut, false, `${part} fits its panel`);
          }
        }
        const small = await page.$$eval('.details button', (all) => all.filter((item) => item.getBoundingClientRect().height < 44).length);
        assert.equal(small, 0);
        await page.click('.parts button:text-is("Chart")');
        await page.waitForSelector('[data-testid="overlays"]');
        const low = await page.$$eval('[data-testid="overlays"] button', (all) => all.filter((item) => item.getBoundingClientRect().height < 44).length);
        assert.equal(low, 0);
        await page.click('.parts button:text-is("Why")');
        await page.click('[data-part="order_flow"] button');
        const tight = await page.$$eval('.why [data-component] .method', (all) => all.filter((item) => Math.min(item.getBoundingClientRect().height, item.getBoundingClientRect().width) < 44).length);
        assert.equal(tight, 0, 'links to the methods');
      });
    });
  });

  describe('accessibility of the parts', () => {
    for (const scheme of ['dark', 'light']) {
      it(`axe finds nothing in any of them (${scheme})`, async () => {
        await onPage({ ...open, scheme, checkPolicy: false }, async ({ page }) => {
          await page.waitForSelector('[data-testid="chart"] canvas');
          for (const part of parts) {
            await show(page, part);
            await page.waitForSelector('.why .panel:not([data-state="loading"])', { timeout: minuteMs });
            assert.deepEqual(await axeViolations(page), [], part);
          }
        });
      });
    }
  });
}
