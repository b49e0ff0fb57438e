import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as format from './format';

describe('formatPrice', () => {
  it('shows as many decimals as the tick size has', () => {
    expect(format.formatPrice(97412.3, 0.1)).toBe('97,412.3');
    expect(format.formatPrice(0.5210738, 0.0001)).toBe('0.5211');
    expect(format.formatPrice(0.0213456, 1e-7)).toBe('0.0213456');
    expect(format.formatPrice(1234, 5)).toBe('1,234');
    expect(format.formatPrice(3.5, 0.25)).toBe('3.50');
  });

  it('shows a dash for what is not known, never zero', () => {
    expect(format.formatPrice(null, 0.1)).toBe('—');
    expect(format.formatPrice(undefined, 0.1)).toBe('—');
    expect(format.formatPrice(Number.NaN, 0.1)).toBe('—');
    expect(format.formatPrice(0, 0.1)).toBe('0.0');
  });

  it('survives a tick size that is none', () => {
    expect(format.formatPrice(1.239, 0)).toBe('1.24');
    expect(format.tickDecimals(Number.NaN)).toBe(2);
  });
});

describe('signed numbers', () => {
  it('carry a sign unless they round to zero', () => {
    expect(format.formatSigned(1.5, 2)).toBe('+1.50');
    expect(format.formatSigned(-1.5, 2)).toBe('−1.50');
    expect(format.formatSigned(0.001, 2)).toBe('0.00');
    expect(format.formatSigned(-0.001, 2)).toBe('0.00');
    expect(format.formatPercent(null)).toBe('—');
    expect(format.formatFunding(0.0001)).toBe('+0.0100%');
  });

  it('have an arrow that agrees with the displayed digits', () => {
    expect(format.scoreArrow(49.6, 0)).toBe('');
    expect(format.scoreArrow(49.4, 0)).toBe('▼');
    expect(format.scoreArrow(null)).toBe('');
    expect(format.scoreTone(61)).toBe('up');
    expect(format.scoreTone(51)).toBe('up weak');
    expect(format.scoreTone(39)).toBe('down');
    expect(format.scoreTone(50.04)).toBe('flat');
    expect(format.scoreTone(null)).toBe('flat');
  });
});

describe('compact numbers', () => {
  it.each([
    [950, '950'],
    [999.96, '1.00K'],
    [1_234_567, '1.23M'],
    [14_300_000_000, '14.3B'],
    [999_960_000, '1.00B'],
    [-2_500, '−2.50K'],
    [2.5e12, '2.50T'],
  ])('%d is %s', (value, text) => expect(format.formatCompact(value)).toBe(text));
});

describe('values', () => {
  it.each([
    [0, '0'],
    [0.123456, '0.1235'],
    [-12.3456, '−12.35'],
    [1234.5, '1,235'],
    [0.0000123, '1.23e−5'],
    [2_500_000, '2.50M'],
  ])('%d is %s', (value, text) => expect(format.formatValue(value)).toBe(text));

  it('line up with the typical size of a column', () => {
    expect(format.sizeDecimals([0.01, 0.05, 4])).toBe(4);
    expect(format.sizeDecimals([1200, 5300, 900])).toBe(0);
    expect(format.sizeDecimals([])).toBe(2);
  });
});

describe('times', () => {
  it('ages in the unit that suits them', () => {
    expect(format.formatAge(850)).toBe('0.8 s');
    expect(format.formatAge(12_300)).toBe('12 s');
    expect(format.formatAge(95_000)).toBe('1 m 35 s');
    expect(format.formatAge(7_260_000)).toBe('2 h 1 m');
    expect(format.formatAge(-5)).toBe('0.0 s');
    expect(format.formatAge(null)).toBe('—');
    expect(format.formatWholeAge(9_960)).toBe('9 s');
    expect(format.formatWholeAge(12_300)).toBe('12 s');
    expect(format.formatWholeAge(null)).toBe('—');
  });

  it('countdowns round up, so 0:00 means now', () => {
    expect(format.formatCountdown(2520)).toBe('0:42');
    expect(format.formatCountdown(3661)).toBe('1:02');
    expect(format.formatCountdown(1)).toBe('0:01');
    expect(format.formatCountdown(0)).toBe('0:00');
    expect(format.formatCountdown(-9)).toBe('0:00');
  });

  it('instants are UTC', () => {
    expect(format.formatInstant(Date.UTC(2026, 10, 24, 12, 3, 22))).toBe('2026-11-24 12:03:22 UTC');
    expect(format.formatInstant(0)).toBe('time unknown');
  });
});

describe('roundedToSum', () => {
  it('makes displayed parts add up to the displayed total', () => {
    let state = 12345;
    const random = () => (state = (state * 1103515245 + 12345) % 2147483648) / 2147483648;
    for (let round = 0; round < 2000; round += 1) {
      const parts = Array.from({ length: 10 }, () => (random() < 0.3 ? 0 : (random() - 0.5) * 20));
      const total = parts.reduce((sum, part) => sum + part, 0);
      const shown = format.roundedToSum(parts, total, 2);
      const cents = shown.reduce((sum, part) => sum + Math.round(part * 100), 0);
      expect(cents - Math.round(total * 100)).toBe(0);
      shown.forEach((part, index) => {
        expect(Math.abs(part - (parts[index] as number))).toBeLessThanOrEqual(0.01 + 1e-9);
        if (parts[index] === 0) expect(part).toBe(0);
      });
    }
  });
});

describe('marketLabel', () => {
  it.each([
    ['bybit-linear-BTCUSDT', 'BTC/USDT:USDT', 'Bybit perp'],
    ['binance-spot-BTCUSDT', 'BTC/USDT', 'Binance spot'],
    ['bybit-inverse-BTCUSD', 'BTC/USD:BTC', 'Bybit inverse perp'],
    ['bybit-linear-BTC-27DEC26', 'BTC/USDT:USDT-261227', 'Bybit future'],
  ])('says where %s is traded', (id, symbol, text) => expect(format.marketLabel(id, symbol)).toBe(text));
});

/** The same lines are what the texts and pictures of alerts are held to (src/base/page_format_test.cpp): both write equal numbers. */
describe('the cases shared with the cards', () => {
  const text = readFileSync(new URL('../../../tests/golden/page_formats/cases.tsv', import.meta.url), 'utf8');
  const lines = text.trimEnd().split('\n').map((line) => line.split('\t') as [string, string, string, string]);
  const rules: Record<string, (first: string, second: string) => string> = {
    price: (value, tick) => format.formatPrice(Number(value), Number(tick)),
    number: (value, decimals) => format.formatNumber(Number(value), Number(decimals)),
    signed: (value, decimals) => format.formatSigned(Number(value), Number(decimals)),
    share: (value) => `${format.formatNumber(Number(value) * 100, 0)}%`,
    compact: (value) => format.formatCompact(Number(value)),
    decimals: (value) => String(format.tickDecimals(Number(value))),
    lean: (value, decimals) => format.scoreTone(Number(value), Number(decimals)),
    instant: (value) => format.formatInstant(Number(value)),
    clock: (value) => format.formatShortInstant(Number(value), 0).clock,
    day: (value) => format.formatShortInstant(Number(value), 0).day ?? '',
    sum: (parts, total) =>
      format
        .roundedToSum(parts.split(' ').map(Number), Number(total), 2)
        .map((part) => format.formatNumber(part, 2))
        .join(' '),
  };

  it('are many', () => expect(lines.length).toBeGreaterThan(500));
  it('come out as they stand there', () => {
    for (const [rule, first, second, expected] of lines) expect([rule, first, second, rules[rule]?.(first, second)]).toEqual([rule, first, second, expected]);
  });
});
