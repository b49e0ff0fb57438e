import type { AccountTrade } from '../protocol/types';
import type { ApiClient } from '../transport/api_client';

/** Trades that have ended, the newest first, page by page. */
export class Journal {
  trades = $state.raw<AccountTrade[] | null>(null);
  problem = $state<string | null>(null);
  /** There are older ones. */
  hasMore = $state(false);
  busy = $state(false);
  #cursor: string | null = null;

  constructor(private readonly client: ApiClient) {}

  /** The newest page; of what was loaded before, what follows it stays. */
  load(): Promise<void> {
    return this.#ask(null);
  }

  more(): Promise<void> {
    return this.#ask(this.#cursor);
  }

  async #ask(cursor: string | null): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      const page = await this.client.call('GET /api/trades', { query: cursor === null ? { state: 'closed' } : { state: 'closed', cursor } });
      const found = page.trades.map(({ trade }) => trade);
      const known = new Set(found.map((trade) => trade.number));
      const before = (this.trades ?? []).filter((trade) => !known.has(trade.number));
      // A newest page that does not reach what was read before leaves a hole: then it is read anew from there on.
      const reaches = cursor !== null || before.length < (this.trades ?? []).length;
      this.trades = cursor !== null ? [...before, ...found] : reaches ? [...found, ...before] : found;
      if (cursor !== null || !reaches) this.#cursor = page.cursor;
      this.hasMore = this.#cursor !== null;
      this.problem = null;
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
    } finally {
      this.busy = false;
    }
  }
}
