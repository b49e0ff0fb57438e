import type { Delta, Snapshot } from '../protocol/message';

export type Verdict = 'apply' | 'repeated' | 'gap';

/**
 * Where one topic stands: the last sequence number received and the run it belongs to. A delta only applies to the
 * state it was made for; anything else would corrupt the view silently, so it is reported as a gap instead.
 */
export class TopicCursor {
  seq: number | null = null;
  run: string | null = null;

  accept(message: Snapshot | Delta, run: string): Verdict {
    if (message.type === 'delta') {
      if (this.seq === null || this.run !== run) return 'gap';
      if (message.seq <= this.seq) return 'repeated';
      if (message.since !== this.seq) return 'gap';
    }
    this.seq = message.seq;
    this.run = run;
    return 'apply';
  }

  /** The number to resume from, when the server's run is the one it belongs to. */
  resumable(run: string): number | null {
    return this.run === run ? this.seq : null;
  }

  forget(): void {
    this.seq = null;
    this.run = null;
  }
}
