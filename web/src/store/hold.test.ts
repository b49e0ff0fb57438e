import { describe, expect, it } from 'vitest';
import { Hold, holdMs } from './hold';

function pressed() {
  const state = { held: 0, due: null as (() => void) | null, delays: [] as number[] };
  const timers = {
    setTimer: (callback: () => void, delayMs: number) => {
      state.due = callback;
      return state.delays.push(delayMs);
    },
    clearTimer: () => (state.due = null),
  };
  return { state, hold: new Hold(timers, () => (state.held += 1)) };
}

describe('Hold', () => {
  it('does what it is for once it has been held, and no second time when it is let go', () => {
    const { state, hold } = pressed();
    hold.press();
    expect(state.held).toBe(0);
    state.due?.();
    expect(state.held).toBe(1);
    expect(hold.release()).toBe(false);
    expect(state.delays).toEqual([holdMs]);
  });

  it('does nothing when it is let go before, and says so', () => {
    const { state, hold } = pressed();
    hold.press();
    expect(hold.release()).toBe(true);
    expect(state.due).toBeNull();
    expect(hold.release()).toBe(false);
  });

  it('is not begun anew by a key that repeats', () => {
    const { state, hold } = pressed();
    hold.press();
    hold.press();
    expect(state.delays).toHaveLength(1);
  });
});
