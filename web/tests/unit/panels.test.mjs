// What the panels say, rendered without a browser.
import { render } from 'svelte/server';
import { describe, expect, it } from 'vitest';
import EventsPanel from '../../src/panels/EventsPanel.svelte';
import FootprintPanel from '../../src/panels/FootprintPanel.svelte';
import LiquidationsPanel from '../../src/panels/LiquidationsPanel.svelte';
import ProfilePanel from '../../src/panels/ProfilePanel.svelte';
import ZonesPanel from '../../src/panels/ZonesPanel.svelte';

const textOf = (html) => html.replace(/<!--.*?-->/g, '').replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
const rendered = (panel, data, props = {}) => render(panel, { props: { store: { data, problem: null }, tickSize: 0.1, ...props } }).body;
const rowsOf = (html) => html.split('<tr').slice(1).map((row) => textOf(`<tr${row}`).trim());

describe('liquidation levels', () => {
  const trials = { reached: 0, hits: 0, hit_rate: null, hit_rate_lower: 0, hit_rate_upper: 1, mean_liquidated_quote: null };
  const data = { liquidations: [], levels_estimate: { explained_share: 0.4, announced: trials, placebo: trials, levels: [[99, 5, 0], [120, 0, 7]] } };

  it('are not known without a price, and none only where there are none', () => {
    const unknown = textOf(rendered(LiquidationsPanel, data, { price: null }));
    expect(unknown).toContain('not known without a price');
    expect(unknown).not.toContain('no level is estimated yet');
    expect(textOf(rendered(LiquidationsPanel, data, { price: 100 }))).toContain('99.0 −1.00% longs');
    expect(textOf(rendered(LiquidationsPanel, data, { price: 200 }))).toMatch(/Would be liquidated none/);
  });
});

describe('what colours mean is also written', () => {
  it('which side of a footprint won', () => {
    const levels = [[100, 30, 1], [101, 1, 1], [102, 1, 40]];
    const rows = rowsOf(rendered(FootprintPanel, { minutes: [{ t: 0, bucket_height: 1, buy_stacks: 0, sell_stacks: 0, levels }] })).slice(1);
    expect(rows.map((row) => row.split(' × ').map((part) => (part.match(/[▲▼] (?:buyers|sellers)/) ?? [''])[0]))).toEqual([['▼ sellers', ''], ['', ''], ['', '▲ buyers']]);
  });

  it('the busiest price, the value area and the last price of a profile', () => {
    const rows = [[10, 1], [11, 5], [12, 9], [13, 1]];
    const html = rendered(ProfilePanel, { rows, row_height: 1, point_of_control: 12, value_area_low: 11, value_area_high: 12, value_area_volume: 14, total_volume: 16, closed_until: 1 }, { price: 11.5 });
    const marks = rowsOf(html).slice(1).map((row) => row.split(' ').slice(1).join(' '));
    expect(marks.map((mark) => [/◆.*busiest price/, /[◆│].*value area/, /◂.*last price/].map((sign) => sign.test(mark)))).toEqual([
      [false, false, false],
      [true, true, false],
      [false, true, true],
      [false, false, false],
    ]);
  });

  it('which zones are proven', () => {
    const side = (touches, bounce_rate_lower) => ({ touches, bounces: touches, bounce_rate: 1, bounce_rate_lower, bounce_rate_upper: 1, penetration_atr: 0.1 });
    const zone = { price: 100, kinds: ['day_extreme'], born_at: 1, age_hours: 1, strength: 1, distance_atr: -1, value: 0, support: side(10, 0.8), resistance: side(10, 0.5) };
    const [row] = rowsOf(rendered(ZonesPanel, { atr: 1, placebo_rate: 0.6, placebo: side(100, 0.5), zones: [zone] })).slice(-1);
    expect(row).toMatch(/✓ proven: 10 of 10 80%/);
    expect(row.match(/proven/g)).toHaveLength(1);
  });
});

describe('events on a phone', () => {
  it('say of which day they are where it is not today', () => {
    const at = Date.UTC(2026, 10, 24, 0, 5);
    const event = { kind: 'iceberg', state: 'done', direction: 'up', heuristic: true, bars: null, resting_side: null, event_at: at, last_at: null, low: 1, high: 1, strength: null, notional_quote: null, displacement_atr: null, volume_ratio: null, count: null };
    const html = rendered(EventsPanel, { timestamp: at, events: [{ ...event, confirmed_at: at - 600_000 }, { ...event, confirmed_at: at - 60_000 }] }, { narrow: true });
    expect(rowsOf(html).slice(1).map((row) => row.match(/>? ?((?:\d\d-\d\d )?\d\d:\d\d) /)?.[1])).toEqual(['00:04', '11-23 23:55']);
  });
});
