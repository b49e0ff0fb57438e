import {
  CandlestickSeries,
  ColorType,
  createChart,
  CrosshairMode,
  HistogramSeries,
  type IChartApi,
  type ISeriesApi,
  type UTCTimestamp,
} from 'lightweight-charts';
import type { Candle } from '../protocol/types';
import type { CandleUpdate } from '../store/symbol.svelte';
import { formatPrice, tickDecimals } from '../store/format';
import type { ChartColors } from './colors';
import { OverlayLayer } from './overlay_layer';
import type { Overlays } from './overlays';

const secondsOf = (candle: Candle): UTCTimestamp => Math.floor(candle[0] / 1000) as UTCTimestamp;

/**
 * Candles and volume on lightweight-charts. The library's own attribution logo injects a style element, which the
 * page's content security policy forbids; the panel shows the attribution as a text link instead.
 */
export class CandleChart {
  readonly #chart: IChartApi;
  readonly #candles: ISeriesApi<'Candlestick'>;
  readonly #volume: ISeriesApi<'Histogram'>;
  readonly #layer: OverlayLayer;
  #colors: ChartColors;
  #lastTime = 0;
  #drawn: Candle[] = [];

  constructor(container: HTMLElement, colors: ChartColors, tickSize: number) {
    this.#colors = colors;
    this.#chart = createChart(container, {
      autoSize: true,
      layout: { attributionLogo: false, fontSize: 11 },
      crosshair: { mode: CrosshairMode.Normal },
      timeScale: { timeVisible: true, secondsVisible: false, rightOffset: 4, minBarSpacing: 2 },
      localization: { locale: 'en-GB' },
    });
    this.#candles = this.#chart.addSeries(CandlestickSeries, { borderVisible: false });
    this.#volume = this.#chart.addSeries(HistogramSeries, {
      priceScaleId: 'volume',
      priceFormat: { type: 'volume' },
      lastValueVisible: false,
      priceLineVisible: false,
    });
    this.#chart.priceScale('volume').applyOptions({ scaleMargins: { top: 0.82, bottom: 0 } });
    this.#candles.priceScale().applyOptions({ scaleMargins: { top: 0.08, bottom: 0.22 } });
    this.#layer = new OverlayLayer(colors);
    this.#candles.attachPrimitive(this.#layer);
    this.setTickSize(tickSize);
    this.setColors(colors);
  }

  setTickSize(tickSize: number): void {
    this.#candles.applyOptions({
      priceFormat: {
        type: 'custom',
        minMove: tickSize > 0 ? tickSize : 10 ** -tickDecimals(tickSize),
        formatter: (price: number) => formatPrice(price, tickSize),
      },
    });
  }

  setColors(colors: ChartColors): void {
    this.#colors = colors;
    this.#chart.applyOptions({
      layout: { background: { type: ColorType.Solid, color: colors.background }, textColor: colors.text },
      grid: { vertLines: { color: colors.grid }, horzLines: { color: colors.grid } },
      rightPriceScale: { borderColor: colors.border },
      timeScale: { borderColor: colors.border },
      crosshair: { vertLine: { labelBackgroundColor: colors.border }, horzLine: { labelBackgroundColor: colors.border } },
    });
    this.#candles.applyOptions({
      upColor: colors.up,
      downColor: colors.down,
      wickUpColor: colors.up,
      wickDownColor: colors.down,
    });
    this.#layer.setColors(colors);
    if (this.#drawn.length > 0) this.#volume.setData(this.#drawn.map((candle) => this.#volumePoint(candle)));
  }

  setOverlays(overlays: Overlays): void {
    this.#layer.set(overlays);
  }

  /** Draws a snapshot whole and later changes alone; a change before the last bar forces a whole draw. */
  draw(all: Candle[], update: CandleUpdate): void {
    const appendsOnly = update.changed.every((candle) => secondsOf(candle) >= this.#lastTime);
    if (update.whole || !appendsOnly || this.#lastTime === 0) return this.#drawWhole(all);
    this.#drawn = all;
    this.#layer.setOpenTimes(all.map((candle) => candle[0]));
    for (const candle of update.changed) {
      this.#candles.update(this.#candlePoint(candle));
      this.#volume.update(this.#volumePoint(candle));
      this.#lastTime = secondsOf(candle);
    }
  }

  destroy(): void {
    this.#chart.remove();
  }

  #drawWhole(all: Candle[]): void {
    const isFirst = this.#drawn.length === 0;
    this.#drawn = all;
    this.#layer.setOpenTimes(all.map((candle) => candle[0]));
    this.#candles.setData(all.map((candle) => this.#candlePoint(candle)));
    this.#volume.setData(all.map((candle) => this.#volumePoint(candle)));
    const last = all.at(-1);
    this.#lastTime = last ? secondsOf(last) : 0;
    if (isFirst && all.length > 0) {
      this.#chart.timeScale().setVisibleLogicalRange({ from: Math.max(0, all.length - 140), to: all.length + 3 });
    }
  }

  #candlePoint(candle: Candle) {
    const [, open, high, low, close] = candle;
    return { time: secondsOf(candle), open, high, low, close };
  }

  #volumePoint(candle: Candle) {
    const [, open, , , close, volume] = candle;
    const color = close >= open ? this.#colors.upVolume : this.#colors.downVolume;
    return { time: secondsOf(candle), value: volume, color };
  }
}
