import assert from 'node:assert/strict';

/** Polls until the condition holds; the deadline only decides how long a failure takes. */
export async function until(condition, what, deadlineMs = 20_000) {
  const end = Date.now() + deadlineMs;
  for (;;) {
    const value = await condition();
    if (value) return value;
    assert.ok(Date.now() < end, `timed out: ${what}`);
    await new Promise((done) => setTimeout(done, 25));
  }
}

/** Until the mock server has sent so many more changes of the overview. */
export async function overviewUpdates(server, count) {
  const sent = () => server.sent.filter((message) => message.topic === 'overview').length;
  const start = sent();
  await until(() => sent() >= start + count, `${count} updates`);
}
