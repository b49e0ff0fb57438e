/** Runs callbacks at most once per painted frame; a hidden tab, which paints none, gets them once a second. */
export interface FrameSource {
  isHidden(): boolean;
  requestFrame(callback: () => void): void;
  setTimer(callback: () => void, delayMs: number): void;
}

export const hiddenIntervalMs = 1_000;

export class FrameScheduler {
  readonly #due = new Set<() => void>();
  #requested = false;

  constructor(private readonly source: FrameSource) {}

  /** The same callback twice in a frame runs once. */
  schedule(callback: () => void): void {
    this.#due.add(callback);
    if (this.#requested) return;
    this.#requested = true;
    if (this.source.isHidden()) this.source.setTimer(this.run, hiddenIntervalMs);
    else this.source.requestFrame(this.run);
  }

  /** Runs once what a callback of this frame changed has been painted; never in a hidden tab, which paints nothing. */
  afterPaint(callback: () => void): void {
    if (!this.source.isHidden()) this.source.requestFrame(callback);
  }

  /** Runs what is due, in the frame that has begun. */
  run = (): void => {
    this.#requested = false;
    const callbacks = [...this.#due];
    this.#due.clear();
    for (const callback of callbacks) callback();
  };
}

export const browserFrames: FrameSource = {
  isHidden: () => document.hidden,
  requestFrame: (callback) => requestAnimationFrame(callback),
  setTimer: (callback, delayMs) => window.setTimeout(callback, delayMs),
};
