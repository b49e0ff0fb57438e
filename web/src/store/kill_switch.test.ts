import { describe, expect, it } from 'vitest';
import { ApiProblem, type ApiClient } from '../transport/api_client';
import { KillSwitch, type Wish } from './kill_switch.svelte';
import type { Visitor } from './visitor.svelte';

function switched(...answers: (Error | { is_stored: boolean; text: string } | null)[]) {
  const state = { calls: [] as [string, unknown][], looks: 0 };
  const client = {
    call: async (route: string, { body }: { body: unknown }) => {
      state.calls.push([route, body]);
      const answer = answers.shift();
      if (answer instanceof Error) throw answer;
      return answer ?? { is_stored: true, text: null };
    },
  } as unknown as ApiClient;
  const visitor = { look: async () => void (state.looks += 1) } as unknown as Visitor;
  return { state, killSwitch: new KillSwitch(client, visitor) };
}
const refused = (status: number) => new ApiProblem(status, 'no', `refused with ${status}`, null);
const route = 'PUT /api/trading/kill-switch';

describe('KillSwitch', () => {
  it.each([
    ['halt', '', [route, { on: true, flatten: false }]],
    ['flatten', 'why', [route, { on: true, flatten: true, reason: 'why' }]],
    ['release', 'fine', [route, { on: false, reason: 'fine' }]],
    ['reduce', '', ['PUT /api/trading/reduce-only', { on: true }]],
  ] as [Wish, string, unknown][])('%s is one request', async (wish, reason, call) => {
    const { state, killSwitch } = switched();
    expect(await killSwitch.ask(wish, reason)).toBe(true);
    expect(state.calls).toEqual([call]);
    expect(killSwitch.phase).toBe('idle');
  });

  it('asks once more for what makes it safer when its login had changed, and only then', async () => {
    const again = switched(refused(403));
    expect(await again.killSwitch.ask('halt', '')).toBe(true);
    expect(again.state).toMatchObject({ looks: 1, calls: [[route, {}], [route, {}]] });
    const twice = switched(refused(403), refused(403));
    expect(await twice.killSwitch.ask('halt', '')).toBe(false);
    expect(twice.killSwitch).toMatchObject({ phase: 'failed', complaint: 'refused with 403' });
    const release = switched(refused(403));
    expect(await release.killSwitch.ask('release', 'a')).toBe(false);
    expect(release.state.calls).toHaveLength(1);
    const busy = switched(refused(503));
    expect(await busy.killSwitch.ask('halt', '')).toBe(false);
    expect(busy.state.calls).toHaveLength(1);
  });

  it('does not claim anything when nobody answered', async () => {
    const { killSwitch } = switched(new TypeError('fetch failed'));
    expect(await killSwitch.ask('halt', '')).toBe(false);
    expect(killSwitch.complaint).toBe('The program does not answer: nothing is known to have changed.');
    expect(await killSwitch.ask('halt', '')).toBe(true);
    expect(killSwitch.complaint).toBe('');
  });

  it('says what was done but not kept, and forgets what was read', async () => {
    const { killSwitch } = switched({ is_stored: false, text: 'the disk is full' });
    expect(await killSwitch.ask('halt', '')).toBe(false);
    expect(killSwitch).toMatchObject({ phase: 'idle', complaint: 'It is done, but would not outlast a restart: the disk is full' });
    killSwitch.forget();
    expect(killSwitch.complaint).toBe('');
  });

  it('has one request under way at a time', async () => {
    const { state, killSwitch } = switched();
    const both = await Promise.all([killSwitch.ask('halt', ''), killSwitch.ask('halt', '')]);
    expect(both).toEqual([true, false]);
    expect(state.calls).toHaveLength(1);
  });
});
