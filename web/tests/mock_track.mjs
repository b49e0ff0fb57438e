// A track record for the mock server: figures that hang together, as the program would answer them.

const horizon = (n, effective, rate, median) => ({
  n, n_eff: effective, is_thin: effective < 30, hit_rate: rate, hit_interval: [rate - 0.11, rate + 0.12], above_costs: rate - 0.08,
  mean_net_bps: median + 1.5, lower_quartile_net_bps: median - 31.2, median_net_bps: median, upper_quartile_net_bps: median + 36.4,
});

/** Bins of ten strengths each; the strongest ones have too few outcomes, and none of a day yet. */
function bins() {
  return [60, 62.5, 65, 67.5].map((from, index) => {
    const effective = [48.2, 41.7, 33.1, 12.4][index];
    const rate = 0.44 + 0.05 * index;
    const known = horizon(60, effective, rate, -18 + 9 * index);
    return {
      from, to: from + 2.4, n: 60, horizons: { '15m': known, '1h': known, '4h': known, '24h': null },
      barrier: { n: 60, n_eff: effective, is_thin: effective < 30, target: 0.2 + 0.06 * index, stop: 0.5, expired: 0.3 - 0.06 * index, target_interval: [0.12 + 0.06 * index, 0.31 + 0.06 * index], mean_net_r: -0.3 + 0.14 * index, net_r_interval: [-0.52 + 0.14 * index, -0.08 + 0.14 * index] },
    };
  });
}

const comparison = (p, mean) => ({ draws: 999, percentile: 1 - p, p, mean, percentile_95: mean + 0.2, is_beaten: p < 0.05 });

function strategyRecord(strategy, { n, effective, decayed = false }) {
  return {
    strategy, open: 2, n, n_eff: effective, is_thin: effective < 30,
    target: { share: 0.29, interval: [0.23, 0.36], null: 0.23 }, stop: { share: 0.48, interval: [0.4, 0.55], null: 0.4 }, expired: { share: 0.23, interval: [0.17, 0.3], null: 0.36 },
    target_p: 0.04,
    results: { n, n_eff: effective, mean_net_r: -0.09, mean_interval: [-0.24, 0.07], maximum_drawdown_r: 14.2, sharpe: -0.07, probabilistic_sharpe: 0.14, deflated_sharpe: 0.06, shortest_record: null, p_null: 0.31, p_profit: 0.86 },
    q_null: 0.31, q_profit: 0.86,
    placebo: effective < 30 ? null : comparison(0.03, -0.31),
    turned_sides: { '15m': comparison(0.2, -9.1), '1h': comparison(0.012, -10.3), '4h': comparison(0.4, -12), '24h': null },
    decay: { level: decayed ? 8.4 : 1.3, alarm: 10, recovery: 5, is_decayed: decayed },
  };
}

/** What `?segment=` asks for, else that of the mock's market. */
function head(segment) {
  return { market: 'demo', segment: segment ?? 'demo', segments: [{ segment: 'demo', n: 242 }, { segment: 'reconstructed', n: 18 }] };
}

export function calibration(segment) {
  const strategies = segment === 'reconstructed' ? [] : [{ strategy: 'confluence', sides: 'mirrored', n: 240, level: 65, bins: bins(), probability: null, symbols: [] }, { strategy: 'lead_lag', sides: 'mirrored', n: 9, level: null, bins: bins().slice(3), probability: null, symbols: [] }];
  return { ...head(segment), thin_below: 30, strategies };
}

export function performance(segment) {
  const all = strategyRecord('', { n: 240, effective: 135.4 });
  const strategies = segment === 'reconstructed' ? [] : [strategyRecord('confluence', { n: 231, effective: 131.2 }), strategyRecord('lead_lag', { n: 9, effective: 4.2, decayed: true })];
  return { ...head(segment), trials: 2, thin_below: 30, all, strategies };
}
