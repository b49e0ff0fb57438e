import { describe, expect, it } from 'vitest';
import type { ApiClient } from '../transport/api_client';
import { Journal } from './journal.svelte';

/** A program with as many ended trades as it is told, two to a page. */
function kept(count: number) {
  const state = { count, asked: [] as unknown[], fails: false };
  const client = {
    call: async (_: string, { query }: { query: { cursor?: string } }) => {
      state.asked.push(query);
      if (state.fails) throw new Error('nothing is kept');
      const from = Number(query.cursor ?? state.count);
      const numbers = [from, from - 1].filter((number) => number > 0);
      return { trades: numbers.map((number) => ({ trade: { number } })), cursor: from > 2 ? String(from - 2) : null };
    },
  } as unknown as ApiClient;
  return { state, journal: new Journal(client) };
}
const numbers = (journal: Journal) => journal.trades?.map(({ number }) => number);

describe('Journal', () => {
  it('is read page by page to its end', async () => {
    const { state, journal } = kept(5);
    expect(journal.trades).toBeNull();
    await journal.load();
    expect(numbers(journal)).toEqual([5, 4]);
    expect(journal.hasMore).toBe(true);
    await journal.more();
    await journal.more();
    expect(numbers(journal)).toEqual([5, 4, 3, 2, 1]);
    expect(journal.hasMore).toBe(false);
    expect(state.asked).toEqual([{ state: 'closed' }, { state: 'closed', cursor: '3' }, { state: 'closed', cursor: '1' }]);
  });

  it('takes what has ended since without losing what was read', async () => {
    const { state, journal } = kept(5);
    await journal.load();
    await journal.more();
    state.count = 6;
    await journal.load();
    expect(numbers(journal)).toEqual([6, 5, 4, 3, 2]);
    await journal.more();
    expect(numbers(journal)).toEqual([6, 5, 4, 3, 2, 1]);
  });

  it('begins anew when more has ended than a page holds, so that none is left out', async () => {
    const { state, journal } = kept(5);
    await journal.load();
    state.count = 9;
    await journal.load();
    expect(numbers(journal)).toEqual([9, 8]);
    await journal.more();
    expect(numbers(journal)).toEqual([9, 8, 7, 6]);
  });

  it('says why it cannot be read, and keeps what it has', async () => {
    const { state, journal } = kept(3);
    await journal.load();
    state.fails = true;
    await journal.more();
    expect(journal.problem).toBe('nothing is kept');
    expect(numbers(journal)).toEqual([3, 2]);
    expect(journal.busy).toBe(false);
  });
});
