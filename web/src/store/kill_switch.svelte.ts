import type { TradingDone } from '../protocol/types';
import { ApiProblem, type ApiClient } from '../transport/api_client';
import type { Visitor } from './visitor.svelte';

/** What is asked of the account's mode. */
export type Wish = 'halt' | 'flatten' | 'reduce' | 'release';

/**
 * The kill switch. What stops trading is sent the moment it is asked for; whether it has stopped is what the program says,
 * not what was pressed here.
 */
export class KillSwitch {
  phase = $state<'idle' | 'sending' | 'failed'>('idle');
  complaint = $state('');

  constructor(
    private readonly client: ApiClient,
    private readonly visitor: Visitor,
  ) {}

  /** What was said of the last attempt is read. */
  forget(): void {
    if (this.phase === 'failed') this.phase = 'idle';
    this.complaint = '';
  }

  /** out: whether the program has done it, and kept it for its next start */
  async ask(wish: Wish, reason: string): Promise<boolean> {
    if (this.phase === 'sending') return false;
    this.phase = 'sending';
    this.complaint = '';
    try {
      // A refusal may be of a login that has changed in another window: what makes it safer is asked for once more.
      const done = await this.#send(wish, reason).catch(async (error) => {
        if (wish === 'release' || !(error instanceof ApiProblem) || error.status !== 403) throw error;
        await this.visitor.look();
        return this.#send(wish, reason);
      });
      this.phase = 'idle';
      if (!done.is_stored) this.complaint = `It is done, but would not outlast a restart: ${done.text ?? 'it was not stored'}`;
      return done.is_stored;
    } catch (error) {
      this.phase = 'failed';
      this.complaint = error instanceof ApiProblem ? error.message : 'The program does not answer: nothing is known to have changed.';
      void this.visitor.look();
      return false;
    }
  }

  #send(wish: Wish, reason: string): Promise<TradingDone> {
    const why = reason === '' ? {} : { reason };
    if (wish === 'reduce') return this.client.call('PUT /api/trading/reduce-only', { body: { on: true, ...why } });
    const body = wish === 'release' ? { on: false, ...why } : { on: true, flatten: wish === 'flatten', ...why };
    return this.client.call('PUT /api/trading/kill-switch', { body });
  }
}
