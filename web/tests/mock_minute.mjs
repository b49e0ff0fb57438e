// What moves with the minute, of one symbol of the mock market: zones, liquidation levels, footprint, profile,
// indicators and events. Made of the symbol's price and the time alone, so that it is the same each time it is asked for.

const minuteMs = 60_000;

const touches = (count, bounces) => ({ touches: count, bounces, bounce_rate: count ? bounces / count : null, bounce_rate_lower: count ? 0.75 * (bounces / count) : 0, bounce_rate_upper: 1, penetration_atr: count ? 0.2 : null });

function zones(head, price, atr) {
  const list = [-9, -4, -1.5, 1.2, 3, 8].map((distance, index) => ({
    price: price + distance * atr, kinds: index % 2 ? ['swing_30m', 'round_number'] : ['day_extreme'], born_at: head.timestamp - (index + 1) * 3_600_000, age_hours: index + 1,
    strength: 1 + index / 2, distance_atr: distance, value: index === 2 ? 0.1 : 0, support: touches(distance < 0 ? 10 : 0, distance < 0 ? 9 : 0), resistance: touches(distance > 0 ? 6 : 0, distance > 0 ? 3 : 0),
  }));
  return { ...head, atr, placebo_rate: 0.6, placebo: touches(100, 60), zones: list };
}

function liquidations(head, price) {
  const trials = (reached, hits) => ({ reached, hits, hit_rate: reached ? hits / reached : null, hit_rate_lower: reached ? 0.4 : 0, hit_rate_upper: reached ? 0.9 : 1, mean_liquidated_quote: reached ? 25_000 : null });
  return {
    ...head,
    liquidations: [[head.timestamp - 50_000, price * 0.999, 1.5, 'long'], [head.timestamp - 20_000, price * 1.001, 0.25, 'short']],
    levels_estimate: {
      flags: ['heuristic'], assumed_leverages: [5, 10, 25, 50, 100], assumed_shares: [0.3, 0.3, 0.2, 0.12, 0.08], assumed_maintenance_margin: 0.005, assumed_half_life_hours: 24,
      explained_share: 0.4, announced: trials(20, 15), placebo: trials(18, 9),
      levels: [[price * 0.8, 9e6, 0], [price * 0.985, 2e6, 0], [price * 0.992, 5e6, 0], [price * 1.01, 0, 4e6], [price * 1.02, 0, 1e6]],
    },
  };
}

function footprint(head, price, tick) {
  const height = 5 * tick;
  const minutes = [5, 4, 3, 2, 1].map((back) => ({
    t: head.timestamp - back * minuteMs, bucket_height: height, buy_stacks: back === 2 ? 1 : 0, sell_stacks: 0,
    levels: [-2, -1, 0, 1].map((step) => [Math.round(price / height + step) * height, back === 2 ? 30 + step : 2, back === 2 ? 1 : 3 + step]),
  }));
  return { ...head, minutes };
}

function profile(head, price, atr) {
  const rows = Array.from({ length: 81 }, (_, index) => [price + (index - 40) * (atr / 10), 100 * Math.exp(-(((index - 45) / 14) ** 2))]);
  const total = rows.reduce((sum, [, volume]) => sum + volume, 0);
  return { ...head, closed_until: head.timestamp, row_height: atr / 10, value_area_rule: 'two rows', point_of_control: rows[45][0], value_area_high: rows[58][0], value_area_low: rows[32][0], value_area_volume: total * 0.7, total_volume: total, rows };
}

function indicators(head, price, timeframe) {
  const value = (name, unit, known, warm_up_bars) => ({ name, unit, value: known, warm_up_bars });
  return {
    ...head, timeframe, closed_until: head.timestamp, bars: 120,
    values: [value('sma_20', 'price', price * 0.998, 20), value('sma_200', 'price', null, 200), value('rsi_14', 'percent', 55.2, 15), value('atr_14', 'price', price * 0.002, 15), value('obv', 'base', 12345.6, 1)],
  };
}

function events(head, price, atr) {
  const now = head.timestamp;
  const event = (kind, fields) => ({
    kind, state: 'done', direction: 'up', heuristic: false, bars: null, resting_side: null, event_at: now - 30 * minuteMs, confirmed_at: now - 20 * minuteMs, last_at: null, touched_at: null, ended_at: null,
    low: price, high: price, strength: null, notional_quote: null, displacement_atr: null, volume_ratio: null, count: null, ...fields,
  });
  return {
    ...head,
    events: [
      event('fair_value_gap', { state: 'open', bars: '5m', event_at: now - 45 * minuteMs, confirmed_at: now - 40 * minuteMs, low: price - atr, high: price - 0.6 * atr, displacement_atr: 1.6 }),
      event('order_block', { state: 'broken', bars: '5m', direction: 'down', confirmed_at: now - 35 * minuteMs, ended_at: now - 15 * minuteMs, low: price + 0.8 * atr, high: price + 1.1 * atr, volume_ratio: 1.8 }),
      event('break_of_structure', { bars: '5m', event_at: now - 60 * minuteMs, confirmed_at: now - 30 * minuteMs, low: price + 0.4 * atr, high: price + 0.4 * atr, displacement_atr: 1.3 }),
      event('break_of_structure', { bars: '4h', low: price, high: price }),
      event('swing_sweep', { bars: '5m', direction: 'down', confirmed_at: now - 10 * minuteMs, low: price + 0.7 * atr, high: price + 0.7 * atr }),
      event('iceberg', { heuristic: true, resting_side: 'buy', confirmed_at: now - 5 * minuteMs, low: price - 0.3 * atr, high: price - 0.3 * atr, strength: 0.93, notional_quote: 1.2e6, count: 5 }),
      event('vanished_order', { heuristic: true, direction: null, resting_side: 'sell', confirmed_at: now - 2 * minuteMs, low: price + 0.5 * atr, high: price + 0.5 * atr, strength: 0.95, notional_quote: 4e6 }),
    ],
  };
}

/** The document of a topic, or null where the topic is none of the minute's. */
export function minuteDocument(kind, symbol, now, timeframe) {
  const head = { id: symbol.id, symbol: `${symbol.base}/USDT:USDT`, timestamp: Math.floor(now / minuteMs) * minuteMs };
  const price = symbol.anchor;
  const atr = 0.002 * price;
  switch (kind) {
    case 'zones': return zones(head, price, atr);
    case 'liquidations': return liquidations(head, price);
    case 'footprint': return footprint(head, price, symbol.tick);
    case 'profile': return profile(head, price, atr);
    case 'indicators': return indicators(head, price, timeframe);
    case 'events': return events(head, price, atr);
    default: return null;
  }
}
