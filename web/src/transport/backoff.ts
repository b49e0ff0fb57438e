const firstDelayMs = 500;
const longestDelayMs = 15_000;

/** Exponential delay before retry number `attempt` (from 0), the upper half of it random so that clients spread out. */
export function retryDelayMs(attempt: number, random: number): number {
  const full = Math.min(longestDelayMs, firstDelayMs * 2 ** Math.min(attempt, 10));
  return Math.round(full * (0.5 + random / 2));
}
