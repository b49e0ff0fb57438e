// Made by tools/typescript_client.py from the program's OpenAPI document: not to be edited.
/* eslint-disable */

export interface Row {
  /** path-safe id */
  id: string;
  /** unified symbol */
  symbol: string;
  /** venue */
  exchange: string;
  /** price step, quote currency */
  tick_size: number;
  /** last price, quote currency */
  price: number | null;
  /** percent */
  change_24h_pct: number | null;
  /** quote currency */
  high_24h: number | null;
  /** quote currency */
  low_24h: number | null;
  /** base currency */
  volume_24h: number | null;
  /** quote currency */
  turnover_24h_usd: number | null;
  /** fraction for its interval */
  funding_rate: number | null;
  /** hours */
  funding_interval_hours: number | null;
  /** ms UTC */
  next_funding_at: number | null;
  /** one side, at the mark price */
  open_interest_usd: number | null;
  /** percent, in coins */
  open_interest_change_1h_pct: number | null;
  /** best ask to best bid */
  spread_bps: number | null;
  /** 0 to 100; null while too little is known */
  score: number | null;
  /** points against the last 5-minute close */
  score_change: number | null;
  /** share of live evidence, 0 to 1 */
  coverage: number;
  /** 0 to 1, not a probability */
  confidence: number | null;
  /** null while there is no score */
  direction: Direction | null;
  /** until there is a score */
  warming: Warming | null;
  /** score of each side */
  dimensions: Dimensions;
  /** sides that are not installed */
  absent_dimensions: string[];
  /** sides that do not apply */
  not_applicable: string[];
  /** to the venue's Bitcoin, least squares of a day's 5-minute returns */
  beta: number | null;
  /** of the same returns */
  correlation: number | null;
  /** what stops a signal; null: nothing does */
  gate: RowGate | null;
  /** null in this version */
  calibration: Record<string, unknown> | null;
  /** what moves the score most */
  reasons: string[];
  /** at 5-minute closes, at most 24 */
  score_history: ScorePoint[];
  /** of the newest market data, whole seconds */
  age_ms: number | null;
  /** streams that are not live */
  flags: string[];
}

export interface MarketOverview {
  /** Bitcoin's: calm, trending or stressed */
  market_regime: string | null;
  /** how likely that is, 0 to 1 */
  regime_confidence: number | null;
  /** Bitcoin's way over its path in 4 hours, 0 to 1 */
  trend_strength: number | null;
  /** Bitcoin's realised volatility of the last hour, percent */
  volatility_pct: number | null;
  /** Bitcoin's share of the turnover followed */
  btc_dominance_tracked_pct: number | null;
  /** of the coins followed, 0 to 100 */
  fear_greed: FearGreed | null;
  /** last price of Bitcoin */
  btc_price: number | null;
  /** percent */
  btc_change_24h_pct: number | null;
  /** coins that the counts, means and totals are over: one instrument of each, the preferred */
  coins_count: number;
  /** sums of each venue's markets, whatever the coin */
  markets: MarketTotal[];
  /** one instrument for each coin */
  total_volume_24h_usd: number | null;
  /** one side, one instrument for each coin */
  total_open_interest_usd: number | null;
  /** mean, one instrument for each coin */
  average_funding_rate: number | null;
  /** coins up over 24 h */
  gainers_count: number;
  /** coins down over 24 h */
  losers_count: number;
  /** percent, one instrument for each coin */
  average_change_24h_pct: number | null;
}

export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
}

export interface Mode {
  market: "live" | "demo" | "replay";
  trading: "off" | "paper" | "live";
  armed: boolean;
  /** true: no new positions until somebody releases it; null: not known until trading has begun */
  kill_switch: boolean | null;
}

export type Direction = "long" | "short" | "neutral";

export interface Dimensions {
  order_flow: number | null;
  sentiment: number | null;
  liquidity: number | null;
  bitcoin_beta: number | null;
  smart_money: number | null;
  machine_learning: number | null;
}

export interface Warming {
  ready_in_seconds: number;
  text: string;
}

export interface RowGate {
  name: string;
  value: number | null;
  threshold: number | null;
  unit: string;
  /** null: what it asks for is not known */
  pass: false | null;
  text: string;
  remedy: string;
}

export type ScorePoint = [at_ms: number, score: number];

export interface MarketTotal {
  exchange: string;
  category: string;
  instruments_count: number;
  volume_24h_usd: number | null;
  open_interest_usd: number | null;
}

export interface FearGreed {
  value: number;
  label: string;
  coverage: number;
}

export interface Mover {
  id: string;
  symbol: string;
  price: number | null;
  change_24h_pct: number | null;
  score: number | null;
}

export interface TopMovers {
  gainers: Mover[];
  losers: Mover[];
}

export interface Feed {
  exchange: string;
  connection: number;
  stream: string;
  symbol: string;
  age_ms: number | null;
  gaps: number;
  resyncs: number;
  state: "down" | "connecting" | "resyncing" | "live" | "stale";
}

export interface SystemStatus {
  status: "ok" | "degraded" | "down";
  demo: boolean;
  reasons: string[];
  uptime_seconds: number;
  feeds: Feed[];
  /** The clock of each venue minus this machine's */
  clocks: {
    exchange?: string;
    offset_ms?: number;
  }[];
  /** The tiers of the cache, the nearest first; what they did is in /cache-metrics */
  tiers: Tier[];
}

export interface Tier {
  name: "l1" | "l2" | "l3";
  /** memory, or the server's kind and address */
  server: string;
  /** down: it does not answer, and answers are made without it */
  state: "ok" | "down";
}

export interface Dashboard {
  timestamp: number;
  mode: Mode;
  market_overview: MarketOverview;
  symbols: Row[];
  top_movers: TopMovers;
  signals: SignalRow[];
  alerts: unknown[];
  system_status: SystemStatus;
}

export interface PerpetualsPulse {
  /** coins whose preferred instrument is a perpetual */
  coins_count: number;
  /** mean, a fraction for each contract's interval */
  funding_rate: number | null;
  /** mean of the contracts' z: how many standard deviations the funding of now is from the mean of the contract's own last 30 days, by the hour and beyond the interest; null below 72 hourly samples */
  funding_zscore: number | null;
  /** mean share of the accounts that hold the contract and are long */
  long_pct: number | null;
  /** the others */
  short_pct: number | null;
  /** sum, one side */
  open_interest_usd: number | null;
  /** sum */
  volume_24h_usd: number | null;
  /** mean of ln(mid/mid of the coin's spot market on its venue) */
  basis_pct: number | null;
}

export interface OverviewPart {
  timestamp: number;
  mode: Mode;
  market_overview: MarketOverview;
}

export interface SymbolsPart {
  timestamp: number;
  mode: Mode;
  symbols: Row[];
}

export interface PulsePart {
  timestamp: number;
  mode: Mode;
  perpetuals_pulse: PerpetualsPulse;
}

export interface MobileDashboard {
  timestamp: number;
  mode: Mode;
  market_overview: MarketOverview;
  symbols: Row[];
  top_movers: TopMovers;
  signals: SignalRow[];
  alerts: unknown[];
  system_status: SystemStatus;
  perpetuals_pulse: PerpetualsPulse;
}

export interface MarketInternals {
  timestamp: number;
  mode: Mode;
  /** the minute it was made at, ms UTC; null before the first */
  at: number | null;
  /** coins that are followed, by one perpetual of each */
  coins_count: number;
  /** coins that rose and fell over 24 h, and how many stand above their mean of 30 days */
  breadth: {
    known_count: number;
    advancing_count: number;
    declining_count: number;
    /** of the coins that have 30 days of bars */
    above_mean_30d_pct: number | null;
  };
  /** standard deviation of the coins' changes over 24 h, percent */
  dispersion: {
    change_24h_pct: number | null;
  };
  /** Bitcoin's share of the coins followed of which it is known, and of how many of them it is (0 .. 1); null where of fewer than half */
  dominance: {
    btc_turnover_pct: number | null;
    btc_turnover_coverage: number;
    btc_open_interest_pct: number | null;
    btc_open_interest_coverage: number;
  };
  /** 0 fear to 100 greed: the mean of the parts that are known, by weight and coverage */
  fear_greed: {
    value: number | null;
    label: string | null;
    coverage: number;
    parts: ({
      name: string;
      weight: number;
      value: number | null;
      coverage: number;
    })[];
  };
  /** liquidations that fed on themselves within the last hour */
  cascades: ({
    id: string;
    symbol: string;
    side: "long" | "short";
    began_at: number;
    seen_at: number;
    count: number;
    usual_count: number;
    liquidated_usd: number;
    return_sigmas: number;
    open_interest_change_pct: number;
  })[];
  /** price and open interest that went apart over 200 minutes, with a 90 % interval below 0 */
  open_interest_divergences: {
    id: string;
    symbol: string;
    at: number;
    correlation: number;
    low: number;
    high: number;
  }[];
}

export interface Instruments {
  timestamp?: number;
  symbols?: Record<string, unknown>[];
}

export interface Leaf {
  frame: string;
  /** share of its component; a component's leaves add up to 1 */
  weight: number;
  /** 0 to 100; null while there is none */
  score: number | null;
  /** share of its evidence that is alive, 0 to 1 */
  coverage: number;
  /** points of the score */
  contribution: number;
  /** in the component's unit; shown even where it has no score yet */
  value: number | null;
  /** samples that judge the value, or events behind it */
  n: number;
  /** below this there is no score (samples), or no full coverage (events) */
  n_min: number;
  /** records in the window */
  events: number;
  /** of the oldest of its inputs */
  age_ms: number | null;
  flags: string[];
  /** first input of the instrument in the leaf's window */
  first_seq: number | null;
  /** newest input behind the value, a position in the run's journal */
  source_seq: number | null;
  /** while warming: until n_min is reached; null: it is not, or nobody knows */
  ready_in_seconds: number | null;
}

export interface Flip {
  kind: string;
  target: number;
  dimension: string;
  leaf: string;
  from_score: number;
  to_score: number;
  from_value: number | null;
  to_value: number | null;
  unit: string;
}

export interface Component {
  name: string;
  unit: string;
  /** how the value becomes a score: z0, zm, pr or lb */
  map: string;
  /** -1: a high value is a low score */
  sign: number;
  score: number | null;
  /** share of its dimension; 0 in the shadow */
  weight: number;
  coverage: number;
  /** points of the score */
  contribution: number;
  /** of its first leaf */
  value: number | null;
  /** of its first leaf */
  n: number;
  age_ms: number | null;
  flags: string[];
  /** newest input behind any of its leaves */
  source_seq: number | null;
  leaves: Leaf[];
  /** the test that holds the component to its definition */
  test: string | null;
}

export interface Contribution {
  name: string;
  kind: "dimension" | "adjustment";
  /** of a dimension: whether this program has it */
  installed?: boolean;
  /** of a dimension: whether it says anything of this instrument */
  applicable?: boolean;
  score?: number | null;
  /** in the profile of this instrument, dimensions that take part add up to 1 */
  weight?: number;
  coverage?: number;
  /** points; 50 plus all of them is the score */
  contribution: number;
  /** of an adjustment: what it multiplies the sum by; null for adj_regime, which weighs the dimensions anew */
  factor?: number | null;
  /** of an adjustment: why its factor is what it is, or what of it is unknown and so counts as 1 */
  flags?: string[];
  components?: Component[];
}

export interface Regime {
  /** calm, trending or stressed */
  label: string | null;
  /** how likely stress is, 0 to 1 */
  p_stress: number | null;
  /** how likely a trend is, 0 to 1 */
  p_trend: number | null;
  /** Bitcoin's realised volatility of the last hour */
  rv_1h_bps: number | null;
  /** of that among the hours of 30 days */
  volatility_percentile: number | null;
  /** way over path in 4 hours, 0 to 1 */
  trend_efficiency: number | null;
}

export interface Explanation {
  headline: string;
  up: string[];
  down: string[];
  missing: string[];
  changed: string[];
  flips: string[];
}

export interface Change {
  dimension: string;
  component: string;
  frame: string;
  /** whether the component spoke both times */
  presence: "stayed" | "appeared" | "vanished";
  /** by_score + by_weight + by_coverage + by_quality */
  points: number;
  by_score: number;
  by_weight: number;
  by_coverage: number;
  by_quality: number;
}

export interface Changed {
  /** the last change of direction, or so long ago */
  since: "direction" | "5m" | "1h";
  at: number;
  /** of the sum since then */
  points: number;
  /** the five that moved it most */
  largest: Change[];
  /** all the rest in one sum */
  other: number;
}

export interface Score {
  id: string;
  symbol: string;
  timestamp: number | null;
  score: number | null;
  coverage: number;
  confidence: number | null;
  direction: Direction | null;
  warming: Warming | null;
  /** name of the set of weights */
  profile: string;
  regime: Regime;
  reasons: string[];
  explanation: Explanation;
  contributions: Contribution[];
  flips: Flip[];
  changed: Changed[];
  versions: {
    weights: string | null;
    /** hash of everything that changes what the engine computes */
    config: string | null;
    model: string | null;
    binary: string | null;
  };
}

export interface Gate {
  /** in their order: the first that does not pass is the reason why there is no signal */
  name: string;
  value: number | null;
  /** null: no part of this version */
  threshold: number | null;
  unit: string;
  /** null: not known, or no part of this version */
  pass: boolean | null;
  /** how far the value is on the good side of the threshold; negative where it fails */
  distance: number | null;
}

export interface Why {
  id: string;
  symbol: string;
  /** of the evaluation; the gates are of this moment */
  timestamp: number | null;
  score: number | null;
  coverage: number;
  confidence: number | null;
  direction: Direction | null;
  warming: Warming | null;
  explanation: Explanation;
  /** all eighteen, in their order */
  gates: Gate[];
  /** the first gate that stops a signal, in words */
  stopped_by: RowGate | null;
  /** what the strategies beside the score said at the last closed minute; empty before it */
  strategies: StrategyState[];
}

export interface StrategyState {
  /** lead_lag, residual_momentum and so on (docs/alpha.md) */
  strategy: string;
  mode: "on" | "shadow";
  /** the figure on the score's scale: 70 or 30 at its threshold; null: not known */
  score: number | null;
  /** in its own thresholds, positive for long: 1 is at the threshold */
  figure: number | null;
  /** share of its evidence that is alive */
  coverage: number;
  /** nothing stands between it and a signal */
  pass: boolean;
  /** what it rests on, or what stops it, in words */
  reason: string;
  /** its conditions; where they are met, all gates of such a signal */
  gates: Gate[];
  /** the first of them that stops it: {name, value, threshold, unit, pass, text, remedy} */
  stopped_by: Record<string, unknown> | null;
}

export type Candle = [open_time_ms: number, open: number, high: number, low: number, close: number, volume_base: number, is_closed: boolean];

export type Level = [price: number, size: number];

export type Trade = [time_ms: number, price: number, size: number, taker_side: "buy" | "sell"];

export interface Candles {
  id: string;
  symbol: string;
  timestamp: number;
  timeframe: "1m" | "5m" | "30m" | "4h";
  candles: Candle[];
}

export interface Book {
  id: string;
  symbol: string;
  timestamp: number;
  age_ms: number | null;
  tick_size: number;
  state: "down" | "connecting" | "resyncing" | "live" | "stale";
  generation: number;
  bids: Level[];
  asks: Level[];
  spread_bps: number | null;
  mid: number | null;
}

export interface Trades {
  id: string;
  symbol: string;
  timestamp: number;
  trades: Trade[];
}

export interface Health {
  status: "ok" | "degraded" | "down";
  /** why it is not ok */
  reasons?: unknown[];
  version?: string;
  uptime_seconds?: number;
}

export interface MonitoringMetrics {
  timestamp: number;
  /** socket: from the stamp at the socket until the engine takes the frame; decode: the frame decoded and applied to its book; score: a second evaluated; view: a picture made; publish: that picture handed to every socket; pixel: from the stamp of the picture's newest frame until a page says that it has painted it */
  stages: Record<string, unknown>;
  cache: CacheMetrics;
  /** what waits between two threads, by queue */
  queues: Record<string, unknown>;
  process: {
    resident_bytes?: number;
    cpu_seconds?: number;
    open_files?: number;
    threads?: number;
    log_lines_lost?: number;
  };
}

export interface MonitoringStatus {
  timestamp?: number;
  version?: string;
  websocket_clients?: number;
  events?: number;
  rejected?: number;
  dropped?: number;
  demo?: boolean;
  status: string;
  reasons: unknown[];
  uptime_seconds: number;
  feeds: unknown[];
  /** The clock of each venue minus this machine's */
  clocks?: {
    exchange?: string;
    offset_ms?: number;
  }[];
  tiers: Tier[];
  process: Record<string, unknown>;
  /** How the sending to a time-series server stands; null where nothing is sent */
  series: Record<string, unknown> | null;
  /** How the keeping of score records stands; null where nothing is kept */
  records: {
    database?: string;
    connected?: boolean;
    offered?: number;
    stored?: number;
    queued?: number;
    spooled?: number | null;
    lost?: number;
    removed?: number;
    failures?: number;
    /** when the newest copy of the file was made; null: there is none */
    copied_at?: number | null;
    /** why the last copying failed */
    copy_problem?: string | null;
    /** what this start restored a damaged file from */
    restored?: string | null;
    problem?: string | null;
  } | null;
}

export type MonitoringSymbols = Record<string, unknown>[];

export interface CoinMarket {
  id: string;
  symbol: string;
  exchange: string;
  kind: "perpetual" | "dated" | "spot";
  /** coins in one unit of the instrument */
  units: number;
  /** quote currency for one coin; null while the book is not live or its last update is older than 10 s */
  mid: number | null;
  /** since the book's last update arrived */
  age_ms: number | null;
  /** of the book */
  state: string;
  /** ln(mid/spot mid) */
  spot_basis_bps: number | null;
  /** ln(mid/mid of the same on the other venue); null while either is not known */
  other_venue_bps: number | null;
}

export interface VenueLead {
  first: string;
  second: string;
  /** when it was judged; null before */
  timestamp: number | null;
  /** share of the last hour's seconds in which both mids were known */
  coverage: number;
  /** null: neither leads beyond chance */
  leader: string | null;
  /** where the mids agree most; positive: second follows */
  lag_ms: number | null;
  /** there (Hayashi and Yoshida) */
  correlation: number | null;
  /** squared correlations at positive lags over those at negative ones */
  ratio: number | null;
}

export interface Markets {
  timestamp: number;
  coins: ({
    coin: string;
    quote: string;
    /** of the preferred market over the venues whose book is live and at most 10 s old, each weighted by 1/spread^2; quote currency for one coin */
    mid: number | null;
    /** in the mid */
    venues: number;
    /** that list that market */
    venues_followed: number;
    /** venues / venues_followed */
    coverage: number;
    /** of the venue furthest from the mid */
    dispersion_bps: number | null;
    /** one venue bids above another's ask */
    is_crossed: boolean | null;
    markets: CoinMarket[];
    leads: VenueLead[];
  })[];
}

export interface CoinMarkets {
  id: string;
  symbol: string;
  timestamp: number;
  coin: string;
  quote: string;
  /** of the preferred market over the venues whose book is live and at most 10 s old, each weighted by 1/spread^2; quote currency for one coin */
  mid: number | null;
  /** in the mid */
  venues: number;
  /** that list that market */
  venues_followed: number;
  /** venues / venues_followed */
  coverage: number;
  /** of the venue furthest from the mid */
  dispersion_bps: number | null;
  /** one venue bids above another's ask */
  is_crossed: boolean | null;
  markets: CoinMarket[];
  leads: VenueLead[];
}

export interface Beta {
  beta: number;
  /** standard error */
  error: number;
  /** bars behind it */
  n: number;
}

export type BetaOrNull = {
  beta: number;
  /** standard error */
  error: number;
  /** bars behind it */
  n: number;
} | null;

export interface BetaTimeframe {
  timeframe: "1m" | "5m" | "30m" | "4h";
  /** close of the newest bar, ms UTC */
  timestamp: number;
  n: number;
  /** bars of a whole window */
  window: number;
  /** share of the window, x .7 where most bars are from candles */
  coverage: number;
  /** most bars are from candles, not from mids */
  kline_based: boolean;
  /** for exposure: upper end of the 95 % interval, by the larger of the two errors */
  upper_beta: number;
  correlation: {
    value: number;
    /** of the 95 % interval */
    lower: number | null;
    upper: number | null;
    n: number;
  };
  least_squares: {
    beta: number;
    error: number;
    /** Newey-West */
    error_hac: number;
    n: number;
    t_beta_is_1: number;
    /** log return of a bar */
    alpha: number;
    alpha_error: number;
    alpha_error_hac: number;
    alpha_t_hac: number;
    residual_sd: number;
    r_squared: number;
  };
  vasicek: Beta;
  blume: Beta;
  ewma: BetaOrNull;
  kalman: BetaOrNull;
  scholes_williams: BetaOrNull;
  dimson: BetaOrNull;
  /** Bitcoin above and below its mean */
  up_down: {
    up: Beta;
    down: Beta;
    wald: number;
    /** of the two being equal */
    p: number;
  } | null;
  break: {
    statistic: number;
    /** of the slope being the same all along */
    p: number;
    bars_before: number;
    n: number;
  } | null;
}

export interface BitcoinBetaRow {
  id: string;
  symbol: string;
  exchange: string;
  /** least squares of a day's 5-minute returns; the order of the list */
  beta: number | null;
  upper_beta: number | null;
  timeframes: BetaTimeframe[];
  lead_lag: {
    timestamp: number;
    /** 0: Bitcoin does not lead */
    lag_s: number;
    beta: number;
    /** share of Bitcoin's move that is still to come; 0 unless all tests pass */
    lambda: number;
    t_hac: number;
    /** of the block shifts */
    p: number | null;
    stability: number;
    correlation: number;
    correlation_without_lag: number;
    changes: number;
    /** known seconds */
    n: number;
    coverage: number;
  } | null;
}

export interface BitcoinBeta {
  /** of the newest estimate; null: there is none yet */
  timestamp: number | null;
  symbols: BitcoinBetaRow[];
  /** Bitcoin itself, and what is no crypto currency */
  not_applicable: string[];
}

export interface Measure {
  name: string;
  unit: string;
  value: number | null;
  /** samples behind it */
  n: number;
  /** share of its evidence that is alive, 0 to 1 */
  coverage: number;
  /** null: it has no input yet */
  age_ms: number | null;
  flags: string[];
}

export interface Features {
  id: string;
  symbol: string;
  /** end of the newest closed minute, ms UTC; null before the first */
  timestamp: number | null;
  /** rows of the feature file, oldest first */
  minutes: Record<string, unknown>[];
  measures: Measure[];
}

export interface Touches {
  /** the placebo's are halved now and then, so not whole */
  touches: number;
  bounces: number;
  /** null: never touched */
  bounce_rate: number | null;
  bounce_rate_lower: number;
  bounce_rate_upper: number;
  /** mean depth beyond the near edge; null: never touched */
  penetration_atr: number | null;
}

export interface Zone {
  price: number;
  /** why it is remembered */
  kinds: ("swing_30m" | "swing_4h" | "point_of_control" | "value_edge" | "day_extreme" | "week_extreme" | "round_number")[];
  /** ms UTC; known since then */
  born_at: number;
  age_hours: number;
  /** sum of its reasons, halving every 100 half hours */
  strength: number;
  /** from the last price, below it negative; null: no price or no ATR */
  distance_atr: number | null;
  /** proven excess over the placebo at the last price; null: no price */
  value: number | null;
  support: Touches;
  resistance: Touches;
}

export interface Zones {
  id: string;
  symbol: string;
  /** end of the newest closed minute, ms UTC; null before the first */
  timestamp: number | null;
  /** ATR14 of 30m bars, quote currency */
  atr: number | null;
  /** share of touches of prices without a reason that bounced; null under 50 */
  placebo_rate: number | null;
  /** those prices together */
  placebo: Touches;
  /** by price, lowest first; a zone is a band of an eighth of an ATR to either side */
  zones: Zone[];
}

export interface Profile {
  id: string;
  symbol: string;
  /** end of the newest closed minute, ms UTC; null before the first */
  timestamp: number | null;
  /** the 24 h before it, ms UTC */
  closed_until: number | null;
  /** quote currency */
  row_height: number | null;
  /** how the value area grows from the busiest row */
  value_area_rule: string;
  point_of_control: number | null;
  value_area_high: number | null;
  value_area_low: number | null;
  /** base currency */
  value_area_volume: number | null;
  /** base currency */
  total_volume: number | null;
  /** lowest first */
  rows: [price: number, volume_base: number][];
}

export interface Liquidations {
  id: string;
  symbol: string;
  /** end of the newest closed minute, ms UTC; null before the first */
  timestamp: number | null;
  /** oldest first */
  liquidations: Liquidation[];
  levels_estimate: LevelsEstimate;
}

export interface MarketEvent {
  kind: "break_of_structure" | "change_of_character" | "fair_value_gap" | "order_block" | "pool_sweep" | "swing_sweep" | "iceberg" | "whale_cluster" | "absorption" | "vanished_order";
  /** what became of it; a zone of prices is open until it is filled or broken */
  state: "done" | "open" | "filled" | "broken" | "unknown";
  /** what it speaks for; null: neither */
  direction: "up" | "down" | null;
  /** a rule of thumb, not a proof */
  heuristic: boolean;
  /** of what follows from closed bars: their size */
  bars: string | null;
  /** iceberg and vanished order: where it rested */
  resting_side: "buy" | "sell" | null;
  /** it happened, or began; ms UTC */
  event_at: number;
  /** from then on it could be known; ms UTC */
  confirmed_at: number;
  /** iceberg: newest refill; cluster: newest whale */
  last_at: number | null;
  /** a zone: first later bar that traded inside */
  touched_at: number | null;
  /** a zone: when it was filled, broken or lost from sight */
  ended_at: number | null;
  /** quote currency */
  low: number | null;
  /** quote currency */
  high: number | null;
  /** 0 to 1; iceberg: confidence; vanished order: share that was cancelled */
  strength: number | null;
  /** iceberg: executed; cluster: taken; vanished order: shown */
  notional_quote: number | null;
  /** of bars: how far the bar that proved it ran */
  displacement_atr: number | null;
  /** order block: volume by the median */
  volume_ratio: number | null;
  /** iceberg: refills; cluster: whales; pool: pivots */
  count: number | null;
}

export interface MarketEvents {
  id: string;
  symbol: string;
  /** end of the newest closed minute, ms UTC; null before the first */
  timestamp: number | null;
  /** at most 20 of each kind, in the order in which they became known */
  events: MarketEvent[];
}

export interface Indicator {
  name: string;
  unit: string;
  /** null: fewer bars than warm_up_bars, or none can be made */
  value: number | null;
  /** bars after which it can have a value */
  warm_up_bars: number;
}

export interface Indicators {
  id: string;
  symbol: string;
  /** end of the newest closed minute, ms UTC; null before the first */
  timestamp: number | null;
  timeframe: "1m" | "5m" | "30m" | "4h";
  /** end of the newest closed bar, ms UTC */
  closed_until: number | null;
  /** of the newest run without a hole */
  bars: number;
  values: Indicator[];
}

export interface LevelTrials {
  reached: number;
  hits: number;
  /** null: none was reached */
  hit_rate: number | null;
  /** of Wilson's 90 % interval */
  hit_rate_lower: number;
  hit_rate_upper: number;
  /** quote currency, for each one reached */
  mean_liquidated_quote: number | null;
}

export type Liquidation = [time_ms: number, price: number, size: number, position_side: "long" | "short"];

export interface LevelsEstimate {
  flags: string[];
  /** with assumed_shares: how the open interest is spread */
  assumed_leverages: number[];
  assumed_shares: number[];
  assumed_maintenance_margin: number;
  assumed_half_life_hours: number;
  /** of the open interest: how much of it was opened while the map looked on */
  explained_share: number | null;
  /** the strongest levels, said beforehand */
  announced: LevelTrials;
  /** places without a level, watched by the same rule */
  placebo: LevelTrials;
  /** lowest first */
  levels: [price: number, long_notional: number, short_notional: number][];
}

export interface FootprintMinute {
  /** start of the minute, ms UTC */
  t: number;
  /** quote currency */
  bucket_height: number;
  /** runs of three or more prices at which buyers dominated */
  buy_stacks: number;
  sell_stacks: number;
  /** lowest first */
  levels: [lowest_price: number, bought_by_takers: number, sold_by_takers: number][];
}

export interface Footprint {
  id: string;
  symbol: string;
  /** end of the newest closed minute, ms UTC; null before the first */
  timestamp: number | null;
  minutes: FootprintMinute[];
}

export interface StoredScore {
  /** of the decision */
  timestamp: number;
  /** its journal is named by it */
  run: string;
  /** of the record within the run, from 1 */
  number: number;
  score?: number | null;
  sum: number;
  coverage: number;
  confidence?: number | null;
  direction?: string | null;
  causes?: string[];
  dimensions?: {
    order_flow?: number | null;
    sentiment?: number | null;
    liquidity?: number | null;
    bitcoin_beta?: number | null;
    smart_money?: number | null;
    machine_learning?: number | null;
  };
  first_sequence?: number | null;
  last_sequence?: number | null;
}

export interface ScoreHistory {
  id: string;
  market: string;
  scores: StoredScore[];
  /** of the next page; null: this was the last */
  cursor: string | null;
}

export interface WarmedCycle {
  /** keys that were to be computed anew */
  attempted: number;
  /** of these, keys with a real value now */
  warmed: number;
  /** beyond the number or the time of a cycle */
  left_out: number;
}

export interface Flushed {
  flushed: boolean;
}

export type CacheBreaker = {
  state: "closed" | "open" | "probing";
  openings: number;
} | null;

export type CacheCalls = {
  look_ups_hit: number;
  look_ups_missed: number;
  errors: number;
  timeouts: number;
  corrupt: number;
  /** look-ups that were not made: breaker open, or too many waiting */
  skipped: number;
  writes: number;
  failed_writes: number;
  dropped_writes: number;
  connects: number;
  sent: number;
  connections: number;
  connections_most: number;
  waiting: number;
  latency_p50_us: number | null;
  latency_p99_us: number | null;
} | null;

export interface CacheTier {
  name: "l1" | "l2" | "l3";
  /** null: this process's memory, or off */
  server: string | null;
  /** of those who asked the API; null: the tier is off */
  hits: number | null;
  misses: number | null;
  hit_rate: number | null;
  share_of_answers: number | null;
  /** from the question to its answer by this tier; of l1 the look-up alone */
  latency_p50_us: number | null;
  latency_p99_us: number | null;
  age_p50_ms: number | null;
  /** the oldest answer that it gave */
  age_max_ms: number | null;
  items: number | null;
  items_max: number | null;
  bytes: number | null;
  bytes_max: number | null;
  evictions: number | null;
  expirations: number | null;
  rejections: number | null;
  breaker: CacheBreaker;
  calls: CacheCalls;
}

export interface CacheOrigin {
  answers: number;
  share_of_answers: number | null;
  latency_p50_us: number | null;
  latency_p99_us: number | null;
  /** computations, those of warming and renewing too */
  runs: number;
  failed_runs: number;
  /** questions that waited for a computation under way */
  joined: number;
}

export interface CacheRoute {
  route: string;
  answers: number;
  l1: number;
  l2: number;
  l3: number;
  origin: number;
  l1_p50_us: number | null;
  origin_p50_us: number | null;
  origin_over_l1: number | null;
}

export interface CacheWarming {
  /** part of the trading day; null: there is no schedule */
  hours: "before" | "open" | "after" | "closed" | null;
  every_seconds: number | null;
  next_at: number | null;
  last_at: number | null;
  under_way: boolean;
  cycles: number;
  attempted: number;
  warmed: number;
  /** warmed values that somebody was served afterwards */
  read: number;
  left_out: number;
  last: WarmedCycle | null;
}

export interface CacheMetrics {
  timestamp: number;
  /** of cached routes, since the start */
  answers: number;
  /** questions that could not be answered */
  failures: number;
  tiers: CacheTier[];
  origin: CacheOrigin;
  promotions: number;
  renewals: number;
  /** values of a server that were past their time, or from before a flush */
  too_old: number;
  routes: CacheRoute[];
  warming: CacheWarming;
}

export interface Done {
  done: boolean;
}

export interface Session {
  user: string | null;
  scope: string | null;
  role: string | null;
  session: string | null;
  csrf_token: string | null;
  has_second_factor: boolean;
  second_factor_until: number | null;
  sessions: {
    id: string;
    address: string;
    created_at: number;
    last_used_at: number;
  }[];
  needs_setup: boolean;
  /** whether who asks may read the market, with or without a login */
  may_read_market: boolean;
}

export interface OfferedCodes {
  secret: string;
  address: string;
}

export interface Token {
  id: string;
  user: string;
  label: string;
  scope: "read" | "trade" | "admin";
  created_at: number;
  expires_at: number;
  last_used_at: number | null;
}

export interface Tokens {
  tokens: Token[];
}

export interface CreatedToken {
  token: string;
  details: Token;
}

export interface Audit {
  entries: {
    at: number;
    user: string;
    address: string;
    action: string;
    subject: string;
    outcome: string;
  }[];
  next_cursor: string;
}

export interface Logs {
  /** numbers and cursors are of this run */
  run: string;
  lines: ({
    number: number;
    at: number;
    level: "debug" | "info" | "warning" | "error";
    component: string;
    message: string;
  })[];
  next_cursor: string | null;
}

export interface ConfigurationKnob {
  key: string;
  /** as in the file; *** hides a secret */
  value: string | number | unknown[];
  source: "default" | "file" | "environment" | "flag";
  /** file and line, or the variable */
  origin: string | null;
  /** as in the file; *** hides a secret */
  default: string | number | unknown[];
  takes_effect: "live" | "restart";
}

export interface Configuration {
  file: string;
  /** changes with the file's text, of this process only */
  revision: string;
  /** the file without its secrets; null: there is none, or it cannot be read as TOML */
  text: string | null;
  /** why the file as it is would not start */
  problem: string | null;
  values: ConfigurationKnob[];
  /** keys whose value in use is not the file's */
  needs_restart: string[];
}

export type ConfigurationSchema = Record<string, unknown>;

export interface ConfigurationDifference {
  /** null: the defaults */
  version: number | null;
  changes: ({
    key: string;
    /** as in the file; *** hides a secret */
    before: string | number | unknown[];
    /** as in the file; *** hides a secret */
    after: string | number | unknown[];
  })[];
}

export interface ConfigurationHistory {
  versions: {
    version: number;
    /** ms UTC */
    replaced_at: number;
    bytes: number;
  }[];
}

export interface ConfigurationChange {
  /** keys whose value differs from before */
  changed: string[];
  /** of these, in use now */
  applied: string[];
  /** keys whose value in use is not the file's */
  needs_restart: string[];
}

export type HorizonOutcome = {
  gross_bps?: number;
  net_bps?: number;
  mfe_bps?: number;
  mae_bps?: number;
} | null;

export type SignalOutcome = {
  first_barrier: "target" | "stop" | "expired" | "delisted" | null;
  ended_at: number | null;
  open_share: number;
  gross_bps: number;
  net_bps: number;
  funding_bps: number;
  net_r: number | null;
  mfe_bps: number;
  mae_bps: number;
  has_gap: boolean;
  horizons: {
    "15m"?: HorizonOutcome;
    "1h"?: HorizonOutcome;
    "4h"?: HorizonOutcome;
    "24h"?: HorizonOutcome;
  };
} | null;

export interface Signal {
  id: string;
  instrument: string;
  symbol: string;
  strategy: string;
  direction: "long" | "short";
  state: "open" | "closed" | "suppressed" | "placebo";
  suppressed_by: string | null;
  /** the raised signal whose placebo it is: an entry at a random time; null: it is a signal */
  placebo_of: string | null;
  confirmed_at: number;
  score: number;
  coverage: number;
  confidence: number | null;
  weights: string;
  is_uncalibrated: boolean;
  /** of the target before stop and expiry, as claimed at confirmation; null: too few outcomes were known */
  probability: number | null;
  reasons: string[];
  entry: number | null;
  entered_at: number | null;
  mid: number | null;
  stop: number | null;
  stop_now: number | null;
  stop_atr: number | null;
  targets: ({
    price: number;
    hit_at: number | null;
  })[];
  expiry_at: number | null;
  /** share of the equity */
  size: number | null;
  costs: {
    fee_bps?: number;
    entry_bps?: number;
    exit_bps?: number;
  } | null;
  outcome: SignalOutcome;
}

export interface LedgerEntry {
  /** in its market, from 1 without a gap */
  number: number;
  /** what happened: raised, target_1, ended ... */
  entry: string;
  at: number;
  run: string;
  /** SHA-256 over the hash before it and this entry */
  hash: string;
  signal: Signal;
}

export interface Signals {
  market: string;
  signals: LedgerEntry[];
  /** of the next page; null: this was the last */
  cursor: string | null;
}

export interface SignalHistory {
  id: string;
  state: "open" | "closed" | "suppressed" | "placebo";
  signal: Signal;
  entries: LedgerEntry[];
}

export interface SignalRow {
  id: string;
  instrument: string;
  symbol: string;
  strategy: string;
  direction: "long" | "short";
  state: "open" | "closed";
  score: number;
  confirmed_at: number;
  entry: number;
  /** where it is now */
  stop: number;
  targets: number[];
  expiry_at: number;
  /** share of the equity */
  size: number;
  reasons: string[];
  is_uncalibrated: boolean;
  /** of the target before stop and expiry, as claimed; null: too few outcomes were known */
  probability: number | null;
  /** null while it is open */
  outcome: {
    first_barrier?: "target" | "stop" | "expired" | "delisted";
    ended_at?: number;
    net_bps?: number;
    net_r?: number;
  } | null;
}

export type HorizonRecord = {
  n: number;
  n_eff: number;
  is_thin: boolean;
  hit_rate: number;
  /** from, to */
  hit_interval: number[] | null;
  above_costs: number;
  mean_net_bps: number;
  lower_quartile_net_bps: number;
  median_net_bps: number;
  upper_quartile_net_bps: number;
} | null;

export type BarrierRecord = {
  n: number;
  n_eff: number;
  is_thin: boolean;
  target: number;
  stop: number;
  expired: number;
  /** from, to */
  target_interval: number[] | null;
  mean_net_r: number | null;
  /** from, to */
  net_r_interval: number[] | null;
} | null;

export interface ScoreBin {
  from: number;
  to: number;
  n: number;
  horizons: {
    "15m"?: HorizonRecord;
    "1h"?: HorizonRecord;
    "4h"?: HorizonRecord;
    "24h"?: HorizonRecord;
  };
  barrier: BarrierRecord;
}

export type ProbabilityMap = {
  shape: "isotonic" | "platt";
  n: number;
  n_eff: number;
  log_loss_isotonic: number;
  log_loss_platt: number;
  log_loss_base: number;
  brier: number;
  calibration_error: number;
  area_under_curve: number | null;
} | null;

export interface StrategyCalibration {
  strategy: string;
  sides: string;
  n: number;
  /** strength from which on the expected net result is above 0; 100: nowhere; null: too few outcomes */
  level: number | null;
  bins: ScoreBin[];
  probability: ProbabilityMap;
  symbols: ({
    symbol: string;
    n: number;
    n_eff: number;
    expected: number;
    rate: number;
    /** from, to */
    rate_interval: number[] | null;
  })[];
}

export interface Calibration {
  market: string;
  /** where the outcomes come from: figures of two are never mixed */
  segment: "in_sample" | "out_of_sample" | "live" | "paper" | "demo" | "reconstructed";
  /** those that have signals */
  segments: ({
    segment: "in_sample" | "out_of_sample" | "live" | "paper" | "demo" | "reconstructed";
    /** raised signals */
    n: number;
  })[];
  /** effective outcomes below which a figure is shown in grey */
  thin_below: number;
  strategies: StrategyCalibration[];
}

export interface ShareAgainstNull {
  share: number;
  /** from, to */
  interval: number[] | null;
  /** what random entries get */
  null: number;
}

export type TradeResults = {
  n: number;
  n_eff: number;
  mean_net_r: number;
  /** from, to */
  mean_interval: number[] | null;
  maximum_drawdown_r: number;
  sharpe: number | null;
  probabilistic_sharpe: number | null;
  deflated_sharpe: number | null;
  shortest_record: number | null;
  p_null: number | null;
  p_profit: number | null;
} | null;

export type PlaceboComparison = {
  draws: number;
  /** share of draws below, 0 to 1 */
  percentile: number;
  /** chance of so good a mean where there is no edge */
  p: number;
  /** of the draws */
  mean: number;
  percentile_95: number;
  /** better than 95 % of the draws */
  is_beaten: boolean;
} | null;

export interface EdgeDecay {
  /** how far outcomes lie behind what was claimed, in standard deviations of one */
  level: number;
  alarm: number;
  /** level at which an alarm is over */
  recovery: number;
  is_decayed: boolean;
}

export interface StrategyRecord {
  /** empty: all together */
  strategy: string;
  open: number;
  n: number;
  n_eff: number;
  is_thin: boolean;
  target: ShareAgainstNull;
  stop: ShareAgainstNull;
  expired: ShareAgainstNull;
  target_p: number;
  results: TradeResults;
  q_null: number | null;
  q_profit: number | null;
  placebo: PlaceboComparison;
  /** mean net bps at each horizon beside the same signals with sides turned at random */
  turned_sides: {
    "15m": PlaceboComparison;
    "1h": PlaceboComparison;
    "4h": PlaceboComparison;
    "24h": PlaceboComparison;
  };
  decay: EdgeDecay;
}

export interface Performance {
  market: string;
  /** where the outcomes come from: figures of two are never mixed */
  segment: "in_sample" | "out_of_sample" | "live" | "paper" | "demo" | "reconstructed";
  /** those that have signals */
  segments: ({
    segment: "in_sample" | "out_of_sample" | "live" | "paper" | "demo" | "reconstructed";
    /** raised signals */
    n: number;
  })[];
  /** sets of parameters and weights under which signals were raised */
  trials: number;
  /** effective outcomes below which a figure is shown in grey */
  thin_below: number;
  all: StrategyRecord;
  strategies: StrategyRecord[];
}

export type StoredRecord = Record<string, unknown>;

export interface SignalsPart {
  timestamp: number;
  mode: Mode;
  signals: SignalRow[];
}

export interface StoredSeries {
  /** below the history folder */
  file: string;
  /** path-safe name of the instrument */
  id: string | null;
  exchange: string | null;
  category: string | null;
  kind: string | null;
  /** null: funding, whose interval changes */
  timeframe: string | null;
  /** time of the first row, ms UTC; null: it has none */
  from: number | null;
  /** behind the last row, ms UTC */
  to: number | null;
  bytes: number;
  /** `virtuoso history verify` says where */
  is_damaged: boolean;
  /** why it cannot be read; then only the file is known */
  problem: string | null;
}

export interface HistoryList {
  series: StoredSeries[];
  /** null: this was the last page */
  next_cursor: string | null;
}

export interface History {
  id: string;
  exchange: string;
  category: string;
  kind: string;
  /** null: funding, whose interval changes */
  timeframe: string | null;
  /** of a row, behind its time */
  columns: string[];
  /** [open time of a bar or instant of a sample, ms UTC; then the columns, exactly as the venue gave them] */
  rows: ((number | null)[])[];
  /** a part of what was read is lost */
  is_damaged: boolean;
  /** null: this was the last page */
  next_cursor: string | null;
}

export interface Job {
  /** of this run */
  id: string;
  kind: "history_download" | "record_copy" | "replay" | "decision_replay";
  what: string;
  state: "waiting" | "running" | "done" | "failed" | "cancelled";
  /** 0 to 1; null: it cannot be told */
  progress: number | null;
  /** ms UTC */
  asked_at: number;
  started_at: number | null;
  ended_at: number | null;
  /** why it failed, with the remedy */
  error: string | null;
  /** by DELETE, until it has ended */
  can_be_cancelled: boolean;
}

export interface Jobs {
  timestamp: number;
  jobs: Job[];
}

export interface ReplayedPart {
  /** byte for byte; null: it is not kept any more */
  is_equal: boolean | null;
  /** the recording makes it */
  is_made: boolean;
  /** of what was kept */
  bytes: number | null;
  /** the first byte that differs, from 0 */
  differs_at: number | null;
  /** what stands there, with a little before it */
  kept: string | null;
  /** and what the recording makes of it */
  made: string | null;
}

export interface DecisionReplay {
  timestamp: number;
  /** the signal's id */
  decision: string;
  entry: "raised" | "suppressed";
  /** the end of the minute that decided */
  at: number;
  instrument: string;
  /** that decided */
  run: string;
  /** number of its score record in the run; null: it is not kept any more */
  record: number | null;
  /** its files, in recording.directory */
  recording: string;
  /** the newest replay of it; null: none that this run knows */
  job: Job | null;
  /** by the last replay of this run that went to its end; null: none has */
  found: {
    /** not_reached: the recording does not hold the instant */
    outcome: "equal" | "different" | "not_reached";
    /** inputs that were replayed */
    events: number;
    /** what the recording does not hold up to there */
    losses: string[];
    replayed_at: number;
    /** that it took */
    seconds: number;
    score_record: ReplayedPart;
    signal: ReplayedPart;
  } | null;
}

export interface TradingStanding {
  state: "off" | "waiting" | "on" | "stopped";
  /** why it is not on, and what to do; null: it is */
  reason: string | null;
}

export interface AccountTrade {
  /** counts the account's trades */
  number: number;
  id: string;
  symbol: string;
  /** behind it; null: asked for by a person */
  signal: string | null;
  strategy: string;
  direction: "long" | "short";
  state: "entering" | "open" | "closing" | "closed";
  /** why it is, or was, closed */
  end: "target" | "stop" | "expired" | "requested" | "halted" | "unprotected" | "liquidated" | "delisted" | "not_entered" | "reconciled" | "leverage_refused" | "leverage_unconfirmed" | null;
  decided_at: number;
  entered_at: number | null;
  ended_at: number | null;
  expires_at: number;
  planned_quantity: number;
  entered_quantity: number;
  open_quantity: number;
  /** mid at the decision */
  reference_price: number;
  /** of what is open */
  average_price: number | null;
  /** where the stop is meant to be */
  stop_price: number;
  /** whether the venue has confirmed a stop; null: nothing is open */
  is_protected: boolean | null;
  mark_price: number | null;
  unrealised: number | null;
  realised: number;
  /** positive: paid */
  fees: number;
  /** negative: paid */
  funding: number;
  /** realised - fees + funding */
  net: number;
  /** net in units of what the stop would have lost, without costs */
  r_multiple: number | null;
  /** of the entry against the reference; positive: worse */
  slippage_bps: number | null;
  /** best excursion against the mean entry */
  mfe_bps: number | null;
  /** worst */
  mae_bps: number | null;
  targets: {
    price: number;
    share: number;
  }[];
  attribution: {
    dimension: string;
    /** of the score's distance from 50 when it was decided */
    share: number;
  }[];
}

export interface Position {
  /** counts the account's trades */
  number: number;
  id: string;
  symbol: string;
  /** behind it; null: asked for by a person */
  signal: string | null;
  strategy: string;
  direction: "long" | "short";
  state: "entering" | "open" | "closing" | "closed";
  /** why it is, or was, closed */
  end: "target" | "stop" | "expired" | "requested" | "halted" | "unprotected" | "liquidated" | "delisted" | "not_entered" | "reconciled" | "leverage_refused" | "leverage_unconfirmed" | null;
  decided_at: number;
  entered_at: number | null;
  ended_at: number | null;
  expires_at: number;
  planned_quantity: number;
  entered_quantity: number;
  open_quantity: number;
  /** mid at the decision */
  reference_price: number;
  /** of what is open */
  average_price: number | null;
  /** where the stop is meant to be */
  stop_price: number;
  /** whether the venue has confirmed a stop; null: nothing is open */
  is_protected: boolean | null;
  mark_price: number | null;
  unrealised: number | null;
  realised: number;
  /** positive: paid */
  fees: number;
  /** negative: paid */
  funding: number;
  /** realised - fees + funding */
  net: number;
  /** net in units of what the stop would have lost, without costs */
  r_multiple: number | null;
  /** of the entry against the reference; positive: worse */
  slippage_bps: number | null;
  /** best excursion against the mean entry */
  mfe_bps: number | null;
  /** worst */
  mae_bps: number | null;
  targets: {
    price: number;
    share: number;
  }[];
  attribution: {
    dimension: string;
    /** of the score's distance from 50 when it was decided */
    share: number;
  }[];
  /** mean price of what was entered */
  entry_price: number | null;
  /** net and unrealised, in R */
  open_r_multiple: number | null;
  /** of the stop that rests at the venue; null: none is confirmed */
  confirmed_stop_price: number | null;
  /** since when there has been a position without a confirmed stop */
  unprotected_since: number | null;
  /** at the mark price */
  worth: number | null;
  margin: number | null;
  leverage: number | null;
  /** null: nothing is open, or no price does it */
  liquidation_price: number | null;
}

export interface StoredOrder {
  /** the id that the venue knows it by */
  order: string;
  /** number of the trade it belongs to */
  trade: number;
  id: string;
  symbol: string;
  purpose: "entry" | "stop" | "target" | "exit" | "emergency";
  side: "buy" | "sell";
  kind: "market" | "limit" | "stop_market";
  time_in_force: string;
  reduce_only: boolean;
  state: "intent" | "sent" | "open" | "partially_filled" | "filled" | "cancelled" | "rejected" | "unknown";
  created_at: number;
  quantity: number;
  filled_quantity: number;
  price: number | null;
  trigger_price: number | null;
  /** counts amendments */
  revision: number;
  /** why it was refused or cancelled */
  reason: string | null;
}

export interface Order {
  /** the id that the venue knows it by */
  order: string;
  /** number of the trade it belongs to */
  trade: number;
  id: string;
  symbol: string;
  purpose: "entry" | "stop" | "target" | "exit" | "emergency";
  side: "buy" | "sell";
  kind: "market" | "limit" | "stop_market";
  time_in_force: string;
  reduce_only: boolean;
  state: "intent" | "sent" | "open" | "partially_filled" | "filled" | "cancelled" | "rejected" | "unknown";
  created_at: number;
  quantity: number;
  filled_quantity: number;
  price: number | null;
  trigger_price: number | null;
  /** counts amendments */
  revision: number;
  /** why it was refused or cancelled */
  reason: string | null;
  is_sent: boolean;
  /** the venue has it */
  is_accepted: boolean;
  /** a request of it was not answered */
  is_unanswered: boolean;
  is_cancelling: boolean;
  /** how often the venue was asked what became of it, since it came into doubt */
  asked: number;
  /** in how many parts it was filled */
  executions: number;
}

export interface Positions {
  expected_shortfall: Shortfalls;
  timestamp: number;
  mode: Mode;
  trading: TradingStanding;
  /** of the account */
  currency: string | null;
  /** null: trading is not on */
  positions: Position[] | null;
  /** positions of the venue that no trade explains */
  external: {
    id: string;
    symbol: string;
    /** negative: short */
    quantity: number;
  }[] | null;
}

export interface Orders {
  timestamp: number;
  mode: Mode;
  trading: TradingStanding;
  /** of the account */
  currency: string | null;
  /** null: trading is not on */
  orders: Order[] | null;
}

export type EquitySpan = {
  began_at: number;
  first_equity: number;
  result: number | null;
  result_pct: number | null;
  /** of the lowest mark; never negative */
  worst_loss_pct: number;
} | null;

export interface Portfolio {
  timestamp: number;
  mode: Mode;
  trading: TradingStanding;
  /** of the account */
  currency: string | null;
  /** wallet, and what is open at the mark price */
  equity: number | null;
  wallet: number | null;
  /** what no position and no order binds */
  available: number | null;
  /** bound by positions */
  margin: number | null;
  unrealised: number | null;
  /** since the account began, of the markets that are followed, as fees and funding */
  realised: number | null;
  fees: number | null;
  funding: number | null;
  peak_equity: number | null;
  drawdown_pct: number | null;
  day: EquitySpan;
  week: EquitySpan;
}

export type RiskMode = {
  mode: "ACTIVE" | "REDUCING" | "HALTED";
  /** null: from the beginning */
  since: number | null;
  who: string | null;
  reason: string | null;
} | null;

export interface LimitUse {
  /** of the denial that it ends in */
  code: string;
  /** of [risk] in the configuration */
  key: string;
  /** null: not known */
  value: number | null;
  limit: number;
  unit: string;
  /** share of the limit */
  use: number | null;
  /** of the account's currency, where the limit is a share of the equity */
  amount: number | null;
}

export interface Shortfall {
  /** of the account's currency */
  amount: number;
  /** of the equity */
  share: number | null;
  /** half hours of the past that it is made of */
  scenarios: number;
  /** their share of the twenty days that are kept; 1 where nothing is open */
  coverage: number;
}

export type Shortfalls = {
  /** of the positions as they stand; null: too little of a market's past is known */
  open: Shortfall | null;
  /** with every order filled, and no gain counted; null: likewise */
  worst: Shortfall | null;
} | null;

export interface Denial {
  at: number;
  id: string;
  symbol: string;
  signal: string;
  reasons: {
    code: string;
    text: string;
    remedy: string;
  }[];
}

export interface TradingWarning {
  at: number;
  kind: string;
  trade: number | null;
  text: string;
}

export interface Risk {
  expected_shortfall: Shortfalls;
  timestamp: number;
  mode: Mode;
  trading: TradingStanding;
  /** of the account */
  currency: string | null;
  risk_mode: RiskMode;
  /** orders and positions are the venue's */
  is_reconciled: boolean | null;
  equity: number | null;
  equity_age_ms: number | null;
  /** what sizes are multiplied with, by the drawdown */
  size_multiplier: number | null;
  /** null: trading is not on */
  limits: LimitUse[] | null;
  loss_cooldown_left_seconds: number | null;
  venue_cooldown_left_seconds: number | null;
  /** the newest first */
  denials: Denial[] | null;
  /** the newest first */
  warnings: TradingWarning[] | null;
}

export interface KeptTrade {
  state: "open" | "closed" | "abandoned";
  changed_at: number;
  trade: AccountTrade;
}

export interface AccountTrades {
  market: string;
  trades: KeptTrade[];
  /** of the next page; null: this was the last */
  cursor: string | null;
}

export interface TradeHistory {
  state: "open" | "closed" | "abandoned";
  changed_at: number;
  trade: AccountTrade;
  orders: StoredOrder[];
}

export interface TradingDone {
  mode: "ACTIVE" | "REDUCING" | "HALTED";
  /** whether a restart will know of it */
  is_stored: boolean;
  /** why it is not stored */
  text: string | null;
}

/** What each route takes and answers. */
export interface Api {
  /** Makes the first admin: {token, user, password}; sets the session's cookie (public) */
  "POST /api/auth/setup": {
    body: {
      /** the setup token */
      token: string;
      /** 1 to 32 of a-z, 0-9, dot, dash, underscore */
      user: string;
      /** of 12 characters and more */
      password: string;
    };
    answer: Session;
  };
  /** Logs in: {user, password}; sets the session's cookie (public) */
  "POST /api/auth/login": {
    body: {
      /** who */
      user: string;
      /** of the user */
      password: string;
    };
    answer: Session;
  };
  /** Who is asking, his sessions, and the csrf_token that changes need; nulls for nobody (public) */
  "GET /api/auth/session": {
    answer: Session;
  };
  /** Ends one of the user's sessions (write) */
  "DELETE /api/auth/session": {
    query?: {
      /** which one */
      id?: string;
    };
    answer: Done;
  };
  /** Ends this session; {everywhere: true} all of the user's (write) */
  "POST /api/auth/logout": {
    body?: {
      /** all sessions of the user */
      everywhere?: boolean;
    };
    answer: Done;
  };
  /** A new password: {current, new}; ends all other sessions (write) */
  "POST /api/auth/password": {
    body: {
      /** the password so far */
      current: string;
      /** of 12 characters and more */
      new: string;
    };
    answer: Session;
  };
  /** Gives a code: {code}; opens changes for five minutes, or confirms PUT's secret (write) */
  "POST /api/auth/totp": {
    body: {
      /** six digits of the authenticator */
      code: string;
    };
    answer: Done;
  };
  /** Offers a secret for an authenticator: {password}; POST a code to begin (write) */
  "PUT /api/auth/totp": {
    body: {
      /** of the user */
      password: string;
    };
    answer: OfferedCodes;
  };
  /** Changes need no code any more: {password} (write) */
  "DELETE /api/auth/totp": {
    body: {
      /** of the user */
      password: string;
    };
    answer: Done;
  };
  /** The tokens of the user, for an admin of all; never their secrets (account-read) */
  "GET /api/tokens": {
    answer: Tokens;
  };
  /** Makes a token: {label, scope, days, password}; shown once (write) */
  "POST /api/tokens": {
    body: {
      /** what it is for */
      label: string;
      /** read (default), trade or admin */
      scope?: string;
      /** how long it holds, 90 by default */
      days?: number;
      /** of the user */
      password: string;
    };
    answer: CreatedToken;
  };
  /** Revokes a token (write) */
  "DELETE /api/tokens": {
    query?: {
      /** which one */
      id?: string;
    };
    answer: Done;
  };
  /** Who did what, from where, and what came of it; the newest first (account-read) */
  "GET /api/audit": {
    query?: {
      /** how many of the newest */
      limit?: number;
      /** next_cursor of the page before */
      cursor?: string;
    };
    answer: Audit;
  };
  /** Whether the program works; why not, only for who may read the market (public) */
  "GET /health": {
    answer: Health;
  };
  /** The process answers (public) */
  "GET /health/live": {
    answer: Health;
  };
  /** 200 once market data flows, else 503 (public) */
  "GET /health/ready": {
    answer: Health;
  };
  /** Everything the overview shows (market-read) */
  "GET /api/dashboard/data": {
    answer: Dashboard;
  };
  /** The market as a whole, as the dashboard has it (market-read) */
  "GET /api/dashboard/market-overview": {
    answer: OverviewPart;
  };
  /** The dashboard's rows (market-read) */
  "GET /api/dashboard/symbols": {
    answer: SymbolsPart;
  };
  /** Signals that are open or ended within a day, the newest first (market-read) */
  "GET /api/dashboard/signals": {
    answer: SignalsPart;
  };
  /** The perpetuals in a few numbers, over one for each coin (market-read) */
  "GET /api/dashboard/perpetuals-pulse": {
    answer: PulsePart;
  };
  /** The dashboard for a phone: the rows with the largest turnover (market-read) */
  "GET /api/dashboard/mobile": {
    query?: {
      /** rows */
      limit?: number;
      /** members of a row, with commas between them; id is always there */
      fields?: string;
    };
    answer: MobileDashboard;
  };
  /** The instruments with their steps (market-read) */
  "GET /api/symbols": {
    answer: Instruments;
  };
  /** Each coin over all venues: its price, its markets and their bases, and who leads (market-read) */
  "GET /api/markets": {
    answer: Markets;
  };
  /** The market as a whole: breadth, dispersion, dominance, fear and greed (market-read) */
  "GET /api/market/internals": {
    answer: MarketInternals;
  };
  /** This document (market-read) */
  "GET /openapi.json": {
    answer: unknown;
  };
  /** The newest lines of this run's log, the newest first, page by page (account-read) */
  "GET /api/logs": {
    query?: {
      /** this level and above */
      level?: "debug" | "info" | "warning" | "error";
      /** how many of the newest */
      limit?: number;
      /** next_cursor of the page before */
      cursor?: string;
    };
    answer: Logs;
  };
  /** The score and everything it is made of (market-read) */
  "GET /api/symbols/{symbol}/score": {
    path: {
      /** bybit-linear-BTCUSDT, BTC/USDT:USDT, BTC/USDT, BTCUSDT or bybit:BTC/USDT:USDT */
      symbol: string;
    };
    answer: Score;
  };
  /** Scores of the past, page by page (market-read) */
  "GET /api/symbols/{symbol}/scores": {
    path: {
      /** bybit-linear-BTCUSDT, BTC/USDT:USDT, BTC/USDT, BTCUSDT or bybit:BTC/USDT:USDT */
      symbol: string;
    };
    query?: {
      /** not before, milliseconds since 1970 */
      from?: number;
      /** before, milliseconds since 1970 */
      to?: number;
      /** which come first */
      order?: "newest" | "oldest";
      /** how many at most */
      limit?: number;
      /** of the page before; the other parameters stay the same */
      cursor?: string;
    };
    answer: ScoreHistory;
  };
  /** A score of the past with everything it was made of (market-read) */
  "GET /api/symbols/{symbol}/scores/{at}": {
    path: {
      /** bybit-linear-BTCUSDT, BTC/USDT:USDT, BTC/USDT, BTCUSDT or bybit:BTC/USDT:USDT */
      symbol: string;
      at: string;
    };
    answer: StoredRecord;
  };
  /** The score in words, and the gates between it and a signal (market-read) */
  "GET /api/symbols/{symbol}/why": {
    path: {
      /** bybit-linear-BTCUSDT, BTC/USDT:USDT, BTC/USDT, BTCUSDT or bybit:BTC/USDT:USDT */
      symbol: string;
    };
    answer: Why;
  };
  /** Candles, oldest first (market-read) */
  "GET /api/symbols/{symbol}/candles": {
    path: {
      /** bybit-linear-BTCUSDT, BTC/USDT:USDT, BTC/USDT, BTCUSDT or bybit:BTC/USDT:USDT */
      symbol: string;
    };
    query?: {
      /** timeframe */
      tf?: "1m" | "5m" | "30m" | "4h";
      /** how many of the newest */
      limit?: number;
    };
    answer: Candles;
  };
  /** Best levels of the order book (market-read) */
  "GET /api/symbols/{symbol}/book": {
    path: {
      /** bybit-linear-BTCUSDT, BTC/USDT:USDT, BTC/USDT, BTCUSDT or bybit:BTC/USDT:USDT */
      symbol: string;
    };
    query?: {
      /** levels of each side */
      levels?: number;
    };
    answer: Book;
  };
  /** The last prints, oldest first (market-read) */
  "GET /api/symbols/{symbol}/trades": {
    path: {
      /** bybit-linear-BTCUSDT, BTC/USDT:USDT, BTC/USDT, BTCUSDT or bybit:BTC/USDT:USDT */
      symbol: string;
    };
    answer: Trades;
  };
  /** The symbol's coin over all venues: its price, its markets and their bases, and who leads (market-read) */
  "GET /api/symbols/{symbol}/markets": {
    path: {
      /** bybit-linear-BTCUSDT, BTC/USDT:USDT, BTC/USDT, BTCUSDT or bybit:BTC/USDT:USDT */
      symbol: string;
    };
    answer: CoinMarkets;
  };
  /** The last liquidations, oldest first, and an estimate of where the next may be (market-read) */
  "GET /api/symbols/{symbol}/liquidations": {
    path: {
      /** bybit-linear-BTCUSDT, BTC/USDT:USDT, BTC/USDT, BTCUSDT or bybit:BTC/USDT:USDT */
      symbol: string;
    };
    query?: {
      /** how many of the newest */
      limit?: number;
    };
    answer: Liquidations;
  };
  /** The last closed minutes as the feature file has them, and the measures of liquidity (market-read) */
  "GET /api/symbols/{symbol}/features": {
    path: {
      /** bybit-linear-BTCUSDT, BTC/USDT:USDT, BTC/USDT, BTCUSDT or bybit:BTC/USDT:USDT */
      symbol: string;
    };
    query?: {
      /** how many of the newest */
      limit?: number;
    };
    answer: Features;
  };
  /** Support and resistance with their touches, beside prices that mean nothing (the placebo) (market-read) */
  "GET /api/symbols/{symbol}/zones": {
    path: {
      /** bybit-linear-BTCUSDT, BTC/USDT:USDT, BTC/USDT, BTCUSDT or bybit:BTC/USDT:USDT */
      symbol: string;
    };
    answer: Zones;
  };
  /** Volume by price and taker's side of the last closed minutes, with stacked imbalances (market-read) */
  "GET /api/symbols/{symbol}/footprint": {
    path: {
      /** bybit-linear-BTCUSDT, BTC/USDT:USDT, BTC/USDT, BTCUSDT or bybit:BTC/USDT:USDT */
      symbol: string;
    };
    query?: {
      /** how many of the newest */
      limit?: number;
    };
    answer: Footprint;
  };
  /** Volume by price of the last 24 hours, and its value area (market-read) */
  "GET /api/symbols/{symbol}/profile": {
    path: {
      /** bybit-linear-BTCUSDT, BTC/USDT:USDT, BTC/USDT, BTCUSDT or bybit:BTC/USDT:USDT */
      symbol: string;
    };
    answer: Profile;
  };
  /** What those who move much did: breaks, gaps, blocks, sweeps, icebergs, whale clusters, absorption, vanished orders, each with the time it happened and the time it could be known (market-read) */
  "GET /api/symbols/{symbol}/events": {
    path: {
      /** bybit-linear-BTCUSDT, BTC/USDT:USDT, BTC/USDT, BTCUSDT or bybit:BTC/USDT:USDT */
      symbol: string;
    };
    answer: MarketEvents;
  };
  /** The technical indicators of a timeframe as of its last closed bar (market-read) */
  "GET /api/symbols/{symbol}/indicators": {
    path: {
      /** bybit-linear-BTCUSDT, BTC/USDT:USDT, BTC/USDT, BTCUSDT or bybit:BTC/USDT:USDT */
      symbol: string;
    };
    query?: {
      /** timeframe */
      tf?: "1m" | "5m" | "30m" | "4h";
    };
    answer: Indicators;
  };
  /** What followed scores of each strength, with how many outcomes stand behind each figure (market-read) */
  "GET /api/calibration": {
    query?: {
      /** where the outcomes come from; that of the running market unless it is given */
      segment?: "in_sample" | "out_of_sample" | "live" | "paper" | "demo" | "reconstructed";
    };
    answer: Calibration;
  };
  /** The track record: targets, stops and results beside what chance gives (market-read) */
  "GET /api/signals/performance": {
    query?: {
      /** where the outcomes come from; that of the running market unless it is given */
      segment?: "in_sample" | "out_of_sample" | "live" | "paper" | "demo" | "reconstructed";
    };
    answer: Performance;
  };
  /** The ledger, page by page: every signal as it stands, the one that changed last first (market-read) */
  "GET /api/signals": {
    query?: {
      /** of this symbol only, in any of its forms */
      symbol?: string;
      /** in this state only; placebos, which are no signals, are shown where they are asked for */
      state?: "open" | "closed" | "suppressed" | "placebo";
      /** of this direction only */
      direction?: "long" | "short";
      /** of this strategy only */
      strategy?: "confluence" | "lead_lag" | "residual_momentum" | "residual_reversion" | "alpha_breakout" | "correlation_breakdown" | "beta_shift" | "beta_divergence" | "sector_rotation";
      /** reconstructed: those of the past that were made from candles, instead of the market's own */
      segment?: "reconstructed";
      /** how many at most */
      limit?: number;
      /** of the page before; the other parameters stay the same */
      cursor?: string;
    };
    answer: Signals;
  };
  /** One signal: everything that became known of it, each entry bound to the one before (market-read) */
  "GET /api/signals/{signal}": {
    path: {
      signal: string;
    };
    answer: SignalHistory;
  };
  /** What the last replay of a decision found, by the signal's id: equal byte for byte, or where it differs (market-read) */
  "GET /api/replay/{decision}": {
    path: {
      decision: string;
    };
    answer: DecisionReplay;
  };
  /** Makes a decision again from the recording, as a job; for anybody who is logged in (write) */
  "POST /api/replay/{decision}": {
    path: {
      decision: string;
    };
    answer: Job;
  };
  /** What is open, with its stop, its margin and why it was opened (account-read) */
  "GET /api/positions": {
    answer: Positions;
  };
  /** The orders of what is open, and every one of which nobody knows what became of it (account-read) */
  "GET /api/orders": {
    answer: Orders;
  };
  /** What the account holds, what it earned, and how far it is below its best (account-read) */
  "GET /api/portfolio": {
    answer: Portfolio;
  };
  /** Whether new positions may be opened, every limit with its use, and what was denied last (account-read) */
  "GET /api/risk": {
    answer: Risk;
  };
  /** The journal, page by page: every trade as it stands or ended, the newest first (account-read) */
  "GET /api/trades": {
    query?: {
      /** of this symbol only, in any of its forms */
      symbol?: string;
      /** in this state only; abandoned: left open by an earlier run of the demo market, which begins anew */
      state?: "open" | "closed" | "abandoned";
      /** how many at most */
      limit?: number;
      /** of the page before; the other parameters stay the same */
      cursor?: string;
    };
    answer: AccountTrades;
  };
  /** One trade of the journal with every order of it (account-read) */
  "GET /api/trades/{trade}": {
    path: {
      trade: string;
    };
    answer: TradeHistory;
  };
  /** On: no new positions, entries are cancelled, with `flatten` everything is closed; for anybody who is logged in. Off: needs the right to trade, and a reason (write) */
  "PUT /api/trading/kill-switch": {
    body: {
      /** true: on */
      on: boolean;
      /** closes every position, too */
      flatten?: boolean;
      /** in words, for the record; at most 200 bytes */
      reason?: string;
    };
    answer: TradingDone;
  };
  /** On: no new positions, those that are open run to their end; for anybody who is logged in. Off: needs the right to trade, and a reason (write) */
  "PUT /api/trading/reduce-only": {
    body: {
      /** true: on */
      on: boolean;
      /** in words, for the record; at most 200 bytes */
      reason?: string;
    };
    answer: TradingDone;
  };
  /** Closes a position at the market, by its number (write) */
  "POST /api/positions/{position}/close": {
    path: {
      position: string;
    };
    body?: {
      /** in words, for the record; at most 200 bytes */
      reason?: string;
    };
    answer: TradingDone;
  };
  /** Takes an entry or a target back, which is not placed anew; an order that protects or closes a position is refused (write) */
  "DELETE /api/orders/{order}": {
    path: {
      order: string;
    };
    answer: TradingDone;
  };
  /** The histories on this machine's disk, page by page (market-read) */
  "GET /api/history": {
    query?: {
      /** how many at most */
      limit?: number;
      /** next_cursor of the page before */
      cursor?: string;
    };
    answer: HistoryList;
  };
  /** Downloads what is missing of a series from its venue, as a job; live market only (write) */
  "POST /api/history": {
    body: {
      /** bybit-linear-BTCUSDT */
      symbol: string;
      /** klines, funding, ... */
      kind: string;
      /** 1m to 1d; needed for all but funding */
      timeframe?: string;
      /** since when: 2026-01-31, or ms since 1970 */
      from: string;
      /** until when, not included; else until now */
      to?: string;
    };
    answer: Job;
  };
  /** Rows of one of them, page by page: klines, mark_klines, funding, open_interest, account_ratio, top_account_ratio, position_ratio (market-read) */
  "GET /api/history/{symbol}/{kind}": {
    path: {
      /** bybit-linear-BTCUSDT, BTC/USDT:USDT, BTC/USDT, BTCUSDT or bybit:BTC/USDT:USDT */
      symbol: string;
      kind: string;
    };
    query?: {
      /** 1m to 1d; needed for all but funding */
      tf?: string;
      /** not before: milliseconds since 1970, or a day or minute of UTC */
      from?: string;
      /** before, likewise */
      to?: string;
      /** which come first */
      order?: "newest" | "oldest";
      /** how many at most */
      limit?: number;
      /** next_cursor of the page before; the other parameters stay the same */
      cursor?: string;
    };
    answer: History;
  };
  /** Long works of this run, the newest first: downloads, copies, replays (market-read) */
  "GET /api/jobs": {
    answer: Jobs;
  };
  /** One of them (market-read) */
  "GET /api/jobs/{job}": {
    path: {
      job: string;
    };
    answer: Job;
  };
  /** Ends a job; what it has done stays (write) */
  "DELETE /api/jobs/{job}": {
    path: {
      job: string;
    };
    answer: Job;
  };
  /** Every instrument's beta to Bitcoin by every estimator and timeframe, the largest first (market-read) */
  "GET /api/bitcoin-beta": {
    answer: BitcoinBeta;
  };
  /** The cache's tiers as those who asked found them, and how warming goes (market-read) */
  "GET /cache-metrics": {
    answer: CacheMetrics;
  };
  /** The same as /cache-metrics (market-read) */
  "GET /api/cache/stats": {
    answer: CacheMetrics;
  };
  /** Computes anew what is asked for, within a cycle's number and time, and says what came of it (write) */
  "POST /api/cache/warm": {
    answer: WarmedCycle;
  };
  /** Forgets every kept answer; what the servers hold is not served any more, and not removed (write) */
  "POST /api/cache/flush": {
    answer: Flushed;
  };
  /** The configuration file and every value in use, secrets hidden; its ETag is what a change names (market-read) */
  "GET /api/config": {
    answer: Configuration;
  };
  /** Changes keys ({"values": {key: value, or null for its default}}) or the whole file ({"text": ...}); checked as `config check` does; needs If-Match (write) */
  "PUT /api/config": {
    body?: {
      /** keys and their values; null: the default */
      values?: Record<string, unknown>;
      /** the whole file */
      text?: string;
    };
    answer: ConfigurationChange;
  };
  /** Every key: its kind, bounds and meaning, and when a change takes effect (market-read) */
  "GET /api/config/schema": {
    answer: ConfigurationSchema;
  };
  /** The versions of the file that were replaced, the oldest first (market-read) */
  "GET /api/config/history": {
    answer: ConfigurationHistory;
  };
  /** What the file changes of the defaults, or of an earlier version of it (market-read) */
  "GET /api/config/diff": {
    query?: {
      /** a number of the history; without it, the defaults */
      version?: number;
    };
    answer: ConfigurationDifference;
  };
  /** Puts a version of the history ({"version": number}), or the newest, in the file's place (write) */
  "POST /api/config/rollback": {
    body?: {
      /** of the history; without it the newest */
      version?: number;
    };
    answer: ConfigurationChange;
  };
}
