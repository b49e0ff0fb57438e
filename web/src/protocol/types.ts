/** What the program sends, as its own document says it, and what that document cannot say. Null: not known. */

import type { Candles, Dashboard, Dimensions, MarketEvent, MarketOverview, Row } from './api';

export type * from './api';

export type DimensionName = keyof Dimensions;
export type Timeframe = Candles['timeframe'];
export type EventKind = MarketEvent['kind'];

/** In the order in which they are shown. */
export const dimensionNames = [
  'order_flow',
  'sentiment',
  'liquidity',
  'bitcoin_beta',
  'smart_money',
  'machine_learning',
] as const satisfies DimensionName[];
export const timeframes = ['1m', '5m', '30m', '4h'] as const satisfies Timeframe[];
export const eventKinds = [
  'break_of_structure',
  'change_of_character',
  'fair_value_gap',
  'order_block',
  'pool_sweep',
  'swing_sweep',
  'iceberg',
  'whale_cluster',
  'absorption',
  'vanished_order',
] as const satisfies EventKind[];

/** Change of topic `overview`: the members of the dashboard that changed, null is a value. */
export interface OverviewDelta extends Partial<Omit<Dashboard, 'market_overview' | 'symbols'>> {
  market_overview?: Partial<MarketOverview>;
  symbols?: (Partial<Row> & Pick<Row, 'id'>)[];
  removed?: Row['id'][];
}
