// The pages in Chromium. Against the mock server everything runs; against the program itself (VIRTUOSO_URL or
// VIRTUOSO_BINARY) the subset that needs no faults on command.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, describe, it } from 'node:test';
import { closeBrowser, openBrowser, openPage, policyViolations } from '../browser.mjs';
import { MockServer } from '../mock_server.mjs';
import { programUnderTest } from '../program.mjs';
import { overviewUpdates, until } from '../until.mjs';
import { symbolPartTests } from './symbol_parts.mjs';

const program = await programUnderTest();
const realUrl = program?.url ?? null;
after(async () => {
  await closeBrowser();
  await program?.stop();
});
const mockOnly = realUrl ? { skip: 'needs the mock server' } : {};
const programOnly = realUrl ? {} : { skip: 'needs the program (VIRTUOSO_BINARY)' };
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const btc = 'bybit-linear-BTCUSDT';
const eth = 'bybit-linear-ETHUSDT';
const sol = 'bybit-linear-SOLUSDT';
const phone = { width: 390, height: 844, hasTouch: true };

const numberOf = (text) => Number(text.replaceAll(',', '').replace('−', '-').replace(/[^0-9.+-]/g, ''));

/** Runs a test on a page of its own, with a server of its own, and checks at its end that nothing forbidden happened. */
async function onPage({ path = '', size = {}, scheme = 'dark', market = {}, server: options = {}, checkPolicy = true }, body) {
  const server = realUrl ? null : await new MockServer({ market, ...options }).start();
  const { context, close } = await openBrowser({ ...size, colorScheme: scheme });
  try {
    const { page, faults } = await openPage(context, (realUrl ?? server.url) + path);
    await page.waitForSelector('tr[data-id], button[data-id], [data-testid="symbol-view"]');
    await body({ page, server, faults, context });
    assert.deepEqual(faults.errors, [], 'no script error');
    if (checkPolicy) {
      assert.deepEqual(await policyViolations(page), [], 'no policy violation');
      assert.deepEqual(faults.violations, [], 'no policy complaint');
    }
    assert.deepEqual(faults.foreign, [], 'no request to another origin');
  } finally {
    await close();
    await server?.stop();
  }
}

const rowIds = (page) => page.$$eval('tr[data-id]', (rows) => rows.map((row) => row.dataset.id));
const cellText = (page, id, column) => page.textContent(`tr[data-id="${id}"] [data-col="${column}"]`);

/** Waits until the server sent so many more changes of the overview. */
async function updates(server, page, count) {
  if (!server) return page.waitForTimeout(count * 110);
  await overviewUpdates(server, count);
}

async function axeViolations(page) {
  await page.evaluate(axeSource);
  const results = await page.evaluate(() => globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
  return results.violations.map((violation) => `${violation.id}: ${violation.nodes.map((node) => node.target.join(' ')).slice(0, 3).join(' | ')}`);
}

describe('overview', () => {
  it('shows 30 or more symbols that move, and says which market it is', async () => {
    await onPage({}, async ({ page }) => {
      assert.ok((await rowIds(page)).length >= 30);
      const read = () => page.$$eval('td[data-col="price"]', (cells) => cells.map((cell) => cell.textContent));
      const first = (await read()).join();
      await until(async () => (await read()).join() !== first, 'prices move');
      assert.match(await page.textContent('[data-testid="mode"]'), /DEMO|REPLAY|LIVE/);
      await until(async () => /Live|Degraded/.test(await page.textContent('[data-testid="pill"]')), 'the pill is live');
    });
  });

  for (const [path, size] of [['', {}], ['mobile', phone]]) {
    it(`shows a symbol whose name is markup as the text that it is, on ${path || 'the desktop'}`, mockOnly, async () => {
      const markup = '"><img src=x onerror=alert(1)>';
      await onPage({ path, size, market: { more: [markup] } }, async ({ page }) => {
        const dialogs = [];
        page.on('dialog', (dialog) => dialogs.push(dialog.dismiss()));
        const place = `[data-id="bybit-linear-${markup.replaceAll('"', '\\"')}USDT"]`;
        await page.waitForSelector(place);
        assert.ok((await page.textContent(place)).includes(markup), 'in the list');
        await page.click(place);
        await page.waitForSelector('[data-testid="symbol-view"]');
        assert.ok((await page.textContent('[data-testid="symbol-view"]')).includes(markup), 'in its own view');
        await page.reload();
        await page.waitForSelector('[data-testid="symbol-view"]');
        assert.equal(await page.locator('img').count(), 0, 'no element is made of it, by a link either');
        assert.deepEqual(dialogs, [], 'nothing of it runs');
      });
    });
  }

  it('prints prices with the decimals of the tick size', mockOnly, async () => {
    await onPage({}, async ({ page, server }) => {
      for (const symbol of server.market.symbols.values()) {
        const text = await cellText(page, symbol.id, 'price');
        const decimals = Math.round(-Math.log10(symbol.tick));
        assert.equal(text.split('.')[1]?.length ?? 0, decimals, `${symbol.id}: ${text}`);
      }
    });
  });

  it('shows absent dimensions as absent, never as 0 or 50', async () => {
    await onPage({}, async ({ page }) => {
      // Bitcoin has no beta to itself, and the program has no model; the mock has two dimensions only.
      const absent = realUrl ? ['bitcoin_beta', 'machine_learning'] : ['sentiment', 'bitcoin_beta', 'smart_money', 'machine_learning'];
      const [kind, words] = realUrl ? ['not_applicable', /n\/a\s*does not apply/] : ['not_installed', /—\s*not installed/];
      for (const name of absent) {
        const cell = page.locator(`tr[data-id="${btc}"] [data-col="${name}"]`);
        assert.equal(await cell.getAttribute('data-kind'), kind);
        assert.match(await cell.textContent(), words);
        assert.doesNotMatch(await cell.textContent(), /\d/);
        assert.match(await cell.locator('[title]').first().getAttribute('title'), realUrl ? /does not apply/ : /not installed/);
      }
    });
  });

  it('keeps sorting, selection, focus and scroll through 50 updates', async () => {
    await onPage({ size: { width: 1600, height: 600 } }, async ({ page, server }) => {
      await page.click('[data-header="symbol"] button');
      await page.click('[data-header="change"] button');
      await page.keyboard.press('Escape');
      await page.click(`tr[data-id="${eth}"] td[data-col="price"]`);
      await page.waitForSelector('[data-testid="symbol-view"]');
      const scroller = page.locator('[data-testid="symbol-scroll"]');
      await scroller.evaluate((element) => (element.scrollTop = 200));
      await page.evaluate((id) => (document.getElementById(`row-${id}`).marked = true), eth);
      await updates(server, page, 50);
      assert.equal(await scroller.evaluate((element) => element.scrollTop), 200);
      assert.equal(await page.getAttribute(`tr[data-id="${eth}"]`, 'aria-selected'), 'true');
      assert.equal(await page.getAttribute('[data-testid="symbol-grid"]', 'aria-activedescendant'), `row-${eth}`);
      assert.equal(await page.evaluate(() => document.activeElement.dataset.testid), 'symbol-grid');
      assert.equal(await page.evaluate((id) => document.getElementById(`row-${id}`).marked, eth), true, 'the row is the same element');
      assert.equal(await page.getAttribute('[data-header="change"]', 'aria-sort'), 'descending');
      // Rows order themselves once a second; between two beats a value may have moved past its neighbour.
      const isSorted = async () => {
        // Rows far from view keep what they showed last.
        const values = await page.$$eval('td[data-col="change"]', (cells) => {
          const { top, bottom } = document.querySelector('[data-testid="symbol-scroll"]').getBoundingClientRect();
          return cells.filter((cell) => cell.getBoundingClientRect().bottom > top && cell.getBoundingClientRect().top < bottom).map((cell) => cell.textContent);
        });
        const numbers = values.map(numberOf);
        return numbers.every((value, index) => index === 0 || numbers[index - 1] >= value);
      };
      await until(isSorted, 'rows are sorted by change');
      assert.match(page.url(), /sort=change&dir=desc/);
    });
  });

  it('sorts by every column without losing a row, unknown values last', async () => {
    await onPage({ market: { warming: [btc] } }, async ({ page }) => {
      const all = (await rowIds(page)).sort();
      for (const header of await page.$$eval('th[data-header]', (cells) => cells.map((cell) => cell.dataset.header))) {
        await page.click(`[data-header="${header}"] button`);
        assert.deepEqual((await rowIds(page)).sort(), all);
      }
      if (realUrl) return;
      await page.click('[data-header="score"] button');
      assert.equal((await rowIds(page)).at(-1), btc);
      await page.click('[data-header="score"] button');
      assert.equal((await rowIds(page)).at(-1), btc);
    });
  });

  it('filters from the keyboard, keeps the filter in the address and clears it', async () => {
    await onPage({}, async ({ page, server }) => {
      const total = (await rowIds(page)).length;
      await page.keyboard.press('/');
      await page.keyboard.type('eth');
      await until(async () => (await rowIds(page)).includes(eth) && (await rowIds(page)).length < total, 'filtered');
      await updates(server, page, 5);
      assert.ok((await rowIds(page)).every((id) => /eth/i.test(id)));
      assert.match(page.url(), /q=eth/);
      await page.keyboard.type('zzz');
      assert.match(await page.textContent('.none'), /No symbol matches/);
      await page.keyboard.press('Escape');
      assert.equal((await rowIds(page)).length, total);
      await page.reload();
      await page.waitForSelector('tr[data-id]');
      assert.equal((await rowIds(page)).length, total);
    });
  });

  it('is worked from the keyboard alone', async () => {
    await onPage({}, async ({ page }) => {
      const [first, second] = await rowIds(page);
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('ArrowDown');
      const grid = page.locator('[data-testid="symbol-grid"]');
      assert.equal(await grid.getAttribute('aria-activedescendant'), `row-${second}`);
      await page.keyboard.press('ArrowUp');
      await page.keyboard.press('Enter');
      await page.waitForSelector('[data-testid="symbol-view"]');
      assert.match(page.url(), new RegExp(`symbol=${first}`));
      await page.keyboard.press('4');
      assert.equal(await page.textContent('.segments [aria-pressed="true"]'), '4h');
      await page.keyboard.press('Escape');
      await until(async () => (await page.$('[data-testid="symbol-view"]')) === null, 'closed');
      await page.goBack();
      await page.waitForSelector('[data-testid="symbol-view"]');
      await page.keyboard.press('?');
      assert.ok(await page.isVisible('dialog[open] >> text=Keys'));
      await page.keyboard.press('Escape');
      await until(async () => (await page.$('dialog[open]')) === null, 'help closed');
    });
  });

  it('explains a number with unit, source and time', async () => {
    await onPage({}, async ({ page }) => {
      for (const [column, words] of [['price', /USDT.*source: bybit ticker.*UTC/], ['spread', /bps.*order book.*UTC/], ['score', /coverage.*UTC/], ['order_flow', /50 is neutral.*UTC/]]) {
        await page.hover(`tr[data-id="${btc}"] [data-col="${column}"]`);
        assert.match(await page.getAttribute(`tr[data-id="${btc}"] [data-col="${column}"]`, 'title'), words);
      }
    });
  });

  it('shows a change within 250 ms of its sending', mockOnly, async () => {
    await onPage({ server: { flush: false } }, async ({ page, server }) => {
      await page.evaluate((id) => {
        const cell = document.querySelector(`tr[data-id="${id}"] [data-col="price"]`);
        window.paints = [];
        new MutationObserver(() => requestAnimationFrame(() => window.paints.push({ text: cell.textContent, at: Date.now() }))).observe(cell, { childList: true, characterData: true, subtree: true });
      }, btc);
      let price = 90_000.1;
      const measure = async () => {
        const delays = [];
        for (let change = 0; change < 20; change += 1) {
          price += 1;
          const text = price.toLocaleString('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 1 });
          server.market.force(btc, { price });
          const sentAt = Date.now();
          server.flush();
          const paint = await until(() => page.evaluate((wanted) => window.paints.find((entry) => entry.text === wanted), text), 'the change');
          delays.push(paint.at - sentAt);
        }
        delays.sort((a, b) => a - b);
        console.log(`# send to painted frame: median ${delays[10]} ms, max ${delays.at(-1)} ms of 20`);
        return delays[18];
      };
      // The server flushes every 100 ms, so 150 ms remain for the way and the frame. A busy machine gets three tries.
      const percentiles = [];
      while (percentiles.length < 3 && !percentiles.some((delay) => delay <= 150)) percentiles.push(await measure());
      assert.ok(percentiles.some((delay) => delay <= 150), `95th percentiles ${percentiles.join(', ')} ms`);
    });
  });
});

describe('symbol view', () => {
  it('adds up from 50 to the score, as displayed', async () => {
    await onPage({ path: `#symbol=${btc}` }, async ({ page, server }) => {
      await page.waitForSelector('[data-testid="waterfall"]');
      const read = () =>
        page.$$eval('[data-testid="waterfall"] > tbody > tr[data-part]', (rows) =>
          rows.map((row) => ({ part: row.dataset.part, text: row.querySelector(':scope > .points').textContent })));
      for (let round = 0; round < 10; round += 1) {
        const rows = await read();
        const parts = rows.map((row) => row.part);
        assert.deepEqual(parts.slice(0, 7), ['start', 'order_flow', 'sentiment', 'liquidity', 'bitcoin_beta', 'smart_money', 'machine_learning']);
        assert.equal(parts.at(-1), 'total');
        assert.ok(parts.slice(7, -1).every((part) => part.startsWith('adj_')), parts.join());
        const cents = rows.map((row) => (row.text === '—' ? 0 : Math.round(numberOf(row.text) * 100)));
        assert.equal(cents.slice(0, -1).reduce((sum, value) => sum + value, 0), cents.at(-1), JSON.stringify(rows));
        await updates(server, page, 3);
      }
    });
  });

  it('drills from a bar to components and leaves, and stays open through updates', async () => {
    await onPage({ path: `#symbol=${btc}` }, async ({ page, server }) => {
      await page.click('[data-part="order_flow"] button');
      const component = '[data-component="trade_imbalance"]';
      await page.click(`${component} button`);
      await updates(server, page, 10);
      assert.equal(await page.getAttribute('[data-part="order_flow"] button', 'aria-expanded'), 'true');
      for (const frame of ['1m', '5m', '30m', '4h']) assert.ok(await page.isVisible(`[data-leaf="trade_imbalance.${frame}"]`));
      const headers = await page.$$eval('[data-drill="order_flow"] thead th', (cells) => cells.map((cell) => cell.textContent.trim()));
      assert.deepEqual(headers, ['Input', 'Value', 'Unit', 'n', 'Score', 'Weight', 'Cover', 'Age', 'Flags', 'Points']);
      await page.click('[data-part="order_flow"] button');
      assert.equal(await page.$('[data-drill="order_flow"]'), null);
    });
  });

  it('draws candles in every timeframe, with a table that tells the same', async () => {
    await onPage({ path: `#symbol=${btc}` }, async ({ page }) => {
      await page.waitForSelector('[data-testid="chart"] canvas');
      // Lit pixels in more than one colour: candles are really drawn.
      const colours = await until(
        () =>
          page.evaluate(() => {
            const seen = new Set();
            for (const canvas of document.querySelectorAll('[data-testid="chart"] canvas')) {
              const { width, height } = canvas;
              if (width * height === 0) continue;
              const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
              for (let at = 0; at < data.length; at += 4 * 97) seen.add(`${data[at]},${data[at + 1]},${data[at + 2]}`);
            }
            return seen.size > 4 ? [...seen] : null;
          }),
        'candles are drawn',
      );
      assert.ok(colours.includes('19,24,34'), 'the dark chart has the dark panel colour');
      for (const frame of ['5m', '30m', '4h', '1m']) {
        await page.click(`.segments button:text-is("${frame}")`);
        await page.waitForSelector('[data-testid="chart"] canvas');
      }
      await page.click('button:text-is("Table")');
      await page.waitForSelector('[data-testid="candle-table"] tbody tr');
      const close = await page.textContent('[data-testid="candle-table"] tbody tr:first-child td:nth-child(5)');
      assert.ok(numberOf(close) > 0);
    });
  });

  it('shows a trade within 250 ms of its matching at the exchange', programOnly, async () => {
    // From the venue's own time of the trade (the demo exchange's clock is this machine's) through socket, engine,
    // publication (ten a second) and /ws to the painted frame. A generated symbol: its trades are sent as they happen.
    await onPage({ path: `#symbol=${sol}` }, async ({ page }) => {
      await page.waitForSelector('[data-testid="trades"] tbody tr');
      await page.evaluate(() => {
        window.tradeDelays = [];
        new MutationObserver((changes) => {
          const times = changes.flatMap(({ addedNodes }) => [...addedNodes]).map((node) => Number(node.dataset?.time)).filter((time) => time > 0);
          requestAnimationFrame(() => times.forEach((time) => window.tradeDelays.push(Date.now() - time)));
        }).observe(document.querySelector('[data-testid="trades"] tbody'), { childList: true });
      });
      const measured = 15;  // a quiet minute of this market brings few trades
      const medians = [];
      while (medians.length < 3 && !medians.some((median) => median < 250)) {  // a busy machine gets three tries
        await page.evaluate(() => (window.tradeDelays.length = 0));
        const delays = await until(() => page.evaluate((count) => (window.tradeDelays.length >= count ? window.tradeDelays : null), measured), `${measured} trades`, 120_000);
        delays.sort((a, b) => a - b);
        medians.push(delays[delays.length >> 1]);
        console.log(`# exchange event to painted frame: median ${medians.at(-1)} ms, max ${delays.at(-1)} ms of ${delays.length} trades`);
        assert.ok(delays[0] >= 0, 'no trade is shown before it happened');
      }
      assert.ok(medians.some((median) => median < 250), `medians ${medians.join(', ')} ms`);
    });
  });

  it('shows 25 book levels a side, best prices at the middle, and the trades', async () => {
    await onPage({ path: `#symbol=${btc}` }, async ({ page }) => {
      await page.waitForSelector('[data-testid="book"] tr.bid');
      const prices = await page.$$eval('[data-testid="book"] td.price', (cells) => cells.map((cell) => cell.textContent));
      const numbers = prices.map(numberOf);
      assert.equal(numbers.length, 50);
      assert.ok(numbers.every((value, index) => index === 0 || numbers[index - 1] > value), 'prices descend');
      await page.waitForSelector('[data-testid="trades"] tbody tr');
    });
  });

  it('says of how many venues a price is, and what is missing when one falls silent', mockOnly, async () => {
    await onPage({ path: `#symbol=${btc}` }, async ({ page, server }) => {
      const text = () => page.textContent('[data-testid="markets"]');
      await page.waitForSelector('[data-testid="markets"]');
      assert.match(await text(), /BTC, 2 of 2 venues/);
      assert.match(await text(), /Bybit perp, \d s\s*\+3\.2 bps to spot\s*−2\.0 to the other/);
      assert.match(await text(), /Who leads\s*Bybit perp by less than a second/);
      server.stall(btc);
      await until(async () => /BTC, 1 of 2 venues/.test(await text()), 'one venue left', 12_000);
      assert.match(await text(), /Bybit perp\s*— stale/);
      assert.match(await text(), /Binance perp, 0 s\s*\+5\.2 bps to spot/);
    });
  });

  it('says so when the symbol is unknown', async () => {
    await onPage({ path: '#symbol=bybit-linear-NOSUCH' }, async ({ page }) => {
      assert.match(await page.textContent('.unknown'), /No such symbol: bybit-linear-NOSUCH/);
    });
  });
});

symbolPartTests({ onPage, until, axeViolations, realUrl, mockOnly, btc, phone });

describe('painting', () => {
  it('tells the program once a second which overview is on the screen, after the frame that shows it', async () => {
    const server = realUrl ? null : await new MockServer().start();
    const { context, close } = await openBrowser();
    try {
      const page = await context.newPage();
      // Frames are counted, and for each overview the number of the frame that could show it first.
      await page.addInitScript(() => {
        window.painted = [];
        let frames = 0;
        const count = () => {
          frames += 1;
          requestAnimationFrame(count);
        };
        requestAnimationFrame(count);
        const arrived = new Map();
        const Plain = window.WebSocket;
        window.WebSocket = class extends Plain {
          constructor(...given) {
            super(...given);
            this.addEventListener('message', ({ data }) => {
              const message = JSON.parse(data);
              if (message.topic === 'overview') arrived.set(message.seq, frames);
            });
          }
          send(text) {
            const message = JSON.parse(text);
            if (message.op === 'painted') window.painted.push({ at: performance.now(), seq: message.seq, frames: frames - arrived.get(message.seq) });
            super.send(text);
          }
        };
      });
      await page.goto(realUrl ?? server.url);
      const painted = await until(() => page.evaluate(() => (window.painted.length >= 4 ? window.painted : null)), 'four words', 15_000);
      for (const [n, { at, seq, frames }] of painted.entries()) {
        assert.ok(frames >= 2, `overview ${seq} was told of after ${frames} frames: one to change the page, one to know that it was shown`);
        if (n === 0) continue;
        assert.ok(seq > painted[n - 1].seq);
        assert.ok(at - painted[n - 1].at > 990, 'at most once a second');
      }
      if (program?.monitoringUrl) {
        const { stages } = await (await fetch(`${program.monitoringUrl}api/monitoring/metrics`)).json();
        console.log(`# socket to pixel: p50 ${Math.round(stages.pixel.p50_us / 1000)} ms, p99 ${Math.round(stages.pixel.p99_us / 1000)} ms of ${stages.pixel.count}`);
        assert.ok(stages.pixel.count >= 3, `${stages.pixel.count} measured`);
        assert.ok(stages.pixel.p50_us > 0 && stages.pixel.p50_us < 2e6, `p50 ${stages.pixel.p50_us} us`);
      }
    } finally {
      await close();
      await server?.stop();
    }
  });
});

describe('signals', mockOnly, () => {
  it('lists what is open and what ended, with levels and result, and leads to the symbol', async () => {
    await onPage({}, async ({ page }) => {
      assert.match(await page.textContent('header button:has-text("Signals")'), /1 open/);
      await page.keyboard.press('s');
      await page.waitForSelector('[data-testid="signals"] li');
      const [open, closed] = await page.$$eval('[data-testid="signals"] li', (items) => items.map((item) => item.textContent.replace(/\s+/g, ' ')));
      assert.match(open, /BTC\/USDT:USDT.*long 63\.4.*open until/);
      assert.match(open, /Entry60,010\.3 Stop59,700\.0 Target 160,475\.8/);
      assert.match(open, /uncalibrated/);
      assert.doesNotMatch(open, /target \d+ %/, 'nothing was claimed');
      assert.match(closed, /target 31 %/);
      assert.match(closed, /short.*stopped −1\.24 R/);
      assert.doesNotMatch(closed, /uncalibrated/);
      assert.deepEqual(await axeViolations(page), []);
      await page.click('[data-testid="signals"] button:has-text("ETH")');
      await page.waitForSelector('[data-testid="symbol-view"]');
      assert.equal(await page.isVisible('[data-testid="signals"]'), false, 'the list gives way to the symbol');
      assert.match(page.url(), /ETHUSDT/);
    });
  });

  it('shows the same on a phone, with targets of 44 px', async () => {
    await onPage({ path: 'mobile', size: phone }, async ({ page }) => {
      await page.click('nav button:has-text("Signals")');
      await page.waitForSelector('[data-testid="signals"] li');
      const heights = await page.$$eval('[data-testid="signals"] button', (buttons) => buttons.map((button) => button.getBoundingClientRect().height));
      assert.ok(Math.min(...heights) >= 44, `${heights}`);
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0);
      assert.deepEqual(await axeViolations(page), []);
    });
  });
});

describe('track record', mockOnly, () => {
  const openRecord = async (page) => {
    await page.click('button:text-is("Track record")');
    await page.waitForSelector('[data-testid="score-bins"] tbody tr');
  };
  const textOf = async (page, selector) => (await page.textContent(selector)).replace(/\s+/g, ' ');

  for (const scheme of ['dark', 'light']) {
    it(`says in the ${scheme} dialog what became of signals, by strength and horizon, and greys what rests on too little`, async () => {
      await onPage({ scheme }, async ({ page }) => {
        await page.keyboard.press('s');
        await openRecord(page);
        assert.match(await textOf(page, '[data-testid="record-size"]'), /231 ended, 131\.2 effective, 2 open; 2 sets of parameters tried/);
        const facts = await textOf(page, '[data-testid="record-facts"]');
        assert.match(facts, /Target first ?29 % \(23 to 36\); random entries 23 %/);
        assert.match(facts, /Mean net result ?−0\.09 R \(−0\.24 to \+0\.07\)/);
        assert.match(facts, /PSR \(Sharpe above 0\) ?14 %.*DSR \(after all trials\) ?6 %/);
        assert.match(facts, /Placebos ?better than 95 % of draws \(mean −0\.31 R, p 0\.030\)/);
        assert.match(facts, /Decay ?1\.3 of 10 deviations/);
        assert.match(facts, /Pays ?from a strength of 65\.0 on/);
        const rows = await page.$$eval('[data-testid="score-bins"] tbody tr', (all) => all.map((row) => ({ text: row.textContent.replace(/\s+/g, ' '), thin: row.classList.contains('thin') })));
        assert.equal(rows.length, 4);
        assert.match(rows[0].text, /60\.0 to 62\.4 ?60 \(48\.2\) ?44 \(33 to 56\) ?−18\.0 \(−49\.2 to \+18\.4\)/);
        assert.deepEqual(rows.map((row) => row.thin), [false, false, false, true]);
        assert.match(rows[3].text, /too few outcomes to be used/, 'grey is not the only sign');
        assert.deepEqual(await axeViolations(page), []);
        await page.click('dialog[open] button:text-is("24h")');
        assert.match((await page.$$eval('[data-testid="score-bins"] tbody tr', (all) => all[0].textContent)).replace(/\s+/g, ' '), /—/);
        assert.match(await textOf(page, '[data-testid="record-facts"]'), /Side, 24h ?not known yet/);
      });
    });
  }

  it('keeps strategies and segments apart', async () => {
    await onPage({}, async ({ page }) => {
      await page.keyboard.press('s');
      await openRecord(page);
      await page.click('[aria-label="Strategy"] button:text-is("lead lag")');
      assert.match(await textOf(page, '[data-testid="record-size"]'), /9 ended.*Too few to judge by: below 30 effective/);
      const facts = await textOf(page, '[data-testid="record-facts"]');
      assert.match(facts, /Decay ?held back: 8\.4 of 10 deviations behind what was claimed; over at 5/);
      assert.match(facts, /Placebos ?not known yet/);
      assert.deepEqual(await page.$$eval('[aria-label="Where the outcomes come from"] button', (buttons) => buttons.map((button) => button.textContent)), ['Demo 242', 'Reconstructed 18']);
      await page.click('[aria-label="Where the outcomes come from"] button:has-text("Reconstructed")');
      await page.waitForSelector('text=No signal of this kind has been raised yet');
      assert.equal(await page.getAttribute('[aria-label="Where the outcomes come from"] button:has-text("Reconstructed")', 'aria-pressed'), 'true');
      await page.click('button:text-is("Last day")');
      await page.waitForSelector('[data-testid="signals"] li');
    });
  });

  it('says why there is none', async () => {
    await onPage({}, async ({ page }) => {
      await page.route('**/api/calibration', (route) => route.fulfill({ status: 503, contentType: 'application/problem+json', body: JSON.stringify({ title: 'Unavailable', detail: 'no ledger is kept: records.database_url (DATABASE_URL) is off' }) }));
      await page.keyboard.press('s');
      await page.click('button:text-is("Track record")');
      await page.waitForSelector('[role="alert"]:has-text("no ledger is kept")');
      assert.equal(await page.isVisible('text=Loading'), false);
    });
  });

  it('fits a phone, with targets of 44 px', async () => {
    await onPage({ path: 'mobile', size: phone }, async ({ page }) => {
      await page.click('nav button:has-text("Signals")');
      await openRecord(page);
      const heights = await page.$$eval('dialog[open] button:not(.title button)', (buttons) => buttons.map((button) => button.getBoundingClientRect().height));
      assert.ok(Math.min(...heights) >= 44, `${heights}`);
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0);
      assert.deepEqual(await axeViolations(page), []);
    });
  });
});

describe('warming and staleness', mockOnly, () => {
  it('counts down where there is no score, and lists what is known', async () => {
    await onPage({ path: `#symbol=${btc}`, market: { warming: [btc], warmingSeconds: 2520 } }, async ({ page }) => {
      await page.waitForSelector('[data-testid="withheld"]');
      assert.match(await page.textContent('[data-testid="withheld"]'), /warming, ready in 0:42/);
      assert.equal(await page.$('[data-testid="waterfall-score"]'), null);
      assert.ok(await page.$('[data-testid="partial-sum"]'));
      await page.keyboard.press('Escape');
      assert.match((await cellText(page, btc, 'score')).replace(/\s+/g, ' '), /warming, ready in 0:4[12]/);
      assert.doesNotMatch(await cellText(page, btc, 'score'), /50/);
      assert.match((await cellText(page, eth, 'score')).trim(), /^[▲▼]?\d+\.\d$/);
    });
  });

  it('marks the cells of a stalled symbol and no other, and lifts the marks', async () => {
    await onPage({}, async ({ page, server }) => {
      server.stall(sol);
      const isStale = (id) => page.$eval(`tr[data-id="${id}"] [data-col="price"]`, (cell) => cell.classList.contains('stale'));
      const style = await until(() => page.$eval(`tr[data-id="${sol}"] [data-col="price"]`, (cell) => {
        const { fontStyle, textDecorationStyle, opacity } = getComputedStyle(cell);
        return cell.classList.contains('stale') && { fontStyle, textDecorationStyle, opacity };
      }), 'stale mark', 12_000);
      assert.deepEqual(style, { fontStyle: 'italic', textDecorationStyle: 'dotted', opacity: '1' });
      assert.match(await cellText(page, sol, 'price'), /\d s/);
      assert.equal(await isStale(eth), false);
      await until(async () => /no depth arrives/.test((await page.textContent('[data-testid="banner"]').catch(() => '')) ?? ''), 'banner with the reason');
      server.stall(sol, false);
      await until(async () => !(await isStale(sol)), 'live again', 2_500);
      await until(async () => (await page.$('[data-testid="banner"]')) === null, 'banner gone');
    });
  });
});

describe('connection', mockOnly, () => {
  it('shows a banner with the cause after 3 s, recovers without reload, and resumes by sequence number', async () => {
    await onPage({ path: `#symbol=${btc}` }, async ({ page, server }) => {
      await page.waitForSelector('[data-testid="waterfall"]');
      await page.evaluate(() => (window.sameDocument = true));
      server.refuse(true);
      server.drop();
      const lostAt = Date.now();
      await until(async () => /Reconnecting/.test(await page.textContent('[data-testid="pill"]')), 'pill');
      assert.equal(await page.$('[data-testid="banner"]'), null, 'no banner in the first moment');
      const banner = await until(() => page.$('[data-testid="banner"]'), 'banner');
      const shownAfter = Date.now() - lostAt;
      assert.ok(shownAfter >= 2_900 && shownAfter < 5_000, `banner after ${shownAfter} ms`);
      assert.match(await banner.textContent(), /Connection lost: .*server does not answer/);
      await until(() => page.$eval(`tr[data-id="${eth}"] [data-col="price"]`, (cell) => cell.classList.contains('stale')), 'rows age', 10_000);
      server.sent.length = 0;
      server.received.length = 0;
      server.refuse(false);
      await page.click('text=Retry now').catch(() => {});
      await until(async () => /Live/.test(await page.textContent('[data-testid="pill"]')), 'live again');
      await until(async () => (await page.$('[data-testid="banner"]')) === null, 'banner gone');
      await until(() => page.$eval(`tr[data-id="${eth}"] [data-col="price"]`, (cell) => !cell.classList.contains('stale')), 'fresh rows');
      assert.equal(await page.evaluate(() => window.sameDocument), true);
      const subscription = server.received.find((message) => message.op === 'subscribe');
      assert.equal(subscription.run, server.run);
      assert.ok(subscription.since.overview > 0);
      assert.equal(Object.keys(subscription.since).length, subscription.topics.length);
      assert.deepEqual(server.sent.filter((message) => message.type === 'snapshot'), [], 'no snapshot is sent again');
    });
  });

  it('takes whole snapshots from a server with another run id', async () => {
    await onPage({}, async ({ page, server }) => {
      server.sent.length = 0;
      server.received.length = 0;
      server.restart({ seed: 99 });
      await until(() => server.sent.some((message) => message.type === 'snapshot'), 'snapshot');
      const subscription = server.received.find((message) => message.op === 'subscribe');
      assert.equal(subscription.since, undefined);
      await until(async () => numberOf(await cellText(page, btc, 'price')) === server.market.symbols.get(btc).price, 'the new prices');
    });
  });

  it('is degraded while the server is mute', async () => {
    await onPage({}, async ({ page, server }) => {
      await until(async () => /Live \d/.test(await page.textContent('[data-testid="pill"]')), 'live');
      server.mute(true);
      await until(async () => /Degraded/.test(await page.textContent('[data-testid="pill"]')), 'degraded', 12_000);
      await until(async () => /has not answered/.test((await page.textContent('[data-testid="banner"]').catch(() => '')) ?? ''), 'cause');
      server.mute(false);
      server.drop();
      await until(async () => /Live \d/.test(await page.textContent('[data-testid="pill"]')), 'live again');
    });
  });

  it('works below a sub-path', async () => {
    await onPage({ server: { basePath: '/tools/virtuoso/' }, path: `mobile#symbol=${btc}` }, async ({ page }) => {
      await page.waitForSelector('[data-testid="waterfall"]');
      await page.goto(page.url().replace(/mobile.*/, ''));
      await page.waitForSelector('tr[data-id]');
    });
  });
});

describe('themes', () => {
  for (const scheme of ['dark', 'light']) {
    it(`${scheme} follows the system, and the toggle is remembered`, async () => {
      await onPage({ scheme }, async ({ page }) => {
        const theme = () => page.getAttribute('html', 'data-theme');
        const other = scheme === 'dark' ? 'light' : 'dark';
        assert.equal(await theme(), scheme);
        const ground = await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
        assert.equal(ground, scheme === 'dark' ? 'rgb(11, 15, 22)' : 'rgb(238, 241, 246)');
        await page.keyboard.press('t');
        assert.equal(await theme(), other);
        await page.reload();
        await page.waitForSelector('tr[data-id]');
        assert.equal(await theme(), other);
      });
    });
  }
});

describe('phone', () => {
  for (const size of [phone, { width: 320, height: 640, hasTouch: true }]) {
    it(`fits ${size.width} px: rows, waterfall, chart, book, trades, nothing overflows`, async () => {
      await onPage({ path: 'mobile', size }, async ({ page }) => {
        const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        const innerOverflow = () => page.$eval('main', (element) => element.scrollWidth - element.clientWidth);
        assert.ok((await page.$$('button[data-id]')).length >= 30);
        assert.equal(await overflow(), 0);
        assert.equal(await innerOverflow(), 0);
        if (!realUrl) {
          const heights = await page.$$eval('button[data-id]', (cards) => cards.slice(0, 8).map((card) => card.getBoundingClientRect().height));
          assert.equal(new Set(heights).size, 1, `cards of one height, whatever they hold: ${heights}`);
        }
        const small = await page.$$eval('nav button, button[data-id], .controls button, .controls input', (items) =>
          items.filter((item) => item.getBoundingClientRect().height < 44).map((item) => item.outerHTML.slice(0, 60)));
        assert.deepEqual(small, [], 'touch targets of 44 px');
        await page.click(`button[data-id="${btc}"]`);
        await page.waitForSelector('[data-testid="waterfall"]');
        const isClipped = await page.$$eval('[data-testid="waterfall"] > tbody > tr > .points', (cells) =>
          cells.some((cell) => cell.scrollWidth > cell.clientWidth + 1 || cell.getBoundingClientRect().right > innerWidth));
        assert.equal(isClipped, false, 'points are whole');
        for (const [part, selector] of [['Chart', '[data-testid="chart"] canvas'], ['Book', '[data-testid="book"] tr.bid'], ['Trades', '[data-testid="trades"]'], ['Why', '[data-testid="waterfall"]']]) {
          await page.click(`.parts button:text-is("${part}")`);
          await page.waitForSelector(selector);
          assert.equal(await overflow(), 0, part);
          assert.equal(await innerOverflow(), 0, part);
        }
        await page.click('text=Back');
        await page.waitForSelector('button[data-id]');
      });
    });
  }
});

describe('accessibility', () => {
  for (const scheme of ['dark', 'light']) {
    it(`axe finds nothing on the ${scheme} desktop page, its symbol view and dialogs`, async () => {
      await onPage({ scheme, checkPolicy: false, market: { warming: [eth] } }, async ({ page, server }) => {
        server?.stall(sol);
        if (server) await page.waitForSelector(`tr[data-id="${sol}"] [data-col="price"].stale`, { timeout: 15_000 });
        assert.deepEqual(await axeViolations(page), [], 'overview');
        await page.click(`tr[data-id="${btc}"]`);
        await page.waitForSelector('[data-testid="chart"] canvas');
        await page.click('[data-part="order_flow"] button');
        await page.click('[data-component="trade_imbalance"] button');
        assert.deepEqual(await axeViolations(page), [], 'symbol view');
        await page.click('button:text-is("Table")');
        assert.deepEqual(await axeViolations(page), [], 'candle table');
        await page.click('[aria-label="Help"]');
        assert.deepEqual(await axeViolations(page), [], 'help');
        await page.keyboard.press('Escape');
        await page.click('[data-testid="pill"]');
        assert.deepEqual(await axeViolations(page), [], 'connection and feeds');
      });
    });

    it(`axe finds nothing on the ${scheme} phone page`, async () => {
      await onPage({ scheme, path: 'mobile', size: phone, checkPolicy: false }, async ({ page }) => {
        assert.deepEqual(await axeViolations(page), [], 'list');
        await page.click(`button[data-id="${btc}"]`);
        await page.waitForSelector('[data-testid="waterfall"]');
        assert.deepEqual(await axeViolations(page), [], 'why');
        for (const part of ['Chart', 'Book', 'Trades']) {
          await page.click(`.parts button:text-is("${part}")`);
          await page.waitForTimeout(300);
          assert.deepEqual(await axeViolations(page), [], part);
        }
      });
    });
  }
});

describe('load', mockOnly, () => {
  let server;
  let browser;
  before(async () => {
    server = await new MockServer({ flushMs: 250, market: { symbolCount: 100 } }).start();
    browser = await openBrowser();
  });
  after(async () => {
    await browser.close();
    await server.stop();
  });

  it('does not shift the layout while it loads and lives', async () => {
    const page = await browser.context.newPage();
    await page.addInitScript(() => {
      window.shift = 0;
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
      }).observe({ type: 'layout-shift', buffered: true });
    });
    await page.goto(server.url);
    await page.waitForSelector('tr[data-id]');
    await updates(server, page, 15);
    const shift = await page.evaluate(() => window.shift);
    await page.close();
    console.log(`# cumulative layout shift ${shift.toFixed(4)}`);
    assert.ok(shift < 0.05, `layout shift ${shift}`);
  });

  /** Ids of the rows in view, with a margin in px, in display order. */
  const idsInView = (page, margin = 0) =>
    page.evaluate((px) => {
      const { top, bottom } = document.querySelector('[data-testid="symbol-scroll"]').getBoundingClientRect();
      const isIn = (row) => row.getBoundingClientRect().bottom > top - px && row.getBoundingClientRect().top < bottom + px;
      return [...document.querySelectorAll('tr[data-id]')].filter(isIn).map((row) => row.dataset.id);
    }, margin);
  const onLoad = (size, body) =>
    onPage({ size, path: '#sort=symbol&dir=asc', server: { flushMs: 250, flush: false }, market: { symbolCount: 100 } }, body);

  it('renders only the rows that are in view or near it, and every row stays in the document', async () => {
    await onLoad({ width: 1600, height: 600 }, async ({ page, server }) => {
      const all = await rowIds(page);
      assert.equal(all.length, 100);
      await page.evaluate(() => {
        window.changed = new Set();
        const note = ({ target }) => {
          const row = (target instanceof Element ? target : target.parentElement).closest('tr[data-id]');
          if (row) window.changed.add(row.dataset.id);
        };
        new MutationObserver((records) => records.forEach(note)).observe(document.querySelector('tbody'), { attributes: true, characterData: true, childList: true, subtree: true });
      });
      const visible = await idsInView(page);
      const near = await idsInView(page, 200 + 26);
      assert.ok(visible.length > 10 && near.length < 40, `${visible.length} in view, ${near.length} near`);
      server.flushing = true;
      const changed = () => page.evaluate(() => [...window.changed]);
      await until(async () => {
        const seen = await changed();
        return visible.every((id) => seen.includes(id));
      }, 'every row in view has changed');
      await updates(server, page, 8);
      assert.deepEqual((await changed()).filter((id) => !near.includes(id)), [], 'rows far from view are left alone');
      assert.deepEqual(await rowIds(page), all);
    });
  });

  it('shows the newest values in the first frame of a row that comes into view', async () => {
    const frameText = (page, id, act) =>
      page.evaluate(async ([row, action]) => {
        const scroller = document.querySelector('[data-testid="symbol-scroll"]');
        if (action === 'scroll') scroller.scrollTop = scroller.scrollHeight;
        if (action === 'end') document.querySelector('table').dispatchEvent(new KeyboardEvent('keydown', { key: 'End', bubbles: true }));
        if (action === 'sort') document.querySelector('[data-header="symbol"] button').click();
        if (action === 'filter') {
          const box = document.querySelector('[aria-label="Filter symbols"]');
          box.value = row.split('-')[2];
          box.dispatchEvent(new InputEvent('input', { bubbles: true }));
        }
        await new Promise((done) => requestAnimationFrame(done));
        return document.querySelector(`tr[data-id="${row}"] [data-col="price"]`).textContent;
      }, [id, act]);
    for (const act of ['scroll', 'end', 'sort', 'filter']) {
      await onLoad({ width: 1600, height: 600 }, async ({ page, server }) => {
        const ids = await rowIds(page);
        const [first, last] = [ids[0], ids.at(-1)];
        const before = await cellText(page, last, 'price');
        const { tick } = server.market.symbols.get(last);
        const price = numberOf(before) + 7 * tick;
        server.market.force(last, { price });
        server.market.force(first, { score: 77.7 });
        server.flush();
        await until(async () => /77\.7/.test(await cellText(page, first, 'score')), 'the change has arrived');
        assert.equal(await cellText(page, last, 'price'), before, 'nobody sees it yet');
        const shown = await frameText(page, last, act);
        assert.ok(Math.abs(numberOf(shown) - price) < tick / 2, `${act}: ${shown} instead of ${price}`);
        assert.ok((await idsInView(page)).includes(last), `${act} brings it into view`);
      });
    }
  });

  it('answers a click on a header with the sorted rows in the next frame', async () => {
    await onLoad({}, async ({ page, server }) => {
      const fields = { price: 'price', change: 'change_24h_pct', score: 'score', spread: 'spread_bps', funding: 'funding_rate', turnover: 'turnover_24h_usd' };
      for (const [key, field] of Object.entries(fields)) {
        for (const sign of [-1, 1]) {
          const ids = await page.evaluate(async (name) => {
            document.querySelector(`[data-header="${name}"] button`).click();
            await new Promise((done) => requestAnimationFrame(done));
            return [...document.querySelectorAll('tr[data-id]')].map((row) => row.dataset.id);
          }, key);
          const rows = new Map(server.market.snapshot('overview').symbols.map((row) => [row.id, row]));
          const values = ids.map((id) => rows.get(id)[field]);
          assert.equal(new Set(ids).size, rows.size);
          const wrong = values.findIndex((value, index) => index > 0 && (value - values[index - 1]) * sign < 0);
          assert.equal(wrong, -1, `${key}: row ${wrong} with ${values[wrong]} after ${values[wrong - 1]}`);
        }
      }
    });
  });
});
