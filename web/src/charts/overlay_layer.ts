import type { IChartApi, IPrimitivePaneRenderer, IPrimitivePaneView, ISeriesApi, ISeriesPrimitive, SeriesAttachedParameter, Time, UTCTimestamp } from 'lightweight-charts';
import type { ChartColors } from './colors';
import { candleAt, noOverlays, shapesSince, type OverlayTone, type Overlays } from './overlays';

type Target = Parameters<IPrimitivePaneRenderer['draw']>[0];

const barRoom = 0.22; // of the width, for bars from the right edge
const labelHeight = 12;
/** Marks of one kind that are nearer to each other, in px, share a text. */
const equalMarksApart = 240;
const labelFont = '10px system-ui, sans-serif';

interface Placed {
  x: (at: number) => number;
  y: (price: number) => number | null;
  width: number;
  height: number;
}

/** Draws overlays behind the candles: boxes, lines, marks and bars, in the theme's colours. */
export class OverlayLayer implements ISeriesPrimitive<Time> {
  #chart: IChartApi | null = null;
  #series: ISeriesApi<'Candlestick'> | null = null;
  #update: (() => void) | null = null;
  #overlays: Overlays = noOverlays;
  /** Of these, what the candles have room for. */
  #shown: Overlays = noOverlays;
  #openTimes: number[] = [];
  #colors: ChartColors;
  readonly #behind: IPrimitivePaneView = { zOrder: () => 'bottom', renderer: () => this.#renderer((context, placed) => this.#drawAreas(context, placed)) };
  readonly #above: IPrimitivePaneView = { zOrder: () => 'top', renderer: () => this.#renderer((context, placed) => this.#drawSigns(context, placed)) };

  constructor(colors: ChartColors) {
    this.#colors = colors;
  }

  attached({ chart, series, requestUpdate }: SeriesAttachedParameter<Time>): void {
    this.#chart = chart as IChartApi;
    this.#series = series as ISeriesApi<'Candlestick'>;
    this.#update = requestUpdate;
  }

  detached(): void {
    this.#chart = this.#series = this.#update = null;
  }

  paneViews(): readonly IPrimitivePaneView[] {
    return [this.#behind, this.#above];
  }

  set(overlays: Overlays): void {
    this.#overlays = overlays;
    this.#choose();
    this.#update?.();
  }

  setColors(colors: ChartColors): void {
    this.#colors = colors;
    this.#update?.();
  }

  /** Opening times of the candles, ms, oldest first: what an instant is drawn at. */
  setOpenTimes(openTimes: number[]): void {
    this.#openTimes = openTimes;
    this.#choose();
  }

  #choose(): void {
    const first = this.#openTimes[0];
    this.#shown = first === undefined ? noOverlays : shapesSince(this.#overlays, first);
  }

  #renderer(draw: (context: CanvasRenderingContext2D, placed: Placed) => void): IPrimitivePaneRenderer {
    return {
      draw: (target: Target) =>
        target.useMediaCoordinateSpace(({ context, mediaSize }) => {
          const chart = this.#chart;
          const series = this.#series;
          if (!chart || !series || this.#openTimes.length === 0) return;
          const scale = chart.timeScale();
          const x = (at: number) => {
            const index = Math.max(0, candleAt(this.#openTimes, at));
            return scale.timeToCoordinate(Math.floor((this.#openTimes[index] as number) / 1000) as UTCTimestamp) ?? 0;
          };
          context.save();
          context.font = labelFont;
          context.textBaseline = 'middle';
          draw(context, { x, y: (price) => series.priceToCoordinate(price), width: mediaSize.width, height: mediaSize.height });
          context.restore();
        }),
    };
  }

  #tone(tone: OverlayTone): string {
    return tone === 'up' ? this.#colors.up : tone === 'down' ? this.#colors.down : this.#colors.accent;
  }

  #drawAreas(context: CanvasRenderingContext2D, { x, y, width, height }: Placed): void {
    const { boxes, bars } = this.#shown;
    for (const box of boxes) {
      const top = y(box.high);
      const bottom = y(box.low);
      if (top === null || bottom === null || bottom < 0 || top > height) continue;
      const left = Math.max(0, x(box.from));
      const right = box.to === null ? width : x(box.to);
      if (right < 0 || left > width) continue;
      context.fillStyle = context.strokeStyle = this.#tone(box.tone);
      context.globalAlpha = 0.2 * box.weight;
      context.fillRect(left, top, Math.max(2, right - left), Math.max(1.5, bottom - top));
      context.globalAlpha = 0.55 * box.weight;
      context.strokeRect(left + 0.5, top, Math.max(2, right - left), Math.max(1.5, bottom - top));
    }
    for (const bar of bars) {
      const top = y(bar.high);
      const bottom = y(bar.low);
      if (top === null || bottom === null || bottom < 0 || top > height) continue;
      const length = Math.max(3, bar.length * barRoom * width);
      context.fillStyle = this.#tone(bar.tone);
      context.globalAlpha = 0.45;
      context.fillRect(width - length, top, length, Math.max(2, bottom - top));
    }
    context.globalAlpha = 1;
  }

  #drawSigns(context: CanvasRenderingContext2D, { x, y, width, height }: Placed): void {
    const { boxes, lines, marks, bars } = this.#shown;
    const taken: [left: number, right: number, middle: number][] = [];
    /** A text where there is room for it; none is better than two over each other. */
    const say = (text: string, tone: OverlayTone, left: number, middle: number): boolean => {
      const right = left + context.measureText(text).width;
      if (text === '' || middle < labelHeight / 2 || middle > height - labelHeight / 2 || right < 0 || left > width) return false;
      if (taken.some((other) => Math.abs(other[2] - middle) < labelHeight && left < other[1] + 4 && right > other[0] - 4)) return false;
      taken.push([left, right, middle]);
      context.lineWidth = 3;
      context.strokeStyle = this.#colors.background;
      context.strokeText(text, left, middle);
      context.fillStyle = this.#tone(tone);
      context.fillText(text, left, middle);
      context.lineWidth = 1;
      return true;
    };
    for (const line of lines) {
      const at = y(line.price);
      if (at === null) continue;
      const left = x(line.from);
      const right = x(line.to);
      context.strokeStyle = this.#tone(line.tone);
      context.setLineDash([4, 3]);
      context.beginPath();
      context.moveTo(left, at);
      context.lineTo(right, at);
      context.stroke();
      context.setLineDash([]);
      say(line.label, line.tone, right + 3, at);
    }
    /** Where a text of marks was said last: a row of equal ones is named once in a while. */
    const saidAt = new Map<string, number>();
    for (const mark of marks) {
      const at = y(mark.price);
      if (at === null) continue;
      const centre = x(mark.at);
      context.fillStyle = context.strokeStyle = this.#tone(mark.tone);
      context.beginPath();
      context.arc(centre, at, 4, 0, 2 * Math.PI);
      context.lineWidth = 1.5;
      if (mark.isHollow) context.stroke();
      else context.fill();
      context.lineWidth = 1;
      const kind = `${mark.label} ${mark.tone}`;
      if (Math.abs(centre - (saidAt.get(kind) ?? -Infinity)) < equalMarksApart) continue;
      const length = context.measureText(mark.label).width;
      if (say(mark.label, mark.tone, centre + 7 + length > width ? centre - 7 - length : centre + 7, at)) saidAt.set(kind, centre);
    }
    for (const box of boxes) {
      const middle = y((box.low + box.high) / 2);
      if (middle === null) continue;
      const right = box.to === null ? width : x(box.to);
      say(box.label, box.tone, right - context.measureText(box.label).width - 4, middle);
    }
    for (const bar of bars) {
      const middle = y((bar.low + bar.high) / 2);
      if (middle === null || bar.length < 0.3) continue;
      say(bar.label, bar.tone, width - Math.max(3, bar.length * barRoom * width) - context.measureText(bar.label).width - 4, middle);
    }
  }
}
