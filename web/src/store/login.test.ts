import { describe, expect, it } from 'vitest';
import type { Session } from '../protocol/api';
import type { ApiClient } from '../transport/api_client';
import { loginPage, LoginWatch, pageAfterLogin } from './login';

describe('the way to the login and back', () => {
  it.each([
    ['', '', './'],
    ['?next=mobile', '#symbol=a', './mobile#symbol=a'],
    ['?next=docs', '', './docs'],
    ['?next=https://evil.example', '', './'],
    ['?next=//evil.example', '', './'],
    ['?next=constructor', '', './'],
  ])('%s%s leads to %s', (search, hash, page) => expect(pageAfterLogin(search, hash)).toBe(page));

  it.each([
    ['/', '#a', './login#a'],
    ['/sub/', '', './login'],
    ['/sub/mobile', '#a', './login?next=mobile#a'],
    ['/docs', '', './login?next=docs'],
  ])('%s%s asks at %s', (path, hash, page) => expect(loginPage(path, hash)).toBe(page));
});

describe('LoginWatch', () => {
  const watched = (answer: () => Promise<Partial<Session>>) => {
    const state = { asked: 0, left: 0, time: 0 };
    const client = { session: () => ((state.asked += 1), answer()) } as unknown as ApiClient;
    const watch = new LoginWatch(client, () => state.time, () => (state.left += 1));
    return { state, watch };
  };

  it('leaves where the market may not be read, and only there', async () => {
    const out = watched(() => Promise.resolve({ may_read_market: false }));
    await out.watch.onTrouble();
    expect(out.state.left).toBe(1);
    const open = watched(() => Promise.resolve({ may_read_market: true }));
    await open.watch.onTrouble();
    expect(open.state.left).toBe(0);
    const away = watched(() => Promise.reject(new Error('the program is away')));
    await away.watch.onTrouble();
    expect(away.state.left).toBe(0);
  });

  it('asks once in five seconds', async () => {
    const { state, watch } = watched(() => Promise.resolve({ may_read_market: true }));
    for (state.time = 0; state.time < 11_000; state.time += 1_000) await watch.onTrouble();
    expect(state.asked).toBe(3);
  });
});
