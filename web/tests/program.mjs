// Starts the real program for the page tests: VIRTUOSO_BINARY names it, VIRTUOSO_URL names one that runs already.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const readyWithinMs = 90_000;

async function freePort() {
  const server = createServer();
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

/** The address of the program under test and how to end it, or null when the mock server is to be used. */
export async function programUnderTest() {
  const given = process.env.VIRTUOSO_URL;
  if (given) return { url: given.replace(/\/?$/, '/'), stop: async () => {} };
  const binary = process.env.VIRTUOSO_BINARY;
  return binary ? startProgram(binary) : null;
}

/** Starts the program on free ports; `said()` is what it has written to standard error. */
export async function startProgram(binary) {
  const port = await freePort();
  const monitoringPort = await freePort();
  const state = mkdtempSync(join(tmpdir(), 'virtuoso-run-'));
  const child = spawn(binary, ['run', '--market', 'demo', '--database', 'off', '--port', String(port), '--monitoring-port', String(monitoringPort)], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, XDG_STATE_HOME: state },
  });
  let said = '';
  child.stderr.on('data', (part) => {
    said += part;
    process.stderr.write(part);
  });
  const ended = new Promise((done) => child.once('exit', done));
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
    rmSync(state, { recursive: true, force: true });
  };
  const url = `http://127.0.0.1:${port}/`;
  const end = Date.now() + readyWithinMs;
  for (;;) {
    const answer = await fetch(`${url}health/ready`).catch(() => null);
    if (answer?.ok) return { url, port, monitoringUrl: `http://127.0.0.1:${monitoringPort}/`, stop, said: () => said };
    if (child.exitCode !== null) throw new Error(`${binary} ended with code ${child.exitCode} before it was ready`);
    if (Date.now() > end) {
      await stop();
      throw new Error(`${binary} was not ready within ${readyWithinMs / 1000} s`);
    }
    await new Promise((done) => setTimeout(done, 100));
  }
}
