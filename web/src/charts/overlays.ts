import type { Liquidations, MarketEvent, Timeframe, Zones } from '../protocol/types';
import { formatCompact } from '../store/format';

export type OverlayTone = 'up' | 'down' | 'flat';

/** A range of prices from a time on; without an end it reaches to the right edge. Times are in ms. */
export interface OverlayBox {
  from: number;
  to: number | null;
  low: number;
  high: number;
  tone: OverlayTone;
  /** 0..1: how strongly it is filled. */
  weight: number;
  label: string;
}

/** A price between two times. */
export interface OverlayLine {
  from: number;
  to: number;
  price: number;
  tone: OverlayTone;
  label: string;
}

/** Something at a time and a price; hollow: a rule of thumb. */
export interface OverlayMark {
  at: number;
  price: number;
  tone: OverlayTone;
  isHollow: boolean;
  label: string;
}

/** A bar from the right edge; length 0..1 of the room for bars. */
export interface OverlayBar {
  low: number;
  high: number;
  length: number;
  tone: OverlayTone;
  label: string;
}

export interface Overlays {
  boxes: OverlayBox[];
  lines: OverlayLine[];
  marks: OverlayMark[];
  bars: OverlayBar[];
}

export const noOverlays: Overlays = { boxes: [], lines: [], marks: [], bars: [] };

const zonesShown = 12;
const zoneReachAtr = 12;
/** A zone is a band of an eighth of an ATR to either side (docs/indicators/sr_zones.md). */
const zoneHalfAtr = 1 / 8;
const levelsShown = 24;
const levelReach = 0.05;
/** Levels of the liquidation map are a thousandth of their price high. */
const levelHeight = 0.001;

/** The strongest zones near the price; below it they support, above it they resist. */
export function zoneBoxes(zones: Zones): OverlayBox[] {
  const { atr } = zones;
  if (atr === null) return [];
  const near = zones.zones.filter((zone) => zone.distance_atr !== null && Math.abs(zone.distance_atr) <= zoneReachAtr);
  const shown = near.sort((a, b) => b.strength - a.strength).slice(0, zonesShown);
  const strongest = shown[0]?.strength ?? 1;
  return shown.map((zone) => {
    const isSupport = (zone.distance_atr ?? 0) <= 0;
    const { touches, bounces } = isSupport ? zone.support : zone.resistance;
    return {
      from: zone.born_at,
      to: null,
      low: zone.price - zoneHalfAtr * atr,
      high: zone.price + zoneHalfAtr * atr,
      tone: isSupport ? 'up' : 'down',
      weight: 0.35 + 0.65 * (zone.strength / strongest),
      label: touches > 0 ? `${isSupport ? 'S' : 'R'} ${Math.round(bounces)}/${Math.round(touches)}` : isSupport ? 'S' : 'R',
    };
  });
}

/** The levels within five per cent of a price. */
export const nearLevels = (liquidations: Liquidations, price: number): Liquidations['levels_estimate']['levels'] =>
  liquidations.levels_estimate.levels.filter(([level]) => Math.abs(level / price - 1) <= levelReach);

/** Where the most may be liquidated, by the estimate; longs below the price, shorts above it. */
export function liquidationBars(liquidations: Liquidations, price: number | null): OverlayBar[] {
  if (price === null) return [];
  const bars = nearLevels(liquidations, price)
    .map(([level, longs, shorts]) => ({ level, size: longs + shorts, isLong: longs >= shorts }))
    .filter((bar) => bar.size > 0)
    .sort((a, b) => b.size - a.size)
    .slice(0, levelsShown);
  const largest = bars[0]?.size ?? 1;
  return bars.map(({ level, size, isLong }) => ({
    low: level * (1 - levelHeight / 2),
    high: level * (1 + levelHeight / 2),
    length: size / largest,
    tone: isLong ? 'down' : 'up',
    label: formatCompact(size),
  }));
}

const marks: Record<MarketEvent['kind'], string> = {
  break_of_structure: 'BOS',
  change_of_character: 'CHoCH',
  fair_value_gap: 'FVG',
  order_block: 'OB',
  pool_sweep: 'sweep',
  swing_sweep: 'sweep',
  iceberg: 'iceberg',
  whale_cluster: 'whales',
  absorption: 'absorbed',
  vanished_order: 'vanished',
};
export const eventMark = (kind: MarketEvent['kind']): string => marks[kind] ?? kind;

/** Patterns of bars are drawn on the chart of their own size; those of 5m also on the one of 1m. */
const barsOfChart: Record<Timeframe, string> = { '1m': '5m', '5m': '5m', '30m': '30m', '4h': '4h' };

/** Nothing is drawn before the time at which it could be known; only a break also shows the swing that was broken. */
export function eventShapes(events: MarketEvent[], timeframe: Timeframe): Pick<Overlays, 'boxes' | 'lines' | 'marks'> {
  const shapes: Pick<Overlays, 'boxes' | 'lines' | 'marks'> = { boxes: [], lines: [], marks: [] };
  for (const event of events) {
    if (event.low === null || event.high === null) continue;
    if (event.bars !== null && event.bars !== barsOfChart[timeframe]) continue;
    const tone: OverlayTone = event.direction ?? 'flat';
    const label = eventMark(event.kind);
    const price = (event.low + event.high) / 2;
    if (event.kind === 'fair_value_gap' || event.kind === 'order_block') {
      if (event.state === 'unknown') continue;
      shapes.boxes.push({ from: event.confirmed_at, to: event.ended_at, low: event.low, high: event.high, tone, weight: event.state === 'open' ? 0.8 : 0.35, label: event.state === 'open' ? label : '' });
    } else if (event.kind === 'break_of_structure' || event.kind === 'change_of_character') {
      shapes.lines.push({ from: event.event_at, to: event.confirmed_at, price, tone, label });
    } else {
      shapes.marks.push({ at: event.confirmed_at, price, tone, isHollow: event.heuristic, label });
    }
  }
  return shapes;
}

/** The index of the candle that holds an instant: the last one that opened at or before it; -1 before the first. */
export function candleAt(openTimes: number[], at: number): number {
  let low = 0;
  let high = openTimes.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((openTimes[middle] as number) <= at) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** What of overlays can be placed on candles from a time on: what ended before it is left out, what reaches in is cut off. */
export function shapesSince({ boxes, lines, marks, bars }: Overlays, firstOpen: number): Overlays {
  return {
    boxes: boxes.filter((box) => box.to === null || box.to >= firstOpen).map((box) => ({ ...box, from: Math.max(box.from, firstOpen) })),
    lines: lines.filter((line) => line.to >= firstOpen).map((line) => ({ ...line, from: Math.max(line.from, firstOpen) })),
    marks: marks.filter((mark) => mark.at >= firstOpen),
    bars,
  };
}
