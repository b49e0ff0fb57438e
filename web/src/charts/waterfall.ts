import type { Contribution, Score } from '../protocol/types';
import { roundedToSum } from '../store/format';

export const neutralScore = 50;
export const contributionDecimals = 2;

/** One bar of the waterfall, from the sum before it to the sum after it. */
export interface WaterfallStep {
  contribution: Contribution;
  from: number;
  to: number;
  /** As displayed: the displayed parts add up to the displayed score. */
  shown: number;
}

export interface Waterfall {
  steps: WaterfallStep[];
  /** 50 plus all contributions; the score itself, unless that is withheld for lack of coverage. */
  total: number;
  shownTotal: number;
  low: number;
  high: number;
}

export function waterfallOf(detail: Score): Waterfall {
  const parts = detail.contributions.map((entry) => entry.contribution);
  const sum = parts.reduce((total, part) => total + part, neutralScore);
  const total = detail.score ?? sum;
  const shown = roundedToSum(parts, total - neutralScore, contributionDecimals);
  let at = neutralScore;
  const steps = detail.contributions.map((contribution, index) => {
    const from = at;
    at += contribution.contribution;
    return { contribution, from, to: at, shown: shown[index] ?? 0 };
  });
  const reached = [neutralScore, total, ...steps.map((step) => step.to)];
  return { steps, total, shownTotal: roundTo(total), ...rangeAround(Math.min(...reached), Math.max(...reached)) };
}

const roundTo = (value: number): number => Math.round(value * 10 ** contributionDecimals) / 10 ** contributionDecimals;

/** At least ten points wide, so that small bars look small, and never beyond 0 and 100. */
function rangeAround(lowest: number, highest: number): { low: number; high: number } {
  const middle = (lowest + highest) / 2;
  const half = Math.max(5, (highest - lowest) * 0.58);
  return { low: Math.max(0, middle - half), high: Math.min(100, middle + half) };
}

/** Start and length of a bar as shares of the range. */
export function barSpan(from: number, to: number, low: number, high: number): { start: number; length: number } {
  const width = high - low;
  const start = (Math.min(from, to) - low) / width;
  return { start: clamp(start), length: clamp(Math.abs(to - from) / width) };
}

const clamp = (share: number): number => Math.min(1, Math.max(0, share));
