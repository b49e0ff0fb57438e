/** Numbers and times as text. Prices follow the tick size, never the locale; the minus sign is a real one. */

export const absent = '—';
const minus = '−';
const formatters = new Map<number, Intl.NumberFormat>();

function grouped(value: number, decimals: number): string {
  let formatter = formatters.get(decimals);
  if (!formatter) {
    formatter = new Intl.NumberFormat('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
    formatters.set(decimals, formatter);
  }
  const text = formatter.format(Math.abs(value));
  return value < 0 && /[1-9]/.test(text) ? minus + text : text;
}

const known = (value: number | null | undefined): value is number => typeof value === 'number' && Number.isFinite(value);

/** Decimals that a tick size implies: 0.1 -> 1, 0.00005 -> 5, 1e-7 -> 7, 5 -> 0. */
export function tickDecimals(tickSize: number): number {
  if (!known(tickSize) || tickSize <= 0) return 2;
  for (let decimals = 0; decimals < 12; decimals += 1) {
    const scaled = tickSize * 10 ** decimals;
    if (Math.abs(scaled - Math.round(scaled)) < 1e-6 * scaled) return decimals;
  }
  return 12;
}

export function formatPrice(value: number | null | undefined, tickSize: number): string {
  return known(value) ? grouped(value, tickDecimals(tickSize)) : absent;
}

export function formatNumber(value: number | null | undefined, decimals: number): string {
  return known(value) ? grouped(value, decimals) : absent;
}

/** Always with a sign, except for what rounds to zero. */
export function formatSigned(value: number | null | undefined, decimals: number): string {
  if (!known(value)) return absent;
  const text = grouped(value, decimals);
  return value > 0 && /[1-9]/.test(text) ? `+${text}` : text;
}

export function formatPercent(value: number | null | undefined, decimals = 2): string {
  return known(value) ? `${formatSigned(value, decimals)}%` : absent;
}

/** Up, down or flat, so that colour is never the only sign. */
export function arrow(value: number | null | undefined): string {
  if (!known(value) || value === 0) return '';
  return value > 0 ? '▲' : '▼';
}

export type Tone = 'up' | 'down' | 'flat';

export function tone(value: number | null | undefined): Tone {
  if (!known(value) || value === 0) return 'flat';
  return value > 0 ? 'up' : 'down';
}

const weakLean = 5;

/**
 * The side of a score as displayed with so many decimals: above 50 leans long, below leans short. A lean of less than
 * five points is `weak`: it keeps its arrow, but no colour, so that what matters stands out.
 */
export function scoreTone(score: number | null | undefined, decimals = 1): Tone | `${Tone} weak` {
  if (!known(score)) return 'flat';
  const lean = Math.round((score - 50) * 10 ** decimals);
  const side = tone(lean);
  return side !== 'flat' && Math.abs(score - 50) < weakLean ? `${side} weak` : side;
}

/** The arrow that goes with scoreTone. */
export function scoreArrow(score: number | null | undefined, decimals = 1): string {
  return known(score) ? arrow(Math.round((score - 50) * 10 ** decimals)) : '';
}

/** 1234567 -> 1.23M */
export function formatCompact(value: number | null | undefined): string {
  if (!known(value)) return absent;
  const size = Math.abs(value);
  const steps: [number, string][] = [
    [1e12, 'T'],
    [1e9, 'B'],
    [1e6, 'M'],
    [1e3, 'K'],
  ];
  for (const [unit, letter] of steps) {
    if (size >= unit * 0.9995) {
      const scaled = value / unit;
      const digits = Math.abs(scaled) >= 99.95 ? 0 : Math.abs(scaled) >= 9.995 ? 1 : 2;
      return grouped(scaled, digits) + letter;
    }
  }
  return grouped(value, size >= 100 ? 0 : size >= 1 ? 2 : 4);
}

/** A measured value with about four significant digits. */
export function formatValue(value: number | null | undefined): string {
  if (!known(value)) return absent;
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size >= 1e6) return formatCompact(value);
  if (size < 1e-4) return value.toExponential(2).replace('-', minus);
  const decimals = Math.min(7, Math.max(0, 3 - Math.floor(Math.log10(size))));
  return grouped(value, decimals);
}

/** A size in base units: enough digits to be seen, few enough to be read. */
export function formatSize(value: number | null | undefined): string {
  if (!known(value)) return absent;
  const size = Math.abs(value);
  if (size >= 99_950) return formatCompact(value);
  return grouped(value, size >= 1000 ? 0 : size >= 100 ? 1 : size >= 1 ? 2 : 4);
}

/** Decimals that show about three digits of the typical one of some sizes, for a column that lines up. */
export function sizeDecimals(sizes: number[]): number {
  const sorted = sizes.filter((size) => size > 0).sort((a, b) => a - b);
  const typical = sorted[Math.floor(sorted.length / 2)];
  return typical === undefined ? 2 : Math.min(6, Math.max(0, 2 - Math.floor(Math.log10(typical))));
}

/** Funding is a fraction for its interval; shown in percent. */
export function formatFunding(rate: number | null | undefined): string {
  return known(rate) ? `${formatSigned(rate * 100, 4)}%` : absent;
}

/** 850 -> 0.9 s, 12_300 -> 12 s, 95_000 -> 1 m 35 s */
export function formatAge(ageMs: number | null | undefined): string {
  if (!known(ageMs)) return absent;
  const seconds = Math.max(0, ageMs) / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} m ${Math.floor(seconds % 60)} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} m`;
}

/** Ages in lists: whole seconds, since they move once a second. 850 -> 0 s */
export function formatWholeAge(ageMs: number | null | undefined): string {
  return known(ageMs) && ageMs < 10_000 ? `${Math.floor(Math.max(0, ageMs) / 1000)} s` : formatAge(ageMs);
}

/** Time to go as h:mm, rounded up so that 0:00 means now. */
export function formatCountdown(seconds: number): string {
  const minutes = Math.ceil(Math.max(0, seconds) / 60);
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`;
}

const two = (value: number): string => String(value).padStart(2, '0');

/** 12:03:22 (UTC) */
export function formatClock(timeMs: number): string {
  const date = new Date(timeMs);
  return `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
}

/** Hours and minutes of an instant, UTC, and its month and day where they are not those of `now`. */
export function formatShortInstant(timeMs: number, now: number): { day: string | null; clock: string } {
  const day = (at: number) => new Date(at).toISOString().slice(0, 10);
  return { day: day(timeMs) === day(now) ? null : day(timeMs).slice(5), clock: formatClock(timeMs).slice(0, 5) };
}

/** 2026-11-24 12:03:22 UTC */
export function formatInstant(timeMs: number | null | undefined): string {
  if (!known(timeMs) || timeMs <= 0) return 'time unknown';
  return `${new Date(timeMs).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/**
 * Rounds the parts so that, as displayed, they add up to the rounded total: the largest remainders take the
 * difference. No part moves by more than one unit of the last digit unless the parts do not add up in the first place.
 */
export function roundedToSum(parts: number[], total: number, decimals: number): number[] {
  const unit = 10 ** decimals;
  const scaled = parts.map((part) => part * unit);
  const rounded = scaled.map(Math.round);
  let missing = Math.round(total * unit) - rounded.reduce((sum, part) => sum + part, 0);
  const step = Math.sign(missing);
  const byRemainder = scaled
    .map((value, index) => ({ index, remainder: (value - (rounded[index] as number)) * step }))
    .filter(({ index }) => scaled[index] !== 0)
    .sort((a, b) => b.remainder - a.remainder);
  for (const { index } of byRemainder) {
    if (missing === 0) break;
    rounded[index] = (rounded[index] as number) + step;
    missing -= step;
  }
  return rounded.map((part) => part / unit);
}

const names: Record<string, string> = {
  order_flow: 'Order flow',
  sentiment: 'Sentiment',
  liquidity: 'Liquidity',
  bitcoin_beta: 'Bitcoin beta',
  smart_money: 'Smart money',
  machine_learning: 'Machine learning',
  adj_regime: 'Regime weights',
  adj_data: 'Data quality',
  adj_liquidity: 'Thin liquidity',
  adj_toxicity: 'Toxic flow',
  ofi_best: 'OFI, best level',
  ofi_multi: 'OFI, ten levels',
  cvd_divergence: 'CVD divergence',
  vpin: 'VPIN',
  kyle_lambda: 'Kyle lambda',
  sr_zones: 'Support and resistance',
};

/** A wire name as words. */
export function formatName(name: string): string {
  const text = names[name] ?? name.replaceAll('_', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const venueNames: Record<string, string> = { bybit: 'Bybit', binance: 'Binance' };

/** Where a row is traded, in two words: "Binance spot", "Bybit perp". */
export function marketLabel(id: string, symbol: string): string {
  const [venue = '', category = ''] = id.split('-');
  const isDated = /:.*-\d/.test(symbol);
  const kind = category === 'spot' ? 'spot' : `${category === 'inverse' ? 'inverse ' : ''}${isDated ? 'future' : 'perp'}`;
  return `${venueNames[venue] ?? venue} ${kind}`;
}

/** BTC/USDT:USDT -> BTC/USDT, the settle part is in the title */
export function shortSymbol(symbol: string): string {
  return symbol.split(':')[0] ?? symbol;
}
