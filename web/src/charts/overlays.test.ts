import { describe, expect, it } from 'vitest';
import type { Liquidations, MarketEvent, Touches, Zone, Zones } from '../protocol/types';
import { candleAt, eventShapes, liquidationBars, nearLevels, shapesSince, zoneBoxes } from './overlays';

const touches = (count: number, bounces: number): Touches => ({ touches: count, bounces, bounce_rate: count ? bounces / count : null, bounce_rate_lower: 0, bounce_rate_upper: 1, penetration_atr: null });
const zone = (price: number, distance: number | null, strength: number, support = touches(0, 0)): Zone => ({ price, kinds: ['swing_30m'], born_at: 1000, age_hours: 1, strength, distance_atr: distance, value: null, support, resistance: touches(4, 3) });
const zones = (list: Zone[], atr: number | null = 80): Zones => ({ id: 'x', symbol: 'X', timestamp: 1, atr, placebo_rate: 0.6, placebo: touches(10, 6), zones: list });

describe('zones on the chart', () => {
  it('are bands of an eighth of an ATR, green below the price and red above it', () => {
    const boxes = zoneBoxes(zones([zone(100, -1, 2, touches(10, 9)), zone(300, 1.5, 1)]));
    expect(boxes).toHaveLength(2);
    expect(boxes[0]).toMatchObject({ low: 90, high: 110, tone: 'up', label: 'S 9/10', from: 1000, to: null, weight: 1 });
    expect(boxes[1]).toMatchObject({ tone: 'down', label: 'R 3/4' });
    expect(boxes[1]?.weight).toBeLessThan(1);
  });

  it('are the twelve strongest of those near, and none where the scale or the distance is unknown', () => {
    const many = Array.from({ length: 30 }, (_, index) => zone(index, index - 15, index));
    const boxes = zoneBoxes(zones(many));
    expect(boxes).toHaveLength(12);
    expect(Math.min(...boxes.map((box) => (box.low + box.high) / 2))).toBe(16);
    expect(zoneBoxes(zones(many, null))).toEqual([]);
    expect(zoneBoxes(zones([zone(1, null, 1)]))).toEqual([]);
    expect(zoneBoxes(zones([zone(1, -1, 1)]))[0]?.label).toBe('S');
  });
});

describe('liquidation levels on the chart', () => {
  const levels = (list: [number, number, number][]) => ({ levels_estimate: { levels: list } }) as unknown as Liquidations;

  it('are as long as their notional, within five per cent of the price', () => {
    const bars = liquidationBars(levels([[90, 9e9, 0], [96, 1e6, 0], [104, 0, 4e6], [100, 0, 0]]), 100);
    expect(bars.map(({ length, tone }) => [length, tone])).toEqual([[1, 'up'], [0.25, 'down']]);
    expect(liquidationBars(levels([[96, 1, 0]]), null)).toEqual([]);
    expect(nearLevels(levels([[94, 1, 0], [95.1, 2, 0], [104.9, 0, 3], [106, 0, 4]]), 100).map(([level]) => level)).toEqual([95.1, 104.9]);
  });
});

describe('what is older than the candles', () => {
  const box = (from: number, to: number | null) => ({ from, to, low: 1, high: 2, tone: 'up' as const, weight: 1, label: '' });
  const line = (from: number, to: number) => ({ from, to, price: 1, tone: 'up' as const, label: '' });
  const mark = (at: number) => ({ at, price: 1, tone: 'up' as const, isHollow: false, label: '' });

  it('is left out, and what reaches into them begins at the first one', () => {
    const shown = shapesSince({ boxes: [box(10, 90), box(10, 150), box(10, null), box(120, 130)], lines: [line(10, 90), line(10, 150), line(110, 150)], marks: [mark(99), mark(100)], bars: [] }, 100);
    expect(shown.boxes.map(({ from, to }) => [from, to])).toEqual([[100, 150], [100, null], [120, 130]]);
    expect(shown.lines.map(({ from, to }) => [from, to])).toEqual([[100, 150], [110, 150]]);
    expect(shown.marks.map(({ at }) => at)).toEqual([100]);
  });
});

describe('events on the chart', () => {
  const event = (fields: Partial<MarketEvent>): MarketEvent => ({ kind: 'fair_value_gap', state: 'open', direction: 'up', heuristic: false, bars: '5m', resting_side: null, event_at: 1, confirmed_at: 2, last_at: null, touched_at: null, ended_at: null, low: 10, high: 12, strength: null, notional_quote: null, displacement_atr: null, volume_ratio: null, count: null, ...fields });

  it('begin when they could be known, not when they happened', () => {
    const { boxes } = eventShapes([event({}), event({ state: 'filled', ended_at: 9 })], '5m');
    expect(boxes.map(({ from, to, label }) => [from, to, label])).toEqual([[2, null, 'FVG'], [2, 9, '']]);
  });

  it('are drawn on the chart of their bars, those of five minutes also on the one of a minute', () => {
    const all = [event({ bars: '5m' }), event({ bars: '30m' }), event({ bars: '4h' })];
    for (const [timeframe, count] of [['1m', 1], ['5m', 1], ['30m', 1], ['4h', 1]] as const) expect(eventShapes(all, timeframe).boxes).toHaveLength(count);
    expect(eventShapes([event({ bars: '30m' })], '1m').boxes).toEqual([]);
  });

  it('are lines from the swing to the break, and marks, hollow for rules of thumb', () => {
    const { lines, marks } = eventShapes(
      [event({ kind: 'break_of_structure', state: 'done', low: 11, high: 11 }), event({ kind: 'iceberg', bars: null, heuristic: true, direction: null }), event({ kind: 'absorption', bars: null, low: null, high: null })],
      '1m',
    );
    expect(lines).toEqual([{ from: 1, to: 2, price: 11, tone: 'up', label: 'BOS' }]);
    expect(marks).toEqual([{ at: 2, price: 11, tone: 'flat', isHollow: true, label: 'iceberg' }]);
  });

  it('stand at the candle that holds their instant', () => {
    const opens = [100, 200, 300];
    expect([99, 100, 250, 300, 999].map((at) => candleAt(opens, at))).toEqual([-1, 0, 1, 2, 2]);
    expect(candleAt([], 5)).toBe(-1);
  });
});
