import { dimensionNames, type DimensionName, type Row, type VenueLead } from '../protocol/types';
import {
  absent,
  formatAge,
  formatCompact,
  formatFunding,
  formatInstant,
  formatName,
  formatNumber,
  formatPercent,
  formatPrice,
  marketLabel,
} from './format';

export type DimensionState = 'value' | 'not_installed' | 'not_applicable' | 'no_data';

/** Why a dimension has no number: three different things that must not look like a neutral 50. */
export function dimensionState(row: Row, name: DimensionName): DimensionState {
  if (row.absent_dimensions.includes(name)) return 'not_installed';
  if (row.not_applicable.includes(name)) return 'not_applicable';
  return typeof row.dimensions[name] === 'number' ? 'value' : 'no_data';
}

export const dimensionStateText: Record<Exclude<DimensionState, 'value'>, string> = {
  not_installed: 'not installed',
  not_applicable: 'does not apply to this symbol',
  no_data: 'no value: too little live evidence',
};

/**
 * Seconds until a score is expected, counted down since the report; null when the server gave no time. The page's clock
 * ticks once a second, so a report may be younger than `now`.
 */
export function warmingSeconds(readyInSeconds: number | null | undefined, reportedAt: number, now: number): number | null {
  if (readyInSeconds === null || readyInSeconds === undefined) return null;
  return Math.max(0, readyInSeconds - Math.max(0, now - reportedAt) / 1000);
}

const percent = (share: number | null): string => (share === null ? 'unknown' : `${formatNumber(share * 100, 0)}%`);

function valueText(row: Row, key: string): string {
  const quote = row.symbol.split(/[/:]/)[1] ?? '';
  switch (key) {
    case 'symbol':
      return `${row.id}, tick size ${row.tick_size}${row.flags.length > 0 ? `, flags: ${row.flags.join(', ')}` : ''}`;
    case 'price':
      return `last price ${formatPrice(row.price, row.tick_size)} ${quote}; 24 h high ${formatPrice(row.high_24h, row.tick_size)}, low ${formatPrice(row.low_24h, row.tick_size)}; source: ${row.exchange} ticker`;
    case 'change':
      return `change over 24 h ${formatPercent(row.change_24h_pct)}; source: ${row.exchange} ticker`;
    case 'score':
      return row.score === null
        ? `no score: coverage ${percent(row.coverage)}, a score needs 50%`
        : `score ${formatNumber(row.score, 2)} of 100 (50 is neutral), ${row.direction ?? 'no direction'}, coverage ${percent(row.coverage)}, confidence ${percent(row.confidence)}; ${row.gate ? `no signal: ${row.gate.text}; ` : ''}source: confluence engine`;
    case 'spread':
      return `spread ${formatNumber(row.spread_bps, 3)} bps of the mid; source: ${row.exchange} order book`;
    case 'funding':
      return `funding ${formatFunding(row.funding_rate)} for ${row.funding_interval_hours ?? '?'} h, next at ${formatInstant(row.next_funding_at)}; source: ${row.exchange} ticker`;
    case 'turnover':
      return `turnover of 24 h $${formatCompact(row.turnover_24h_usd)}; open interest $${formatCompact(row.open_interest_usd)}; source: ${row.exchange} ticker`;
    case 'age':
      return `age of the newest input ${formatAge(row.age_ms)} when reported`;
    default:
      return dimensionNames.includes(key as DimensionName) ? dimensionText(row, key as DimensionName) : absent;
  }
}

function dimensionText(row: Row, name: DimensionName): string {
  const state = dimensionState(row, name);
  if (state !== 'value') return `${formatName(name)}: ${dimensionStateText[state]}`;
  return `${formatName(name)} ${formatNumber(row.dimensions[name], 2)} of 100, 50 is neutral; source: confluence engine`;
}

/** The tooltip of a table cell: value with unit, source and time. */
export function describeCell(row: Row, key: string, reportedAt: number): string {
  return `${row.symbol}: ${valueText(row, key)}; ${formatInstant(reportedAt)}`;
}

/** Which of two venues moves first, in words; a lag of 0 with a leader is one below the grid of a second. */
export function describeLead(lead: VenueLead): { pair: string; text: string; title: string } {
  const pair = `${marketLabel(lead.first, '')} and ${marketLabel(lead.second, '')}`;
  const coverage = `${percent(lead.coverage)} of the last hour's seconds known on both`;
  if (lead.lag_ms === null) return { pair, text: absent, title: `${pair}: not known yet; ${coverage}` };
  const size = lead.lag_ms === 0 ? 'less than a second' : `${formatNumber(Math.abs(lead.lag_ms) / 1000, 0)} s`;
  const text = lead.leader === null ? 'neither' : `${marketLabel(lead.leader, '')} by ${size}`;
  const figures = `correlation ${formatNumber(lead.correlation, 2)}, lead-lag ratio ${formatNumber(lead.ratio, 2)}`;
  return { pair, text, title: `${pair}: ${figures}; ${coverage}; ${formatInstant(lead.timestamp)}` };
}
