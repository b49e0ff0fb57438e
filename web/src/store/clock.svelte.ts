/** The server's time on this page, advancing once a second: ages and countdowns hang on it. */
export class Clock {
  now = $state(Date.now());
  #offsetMs = 0;

  start(): void {
    const tick = () => {
      this.now = this.exact();
      window.setTimeout(tick, 1000);
    };
    tick();
  }

  setOffset(offsetMs: number): void {
    if (Math.abs(offsetMs - this.#offsetMs) < 1) return;
    this.#offsetMs = offsetMs;
    this.now = this.exact();
  }

  exact(): number {
    return Date.now() + this.#offsetMs;
  }
}
