/** How long a button is held before what it does is done: long enough that no slip does it. */
export const holdMs = 1_000;

export interface HoldTimers {
  setTimer(callback: () => void, delayMs: number): number;
  clearTimer(timer: number): void;
}

/** A press that counts only once it has been held. */
export class Hold {
  #timer: number | null = null;

  constructor(
    private readonly timers: HoldTimers,
    private readonly held: () => void,
  ) {}

  /** A key that repeats presses again and again: the first one counts. */
  press(): void {
    this.#timer ??= this.timers.setTimer(() => {
      this.#timer = null;
      this.held();
    }, holdMs);
  }

  /** Ends a press. out: whether it was one that had not been held long enough */
  release(): boolean {
    if (this.#timer === null) return false;
    this.timers.clearTimer(this.#timer);
    this.#timer = null;
    return true;
  }
}
