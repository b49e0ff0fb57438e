import { describe, expect, it } from 'vitest';
import type { Session as Login } from '../protocol/api';
import type { ApiClient } from '../transport/api_client';
import { Visitor } from './visitor.svelte';

const nobody = { user: null, role: null, has_second_factor: false, second_factor_until: null } as unknown as Login;
const trader = { ...nobody, user: 'ann', role: 'trader' };

function visited(...answers: (Partial<Login> | Error)[]) {
  const state = { changes: 0, codes: [] as unknown[] };
  const client = {
    session: async () => {
      const answer = answers.shift();
      if (answer instanceof Error) throw answer;
      return answer;
    },
    call: async (route: string, taken: unknown) => void state.codes.push([route, taken]),
  } as unknown as ApiClient;
  return { state, visitor: new Visitor(client, () => (state.changes += 1)) };
}

describe('Visitor', () => {
  it.each([
    [nobody, 'needs_login'],
    [{ ...trader, role: 'viewer' }, 'needs_role'],
    [trader, 'granted'],
    [{ ...trader, role: 'admin' }, 'granted'],
    [{ ...trader, has_second_factor: true }, 'needs_code'],
    [{ ...trader, has_second_factor: true, second_factor_until: 1000 }, 'needs_code'],
    [{ ...trader, has_second_factor: true, second_factor_until: 1001 }, 'granted'],
  ] as [Login, string][])('%o: %s', async (login, leave) => {
    const { visitor } = visited(login);
    expect(visitor.leaveToTrade(1000)).toBe('unknown');
    await visitor.look();
    expect(visitor.leaveToTrade(1000)).toBe(leave);
  });

  it('opens anew what was opened for nobody, once, when somebody came', async () => {
    const { state, visitor } = visited(nobody, trader, trader);
    await visitor.look();
    expect(state.changes).toBe(0);
    await visitor.look();
    await visitor.look();
    expect(state.changes).toBe(1);
    expect(visitor.isKnown).toBe(true);
  });

  it('keeps what it knew when the program is away, and says that it is', async () => {
    const { visitor } = visited(trader, new Error('away'));
    await visitor.look();
    await visitor.look();
    expect(visitor.problem).toBe('away');
    expect(visitor.isKnown).toBe(true);
  });

  it('looks again after a code', async () => {
    const { state, visitor } = visited({ ...trader, has_second_factor: true, second_factor_until: 5 });
    await visitor.enterCode('123456');
    expect(state.codes).toEqual([['POST /api/auth/totp', { body: { code: '123456' } }]]);
    expect(visitor.leaveToTrade(4)).toBe('granted');
  });
});
