/** The live API as the server sends it. Field names are the wire's; null always means "not known". */

import type { SignalRow } from './api';

export type { SignalRow };

export type Direction = 'long' | 'short' | 'neutral';

export interface Mode {
  market: 'live' | 'demo' | 'replay';
  trading: string;
  armed: boolean;
  kill_switch: boolean;
}

export const dimensionNames = [
  'order_flow',
  'sentiment',
  'liquidity',
  'bitcoin_beta',
  'smart_money',
  'machine_learning',
] as const;

export type DimensionName = (typeof dimensionNames)[number];

export interface Warming {
  ready_in_seconds: number | null;
  text?: string;
}

/** The first gate that stops a signal of a symbol. */
export interface RowGate {
  name: string;
  value: number | null;
  threshold: number | null;
  unit: string;
  /** Null: what it asks for is not known. */
  pass: false | null;
  text: string;
  remedy: string;
}

/** One instrument in the overview. */
export interface Row {
  id: string;
  symbol: string;
  exchange: string;
  tick_size: number;
  price: number | null;
  change_24h_pct: number | null;
  high_24h: number | null;
  low_24h: number | null;
  volume_24h: number | null;
  turnover_24h_usd: number | null;
  funding_rate: number | null;
  funding_interval_hours: number | null;
  next_funding_at: number | null;
  open_interest_usd: number | null;
  open_interest_change_1h_pct: number | null;
  spread_bps: number | null;
  score: number | null;
  score_change: number | null;
  coverage: number | null;
  confidence: number | null;
  direction: Direction | null;
  dimensions: Partial<Record<DimensionName, number | null>>;
  absent_dimensions: string[];
  not_applicable: string[];
  reasons: string[];
  score_history: [number, number][];
  age_ms: number | null;
  flags: string[];
  warming?: Warming | null;
  gate?: RowGate | null;
}

export interface Feed {
  exchange: string;
  connection?: string | null;
  stream: string;
  symbol?: string | null;
  age_ms: number | null;
  gaps: number;
  resyncs?: number;
  state: string;
}

export interface SystemStatus {
  status: 'ok' | 'degraded' | 'down';
  reasons: string[];
  uptime_seconds: number | null;
  demo?: boolean;
  feeds: Feed[];
  tiers?: Tier[];
}

/** A tier of the cache behind the API. */
export interface Tier {
  name: 'l1' | 'l2' | 'l3';
  server: string;
  state: 'ok' | 'down';
}

export interface MarketOverview {
  market_regime: string | null;
  regime_confidence: number | null;
  trend_strength: number | null;
  volatility_pct: number | null;
  btc_price: number | null;
  btc_change_24h_pct: number | null;
  btc_dominance_tracked_pct: number | null;
  /** Over the tracked coins; null while nothing of it is known. */
  fear_greed?: { value: number; label: string; coverage: number } | null;
  total_volume_24h_usd: number | null;
  total_open_interest_usd: number | null;
  average_funding_rate: number | null;
  gainers_count: number | null;
  losers_count: number | null;
  average_change_24h_pct: number | null;
  /** Counts, means and totals are over one instrument of each coin. */
  coins_count: number | null;
  markets: MarketTotal[];
}

/** The sums of one venue's market of one kind. */
export interface MarketTotal {
  exchange: string;
  category: string;
  instruments_count: number;
  volume_24h_usd: number | null;
  open_interest_usd: number | null;
}

/** Snapshot of topic `overview`, the same object as /api/dashboard/data. */
export interface OverviewSnapshot {
  timestamp: number;
  mode: Mode;
  market_overview: Partial<MarketOverview>;
  symbols: Row[];
  signals?: SignalRow[];
  system_status: SystemStatus;
}

/** Change of topic `overview`: only what changed, null is a value. */
export interface OverviewDelta {
  mode?: Mode;
  market_overview?: Partial<MarketOverview>;
  signals?: SignalRow[];
  system_status?: SystemStatus;
  symbols?: (Partial<Row> & { id: string })[];
  removed?: string[];
}

export interface Leaf {
  frame: string;
  weight: number;
  score: number | null;
  coverage: number;
  contribution: number;
  value: number | null;
  n: number | null;
  /** Samples needed for a first value. */
  n_min?: number | null;
  age_ms: number | null;
  flags: string[];
  ready_in_seconds: number | null;
}

export interface ScoreComponent {
  name: string;
  score: number | null;
  weight: number;
  contribution: number;
  value: number | null;
  unit: string | null;
  n: number | null;
  coverage: number;
  age_ms: number | null;
  flags: string[];
  source_seq?: number | null;
  leaves?: Leaf[];
}

export interface Contribution {
  name: string;
  kind: 'dimension' | 'adjustment';
  installed?: boolean;
  /** False: this dimension does not apply to the symbol. */
  applicable?: boolean;
  score?: number | null;
  weight?: number;
  coverage?: number;
  contribution: number;
  /** Of an adjustment: why its factor is what it is, or what of it is unknown and so counts as 1. */
  flags?: string[];
  components?: ScoreComponent[];
}

export interface Flip {
  kind?: string;
  target: number | string | null;
  leaf: string;
  from_score: number | null;
  to_score: number | null;
  from_value: number | null;
  to_value: number | null;
  unit: string | null;
}

/** The score in words, made of its numbers. */
export interface Explanation {
  headline: string;
  up: string[];
  down: string[];
  missing: string[];
  changed: string[];
  flips: string[];
}

/** Topic `score.ID`: the whole explanation of one score. */
export interface ScoreDetail {
  id: string;
  symbol: string;
  /** Of the evaluation; null before the first one. */
  timestamp: number | null;
  score: number | null;
  coverage: number | null;
  confidence: number | null;
  direction: Direction | null;
  warming: Warming | null;
  contributions: Contribution[];
  flips?: Flip[];
  explanation?: Explanation;
  versions?: { weights?: unknown; config?: unknown; model?: unknown; binary?: unknown };
}

/** open time (ms), open, high, low, close, volume (base), closed */
export type Candle = [number, number, number, number, number, number, boolean];

export interface CandleSeries {
  id: string;
  symbol: string;
  timeframe: string;
  timestamp: number;
  candles: Candle[];
}

export type Level = [price: number, size: number];

export interface Book {
  id: string;
  symbol: string;
  timestamp: number;
  age_ms: number | null;
  tick_size: number;
  state: 'live' | 'resyncing' | 'stale';
  generation: number;
  bids: Level[];
  asks: Level[];
  spread_bps: number | null;
  mid: number | null;
}

/** One market of a coin; prices are for one coin, whatever the instrument counts in. */
export interface CoinMarket {
  id: string;
  symbol: string;
  exchange: string;
  kind: 'perpetual' | 'dated' | 'spot';
  units: number;
  mid: number | null;
  age_ms: number | null;
  state: string;
  spot_basis_bps: number | null;
  other_venue_bps: number | null;
}

/** Which of two venues moves first. */
export interface VenueLead {
  first: string;
  second: string;
  timestamp: number | null;
  coverage: number;
  /** Null: neither leads beyond chance. */
  leader: string | null;
  lag_ms: number | null;
  correlation: number | null;
  ratio: number | null;
}

/** Topic `markets.ID`: the symbol's coin over all venues. */
export interface CoinMarkets {
  id: string;
  symbol: string;
  timestamp: number;
  coin: string;
  quote: string;
  mid: number | null;
  /** How many venues are in the mid, and how many list the market. */
  venues: number;
  venues_followed: number;
  coverage: number;
  dispersion_bps: number | null;
  is_crossed: boolean | null;
  markets: CoinMarket[];
  leads: VenueLead[];
}

/** time (ms), price, size, taker side */
export type Trade = [time: number, price: number, size: number, side: 'buy' | 'sell'];

export interface TradeList {
  trades: Trade[];
}

/** What stands in every document that moves with the minute; the time is null before the first closed one. */
interface OfMinute {
  id: string;
  symbol: string;
  timestamp: number | null;
}

/** Touches from one side, with Wilson's 90 % interval of the share that bounced. */
export interface Touches {
  touches: number;
  bounces: number;
  bounce_rate: number | null;
  bounce_rate_lower: number;
  bounce_rate_upper: number;
  penetration_atr: number | null;
}

export interface Zone {
  price: number;
  kinds: string[];
  born_at: number;
  age_hours: number;
  strength: number;
  /** From the last price, below it negative. */
  distance_atr: number | null;
  value: number | null;
  support: Touches;
  resistance: Touches;
}

/** Topic `zones.ID`. */
export interface Zones extends OfMinute {
  atr: number | null;
  placebo_rate: number | null;
  placebo: Touches;
  zones: Zone[];
}

export interface LevelTrials {
  reached: number;
  hits: number;
  hit_rate: number | null;
  hit_rate_lower: number;
  hit_rate_upper: number;
  mean_liquidated_quote: number | null;
}

/** time (ms), price, size, side of the position */
export type Liquidation = [time: number, price: number, size: number, side: 'long' | 'short'];

/** Topic `liquidations.ID`. */
export interface Liquidations extends OfMinute {
  liquidations: Liquidation[];
  levels_estimate: {
    flags: string[];
    assumed_leverages: number[];
    assumed_shares: number[];
    assumed_maintenance_margin: number;
    assumed_half_life_hours: number;
    explained_share: number | null;
    announced: LevelTrials;
    placebo: LevelTrials;
    /** price, notional of longs, of shorts; lowest first */
    levels: [number, number, number][];
  };
}

export interface FootprintMinute {
  t: number;
  bucket_height: number;
  buy_stacks: number;
  sell_stacks: number;
  /** lowest price, bought by takers, sold by takers; lowest first */
  levels: [number, number, number][];
}

/** Topic `footprint.ID`: the last closed minutes, oldest first. */
export interface Footprint extends OfMinute {
  minutes: FootprintMinute[];
}

/** Topic `profile.ID`: volume by price of 24 hours. */
export interface Profile extends OfMinute {
  closed_until: number | null;
  row_height: number | null;
  value_area_rule: string;
  point_of_control: number | null;
  value_area_high: number | null;
  value_area_low: number | null;
  value_area_volume: number | null;
  total_volume: number | null;
  /** price, volume in base currency; lowest first */
  rows: [number, number][];
}

export interface Indicator {
  name: string;
  unit: string;
  value: number | null;
  warm_up_bars: number;
}

/** Topic `indicators.ID.TF`: as of the last closed bar. */
export interface Indicators extends OfMinute {
  timeframe: string;
  closed_until: number | null;
  bars: number;
  values: Indicator[];
}

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
] as const;
export type EventKind = (typeof eventKinds)[number];

/** What those who move much did. It was known from `confirmed_at` on and not before. */
export interface MarketEvent {
  kind: EventKind;
  state: 'done' | 'open' | 'filled' | 'broken' | 'unknown';
  direction: 'up' | 'down' | null;
  /** A rule of thumb, not a proof. */
  heuristic: boolean;
  /** Size of the bars it follows from. */
  bars: string | null;
  resting_side: 'buy' | 'sell' | null;
  event_at: number;
  confirmed_at: number;
  last_at: number | null;
  touched_at: number | null;
  ended_at: number | null;
  low: number | null;
  high: number | null;
  strength: number | null;
  notional_quote: number | null;
  displacement_atr: number | null;
  volume_ratio: number | null;
  count: number | null;
}

/** Topic `events.ID`, in the order in which they became known. */
export interface MarketEvents extends OfMinute {
  events: MarketEvent[];
}

export const timeframes = ['1m', '5m', '30m', '4h'] as const;
export type Timeframe = (typeof timeframes)[number];

/** RFC 9457. */
export interface Problem {
  type?: string;
  title: string;
  status?: number;
  detail?: string;
}
