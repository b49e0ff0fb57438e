import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');

function tokensOf(theme: string): Record<string, string> {
  const block = new RegExp(`data-theme='${theme}'\\] \\{([^}]*)\\}`).exec(css)?.[1] ?? '';
  return Object.fromEntries([...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})/g)].map((match) => [match[1], match[2]]));
}

function luminance(hex: string): number {
  const channel = (at: number) => {
    const share = parseInt(hex.slice(at, at + 2), 16) / 255;
    return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}

function contrast(a: string, b: string): number {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

describe.each(['dark', 'light'])('%s theme', (theme) => {
  const tokens = tokensOf(theme);
  const pairs: [string, string][] = [
    ...['fg', 'muted', 'accent', 'up', 'down', 'warn'].flatMap((text) => ['panel', 'page', 'raised', 'hover', 'selected'].map((ground): [string, string] => [text, ground])),
    ['fg', 'up-wash'],
    ['fg', 'down-wash'],
    ['up', 'up-wash'],
    ['down', 'down-wash'],
    ['warn', 'warn-wash'],
    ['muted', 'warn-wash'],
    ['on-badge', 'demo'],
    ['on-badge', 'replay'],
    ['on-badge', 'live'],
    ['demo', 'panel'],
    ['replay', 'panel'],
  ];

  it.each(pairs)('%s on %s is readable', (text, ground) => {
    expect(tokens[text], text).toBeDefined();
    expect(tokens[ground], ground).toBeDefined();
    expect(contrast(tokens[text] ?? '#000000', tokens[ground] ?? '#000000')).toBeGreaterThanOrEqual(4.5);
  });

  it('has every token of the other theme', () => {
    expect(Object.keys(tokens).sort()).toEqual(Object.keys(tokensOf(theme === 'dark' ? 'light' : 'dark')).sort());
  });
});
