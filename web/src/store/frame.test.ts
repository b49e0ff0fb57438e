import { describe, expect, it } from 'vitest';
import { FrameScheduler, hiddenIntervalMs } from './frame';

function source(hidden: boolean) {
  const frames: (() => void)[] = [];
  const timers: { callback: () => void; delayMs: number }[] = [];
  return {
    frames,
    timers,
    isHidden: () => hidden,
    requestFrame: (callback: () => void) => void frames.push(callback),
    setTimer: (callback: () => void, delayMs: number) => void timers.push({ callback, delayMs }),
  };
}

describe('FrameScheduler', () => {
  it('runs a callback once per frame however often it is scheduled', () => {
    const frame = source(false);
    const scheduler = new FrameScheduler(frame);
    let runs = 0;
    const callback = () => (runs += 1);
    for (let message = 0; message < 50; message += 1) scheduler.schedule(callback);
    expect(frame.frames.length).toBe(1);
    frame.frames[0]?.();
    expect(runs).toBe(1);
    scheduler.schedule(callback);
    frame.frames[1]?.();
    expect(runs).toBe(2);
  });

  it('calls back in the frame after the one that is painted, and not in a hidden tab', () => {
    const frame = source(false);
    const scheduler = new FrameScheduler(frame);
    const calls: string[] = [];
    scheduler.schedule(() => {
      calls.push('changed');
      scheduler.afterPaint(() => calls.push('painted'));
    });
    frame.frames[0]?.();
    expect(calls).toEqual(['changed']);
    frame.frames[1]?.();
    expect(calls).toEqual(['changed', 'painted']);
    const hidden = source(true);
    new FrameScheduler(hidden).afterPaint(() => calls.push('never'));
    expect([hidden.frames.length, hidden.timers.length]).toEqual([0, 0]);
  });

  it('waits a second in a hidden tab, and runs at once when it comes back', () => {
    const frame = source(true);
    const scheduler = new FrameScheduler(frame);
    let runs = 0;
    scheduler.schedule(() => (runs += 1));
    expect(frame.frames.length).toBe(0);
    expect(frame.timers[0]?.delayMs).toBe(hiddenIntervalMs);
    scheduler.run();
    expect(runs).toBe(1);
    frame.timers[0]?.callback();
    expect(runs).toBe(1);
  });
});
