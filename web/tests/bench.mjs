// What the pages cost, in processor time of its main thread, with 100 symbols that all move four times a second:
// npm run bench. It prints figures and judges none; other work on the machine makes them larger.
import { closeBrowser, openBrowser } from './browser.mjs';
import { MockServer } from './mock_server.mjs';
import { overviewUpdates } from './until.mjs';

const updateCount = 40;
const clickRounds = 3;
const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

async function metricsOf(page) {
  const client = await page.context().newCDPSession(page);
  await client.send('Performance.enable', { timeDomain: 'threadTicks' });
  return async () => Object.fromEntries((await client.send('Performance.getMetrics')).metrics.map(({ name, value }) => [name, value]));
}

async function measureUpdates(server, page, metrics) {
  server.flushing = true;
  await overviewUpdates(server, 8);
  const start = await metrics();
  await overviewUpdates(server, updateCount);
  const end = await metrics();
  server.flushing = false;
  const ms = (name) => ((end[name] - start[name]) * 1000) / updateCount;
  const [task, script, layout, style] = ['TaskDuration', 'ScriptDuration', 'LayoutDuration', 'RecalcStyleDuration'].map(ms);
  const parts = { script, layout, style, rest: task - script - layout - style };
  const text = Object.entries(parts).map(([name, value]) => `${name} ${value.toFixed(1)}`).join(', ');
  console.log(`an update of 100 rows: ${task.toFixed(1)} ms of the main thread (${text}), heap ${(end.JSHeapUsedSize / 1e6).toFixed(1)} MB`);
}

/** From a click on a header until the second frame after it has begun. */
async function measureClicks(page, metrics) {
  const busyMs = async () => (await metrics()).TaskDuration * 1000;
  const work = [];
  for (let round = 0; round < clickRounds; round += 1) {
    for (const key of ['symbol', 'price', 'change', 'score', 'spread', 'funding', 'turnover']) {
      const start = await busyMs();
      await page.evaluate(async (name) => {
        document.querySelector(`[data-header="${name}"] button`).click();
        await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
      }, key);
      work.push((await busyMs()) - start);
    }
  }
  console.log(`a click on a header, 100 rows: median ${median(work).toFixed(0)} ms of the main thread, max ${Math.max(...work).toFixed(0)} ms`);
}

const server = await new MockServer({ flushMs: 250, market: { symbolCount: 100 } }).start();
const browser = await openBrowser();
try {
  for (const [path, name] of [['', 'desktop'], ['mobile', 'phone']]) {
    const page = await browser.context.newPage();
    if (path === 'mobile') await page.setViewportSize({ width: 390, height: 844 });
    server.flushing = true;
    await page.goto(server.url + path);
    await page.waitForSelector('[data-id]');
    const metrics = await metricsOf(page);
    console.log(name);
    await measureUpdates(server, page, metrics);
    if (path === '') await measureClicks(page, metrics);
    await page.close();
  }
} finally {
  await browser.close();
  await closeBrowser();
  await server.stop();
}
