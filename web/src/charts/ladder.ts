import type { Book, Level } from '../protocol/types';

export const ladderLevels = 25;

export interface LadderRow {
  price: number;
  size: number;
  /** Sum of sizes from the best price to here. */
  total: number;
  /** Share of the larger side's total, for the depth bar. */
  depth: number;
}

export interface Ladder {
  bids: LadderRow[];
  asks: LadderRow[];
  /** Bid minus ask size over their sum, over the shown levels; null for an empty book. */
  imbalance: number | null;
}

function cumulated(levels: Level[]): { price: number; size: number; total: number }[] {
  let total = 0;
  return levels.slice(0, ladderLevels).map(([price, size]) => ({ price, size, total: (total += size) }));
}

export function ladderOf(book: Pick<Book, 'bids' | 'asks'>): Ladder {
  const bids = cumulated(book.bids);
  const asks = cumulated(book.asks);
  const bidTotal = bids.at(-1)?.total ?? 0;
  const askTotal = asks.at(-1)?.total ?? 0;
  const deepest = Math.max(bidTotal, askTotal, Number.MIN_VALUE);
  const scaled = (row: { price: number; size: number; total: number }): LadderRow => ({
    ...row,
    depth: row.total / deepest,
  });
  const sum = bidTotal + askTotal;
  return {
    bids: bids.map(scaled),
    asks: asks.map(scaled),
    imbalance: sum > 0 ? (bidTotal - askTotal) / sum : null,
  };
}
