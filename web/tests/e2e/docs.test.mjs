// Swagger UI on the real program: every route is listed, and nothing is asked of anybody else.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { closeBrowser, openBrowser, openPage, policyViolations } from '../browser.mjs';
import { programUnderTest } from '../program.mjs';
import { until } from '../until.mjs';

const isThere = process.env.VIRTUOSO_BINARY !== undefined || process.env.VIRTUOSO_URL !== undefined;

describe('docs', isThere ? {} : { skip: 'needs the program (VIRTUOSO_BINARY)' }, () => {
  let program;
  before(async () => (program = await programUnderTest()));
  after(async () => {
    await closeBrowser();
    await program?.stop();
  });

  it('lists every route offline and tries one', async () => {
    const { context, close } = await openBrowser();
    try {
      const { page, faults } = await openPage(context, `${program.url}docs`);
      await page.waitForSelector('.opblock');
      const document = await (await fetch(`${program.url}openapi.json`)).json();
      const wanted = Object.entries(document.paths).flatMap(([path, operations]) => Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`));
      const shown = await page.$$eval('.opblock', (blocks) =>
        blocks.map((block) => `${block.querySelector('.opblock-summary-method').textContent} ${block.querySelector('[data-path]').getAttribute('data-path')}`),
      );
      assert.ok(wanted.length >= 40);
      assert.deepEqual(shown.sort(), wanted.sort());
      assert.equal(await page.locator('.errors-wrapper').count(), 0, 'the document is understood');
      const live = page.locator('.opblock', { has: page.locator('[data-path="/health/live"]') });
      await live.locator('.opblock-summary').click();
      await live.locator('text=Try it out').click();
      await live.locator('text=Execute').click();
      await until(async () => /"status":\s*"ok"/.test((await live.locator('.live-responses-table').textContent().catch(() => '')) ?? ''), 'the answer is shown');
      assert.deepEqual(faults.errors, [], 'no script error');
      assert.deepEqual(faults.complaints, [], 'nothing in the console');
      assert.deepEqual(await policyViolations(page), [], 'no policy violation');
      assert.deepEqual(faults.foreign, [], 'no request to another origin');
    } finally {
      await close();
    }
  });

  it('is packed, and found under the names that people try', async () => {
    const html = await (await fetch(`${program.url}docs`)).text();
    const script = /src="\.\/(assets\/swagger-ui-[^"]+\.js)"/.exec(html)[1];
    for (const coding of ['br', 'gzip']) {
      const answer = await fetch(`${program.url}${script}`, { headers: { 'accept-encoding': coding } });
      assert.equal(answer.headers.get('content-encoding'), coding);
      assert.ok(Number(answer.headers.get('content-length')) < 520 * 1024, answer.headers.get('content-length'));
      assert.match(answer.headers.get('cache-control'), /immutable/);
      await answer.body.cancel();
    }
    for (const path of ['docs/', 'redoc']) assert.equal((await fetch(program.url + path)).url, `${program.url}docs`);
  });
});
