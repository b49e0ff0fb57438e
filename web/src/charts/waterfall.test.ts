import { describe, expect, it } from 'vitest';
import type { Score } from '../protocol/types';
import { ladderOf } from './ladder';
import { barSpan, waterfallOf } from './waterfall';

const detail = (score: number | null, parts: number[]): Score =>
  ({ score, contributions: parts.map((contribution, index) => ({ name: `part${index}`, kind: 'dimension', contribution })) }) as unknown as Score;

describe('waterfallOf', () => {
  it('goes from 50 to the score, and the displayed parts add up to the displayed score', () => {
    const parts = [3.333333, -1.234567, 0, 2.717171, -0.004999];
    const score = parts.reduce((sum, part) => sum + part, 50);
    const { steps, total, shownTotal } = waterfallOf(detail(score, parts));
    expect(steps[0]?.from).toBe(50);
    expect(steps.at(-1)?.to).toBeCloseTo(total, 9);
    const cents = steps.reduce((sum, step) => sum + Math.round(step.shown * 100), 5000);
    expect(cents).toBe(Math.round(shownTotal * 100));
  });

  it('still adds up when the score is withheld', () => {
    const waterfall = waterfallOf(detail(null, [1.5, -0.25]));
    expect(waterfall.total).toBeCloseTo(51.25, 12);
  });

  it('shows a server whose parts do not add up instead of hiding it', () => {
    const { steps } = waterfallOf(detail(70, [1, 1]));
    expect(steps.every((step) => Math.abs(step.shown - 1) <= 0.01 + 1e-9)).toBe(true);
  });

  it('keeps every bar inside the range', () => {
    for (const parts of [[40], [-45], [30, -60], [0.01]]) {
      const { steps, low, high } = waterfallOf(detail(null, parts));
      for (const step of steps) {
        const span = barSpan(step.from, step.to, low, high);
        expect(span.start).toBeGreaterThanOrEqual(0);
        expect(span.start + span.length).toBeLessThanOrEqual(1 + 1e-9);
      }
      expect(high - low).toBeGreaterThanOrEqual(9.99);
    }
  });
});

describe('ladderOf', () => {
  it('accumulates from the best price and scales both sides alike', () => {
    const { bids, asks, imbalance } = ladderOf({ bids: [[10, 1], [9, 3]], asks: [[11, 2]] });
    expect(bids.map((row) => row.total)).toEqual([1, 4]);
    expect(bids[1]?.depth).toBe(1);
    expect(asks[0]?.depth).toBe(0.5);
    expect(imbalance).toBeCloseTo((4 - 2) / 6, 12);
  });

  it('has no imbalance for an empty book', () => {
    expect(ladderOf({ bids: [], asks: [] })).toEqual({ bids: [], asks: [], imbalance: null });
  });
});
