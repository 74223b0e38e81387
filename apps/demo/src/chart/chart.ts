/// <reference path="../browser/vite.d.ts" />
import 'uplot/dist/uPlot.min.css';
import uPlot from 'uplot';
import type { Mark } from '../readings/reading.ts';
import { TARGET_MG_DL } from '../statistics/ranges.ts';
import { type Ink, inkOf } from './ink.ts';
import type { Points, Span } from './points.ts';
import { SHAPES } from './shapes.ts';

/** Content of a chart: the curve, the marks on it, and the time that is in view. */
export interface ChartContent {
  readonly points: Points;
  readonly marks: readonly Mark[];
  readonly span: Span;
}

/** The words and numbers of a chart, and whom it tells. */
export interface ChartOptions {
  /** A value of mg/dL in the unit of the chart. */
  readonly inUnit: (mgDl: number) => number;
  readonly lowWord: () => string;
  readonly highWord: () => string;
  readonly valueLabel: (value: number) => string;
  /** Labels of times; `isDay` where a new day begins. */
  readonly timeLabel: (utcMs: number, isDay: boolean) => string;
  /** The user has drawn a span on the chart. */
  readonly onSpan: (span: Span) => void;
  /** The place that the pointer is at; undefined when it has left. */
  readonly onPlace: (place: number | undefined) => void;
}

const LOWEST_NUMBER = 40;
const HIGHEST_NUMBER = 400;
const LEAST_HIGHEST = 270;
/** Below the lowest number: a lane for LOW and one for marks; above the highest: one for HIGH. */
const LANES = { low: 15, lowAndMarks: 46, high: 13, highInAll: 24 } as const;
const PADDING = 12;
const AXIS = 44;
const LABEL_HEIGHT = 15;
const HALF_LABEL = 32;
/** So far over the edge reaches the dot of a reading that is there. */
const DOT = 4;
/** Of long spans and of short ones. */
const LINE_WIDTHS = [1.25, 2] as const;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** So long a span is drawn without a dot for each reading. */
const DOTS_UP_TO_MS = 30 * HOUR_MS;

/** A glucose curve over time. Sizes itself to its element, which must have a height. */
export class GlucoseChart {
  readonly #host: HTMLElement;
  readonly #options: ChartOptions;
  readonly #plot: uPlot;
  readonly #resized: ResizeObserver;
  #content: ChartContent;
  #ink: Ink;
  #place: number | undefined;

  constructor(host: HTMLElement, content: ChartContent, options: ChartOptions) {
    this.#host = host;
    this.#content = content;
    this.#options = options;
    this.#ink = inkOf(host);
    this.#plot = new uPlot(this.#setUp(), this.#data(), host);
    this.#resized = new ResizeObserver(() => this.#plot.setSize(this.#size()));
    this.#resized.observe(host);
  }

  /** Shows something else. */
  show(content: ChartContent): void {
    const isSame = content.points === this.#content.points;
    this.#content = content;
    const { fromMs, toMs } = content.span;
    if (!isSame) this.#plot.setData(this.#data(), false);
    const line = this.#plot.series[1];
    if (line !== undefined) line.width = LINE_WIDTHS[toMs - fromMs > 4 * DAY_MS ? 0 : 1];
    this.#plot.batch(() => {
      this.#plot.setScale('x', { min: fromMs, max: toMs });
      this.#plot.setScale('y', this.#heights());
    });
  }

  /** Draws anew with the colours and words that hold now. */
  refresh(): void {
    this.#ink = inkOf(this.#host);
    this.#plot.redraw(true, true);
  }

  /** Marks a reading, or none. */
  point(place: number | undefined): void {
    this.#place = place;
    this.#plot.redraw(false, false);
  }

  destroy(): void {
    this.#resized.disconnect();
    this.#plot.destroy();
  }

  #size(): { width: number; height: number } {
    return { width: this.#host.clientWidth, height: this.#host.clientHeight };
  }

  #data(): uPlot.AlignedData {
    const { xs, ys } = this.#content.points;
    return [xs as number[], ys as number[]];
  }

  /** The scale reaches as far as the readings shown do, and always shows the target. */
  #heights(): { min: number; max: number } {
    const { points, span } = this.#content;
    let highest = LEAST_HIGHEST;
    let hasHigh = false;
    for (const reading of points.readings) {
      if (reading === undefined || reading.utcMs < span.fromMs || reading.utcMs > span.toMs)
        continue;
      if (reading.status === 'high') hasHigh = true;
      else highest = Math.max(highest, reading.mgDl + 10);
    }
    if (hasHigh) highest = HIGHEST_NUMBER;
    const above = hasHigh ? LANES.highInAll : 0;
    const numbers = this.#size().height - PADDING - AXIS - LANES.lowAndMarks - above;
    const perPixel = (highest - LOWEST_NUMBER) / Math.max(numbers, 1);
    const { inUnit } = this.#options;
    return {
      min: inUnit(LOWEST_NUMBER - LANES.lowAndMarks * perPixel),
      max: inUnit(highest + above * perPixel),
    };
  }

  /** The limits of the ranges, and what is above; two that are close have one label. */
  #heightsLabelled(): readonly number[] {
    const { min, max } = this.#heights();
    const perPixel = (max - min) / (this.#size().height - PADDING - AXIS);
    const { inUnit } = this.#options;
    const isTight = (inUnit(TARGET_MG_DL.low) - inUnit(54)) / perPixel < LABEL_HEIGHT;
    return [...(isTight ? [] : [54]), TARGET_MG_DL.low, TARGET_MG_DL.high, 250, 300, 400];
  }

  #setUp(): uPlot.Options {
    const { valueLabel, inUnit } = this.#options;
    const font = '12px system-ui, sans-serif';
    const axis: uPlot.Axis = {
      font,
      stroke: () => this.#ink.text,
      grid: { stroke: () => this.#ink.grid, width: 1 },
      ticks: { show: false },
    };
    return {
      ...this.#size(),
      ms: 1,
      padding: [PADDING, PADDING, 0, 0],
      legend: { show: false },
      scales: {
        x: {
          time: true,
          range: () => [this.#content.span.fromMs, this.#content.span.toMs],
        },
        y: {
          range: () => {
            const { min, max } = this.#heights();
            return [min, max];
          },
        },
      },
      series: [
        {},
        {
          stroke: (plot) => this.#gradient(plot),
          width: 2,
          spanGaps: false,
          points: { show: false },
        },
      ],
      axes: [
        {
          ...axis,
          space: 64,
          size: AXIS,
          values: (plot, times) => this.#timeLabels(plot, times),
        },
        {
          ...axis,
          size: AXIS,
          splits: () => this.#heightsLabelled().map(inUnit),
          values: (_, values) => values.map(valueLabel),
        },
      ],
      cursor: {
        y: false,
        points: { show: false },
        drag: { x: true, y: false, setScale: false, uni: 8 },
      },
      select: { show: true, left: 0, top: 0, width: 0, height: 0 },
      hooks: {
        drawClear: [(plot) => this.#drawBand(plot)],
        draw: [(plot) => this.#drawOver(plot)],
        setCursor: [(plot) => this.#pointed(plot)],
        setSelect: [(plot) => this.#selected(plot)],
      },
    };
  }

  /** A label that would reach beyond the edge is left out. */
  #timeLabels(plot: uPlot, times: number[]): string[] {
    let before = '';
    const end = plot.bbox.width / devicePixelRatio - HALF_LABEL + PADDING;
    return times.map((time) => {
      if (plot.valToPos(time, 'x') > end) return '';
      const day = new Date(time).toDateString();
      const isNew = day !== before;
      before = day;
      return this.#options.timeLabel(time, isNew);
    });
  }

  /** Below, in and above the target have colours of their own, and their places tell them as well. */
  #gradient(plot: uPlot): CanvasGradient | string {
    const { ctx, bbox } = plot;
    const { inUnit } = this.#options;
    const { low, high } = TARGET_MG_DL;
    const at = (mgDl: number): number => {
      const y = (plot.valToPos(inUnit(mgDl), 'y', true) - bbox.top) / bbox.height;
      return Math.min(1, Math.max(0, y));
    };
    if (!Number.isFinite(at(low))) return this.#ink.curve;
    const gradient = ctx.createLinearGradient(0, bbox.top, 0, bbox.top + bbox.height);
    for (const [mgDl, above, below] of [
      [high, this.#ink.high, this.#ink.curve],
      [low, this.#ink.curve, this.#ink.low],
    ] as const) {
      gradient.addColorStop(at(mgDl), above);
      gradient.addColorStop(at(mgDl), below);
    }
    return gradient;
  }

  #drawBand(plot: uPlot): void {
    const { ctx, bbox } = plot;
    const { inUnit } = this.#options;
    const top = plot.valToPos(inUnit(TARGET_MG_DL.high), 'y', true);
    const bottom = plot.valToPos(inUnit(TARGET_MG_DL.low), 'y', true);
    ctx.save();
    ctx.fillStyle = this.#ink.band;
    ctx.fillRect(bbox.left, top, bbox.width, bottom - top);
    ctx.strokeStyle = this.#ink.bandEdge;
    ctx.lineWidth = devicePixelRatio;
    for (const y of [top, bottom]) {
      ctx.beginPath();
      ctx.moveTo(bbox.left, y);
      ctx.lineTo(bbox.left + bbox.width, y);
      ctx.stroke();
    }
    ctx.restore();
  }

  #drawOver(plot: uPlot): void {
    const { ctx, bbox } = plot;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width + DOT * devicePixelRatio, bbox.height);
    ctx.clip();
    this.#drawReadings(plot);
    this.#drawMarks(plot);
    this.#drawPlace(plot);
    ctx.restore();
  }

  /** Dots where there is room for them, and LOW and HIGH as arrows in lanes of their own. */
  #drawReadings(plot: uPlot): void {
    const { points, span } = this.#content;
    const { ctx } = plot;
    const scale = devicePixelRatio;
    const hasDots = span.toMs - span.fromMs <= DOTS_UP_TO_MS;
    let wordEnd = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < points.xs.length; i++) {
      const reading = points.readings[i];
      if (reading === undefined || reading.utcMs < span.fromMs || reading.utcMs > span.toMs)
        continue;
      const x = plot.valToPos(reading.utcMs, 'x', true);
      if (reading.status === 'inRange') {
        if (!hasDots) continue;
        ctx.fillStyle = this.#inkOf(reading.mgDl);
        ctx.beginPath();
        ctx.arc(x, this.#y(plot, reading.mgDl), 2.75 * scale, 0, 2 * Math.PI);
        ctx.fill();
        continue;
      }
      const isLow = reading.status === 'low';
      const y = this.#lane(plot, isLow);
      const size = (isLow ? 1 : -1) * (hasDots ? 5 : 4) * scale;
      ctx.fillStyle = isLow ? this.#ink.low : this.#ink.high;
      ctx.beginPath();
      ctx.moveTo(x - Math.abs(size), y - size * 0.8);
      ctx.lineTo(x + Math.abs(size), y - size * 0.8);
      ctx.lineTo(x, y + size);
      ctx.fill();
      if (!hasDots || x < wordEnd) continue;
      const word = isLow ? this.#options.lowWord() : this.#options.highWord();
      ctx.font = `600 ${11 * scale}px system-ui, sans-serif`;
      ctx.textBaseline = 'middle';
      ctx.textAlign = 'right';
      ctx.fillText(word, x - 9 * scale, y);
      wordEnd = x + 60 * scale;
    }
  }

  #drawMarks(plot: uPlot): void {
    const { ctx, bbox } = plot;
    const { marks, span } = this.#content;
    const scale = devicePixelRatio;
    const hasAll = span.toMs - span.fromMs <= 4 * DAY_MS;
    let leftOf = Number.NEGATIVE_INFINITY;
    for (const mark of marks) {
      if (mark.utcMs < span.fromMs || mark.utcMs > span.toMs) continue;
      if (!hasAll && mark.kind !== 'sensor') continue;
      const at = plot.valToPos(mark.utcMs, 'x', true);
      const isMeter = mark.kind === 'meter' && mark.value !== undefined;
      const y = isMeter
        ? this.#y(plot, Math.min(HIGHEST_NUMBER, Math.max(LOWEST_NUMBER, mark.value ?? 0)))
        : bbox.top + bbox.height - 12 * scale;
      if (mark.kind === 'sensor') {
        ctx.strokeStyle = this.#ink.text;
        ctx.lineWidth = scale;
        ctx.setLineDash([3 * scale, 4 * scale]);
        ctx.beginPath();
        ctx.moveTo(at, bbox.top);
        ctx.lineTo(at, bbox.top + bbox.height);
        ctx.stroke();
        ctx.setLineDash([]);
      }
      // Of what happened at once, nothing covers anything else.
      const x = isMeter ? at : Math.max(at, leftOf + 15 * scale);
      if (!isMeter) leftOf = x;
      const path = new Path2D();
      path.addPath(
        new Path2D(SHAPES[mark.kind]),
        new DOMMatrix().translate(x - 8 * scale, y - 8 * scale).scale(scale),
      );
      ctx.lineWidth = 3 * scale;
      ctx.strokeStyle = this.#ink.paper;
      ctx.stroke(path);
      ctx.fillStyle = this.#ink.mark;
      ctx.fill(path, 'evenodd');
    }
  }

  #drawPlace(plot: uPlot): void {
    const reading =
      this.#place === undefined ? undefined : this.#content.points.readings[this.#place];
    if (reading === undefined) return;
    const { ctx, bbox } = plot;
    const scale = devicePixelRatio;
    const x = plot.valToPos(reading.utcMs, 'x', true);
    const isNumber = reading.status === 'inRange';
    const y = isNumber ? this.#y(plot, reading.mgDl) : this.#lane(plot, reading.status === 'low');
    ctx.strokeStyle = this.#ink.text;
    ctx.lineWidth = scale;
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    ctx.fillStyle = this.#ink.paper;
    ctx.strokeStyle = this.#inkOf(reading.mgDl);
    ctx.lineWidth = 2.5 * scale;
    ctx.beginPath();
    ctx.arc(x, y, 5.5 * scale, 0, 2 * Math.PI);
    ctx.fill();
    ctx.stroke();
  }

  #y(plot: uPlot, mgDl: number): number {
    return plot.valToPos(this.#options.inUnit(mgDl), 'y', true);
  }

  /** Height at which LOW or HIGH is drawn, in canvas pixels: beyond the numbers. */
  #lane(plot: uPlot, isLow: boolean): number {
    return isLow
      ? this.#y(plot, LOWEST_NUMBER) + LANES.low * devicePixelRatio
      : this.#y(plot, HIGHEST_NUMBER) - LANES.high * devicePixelRatio;
  }

  #inkOf(mgDl: number): string {
    if (mgDl < TARGET_MG_DL.low) return this.#ink.low;
    return mgDl > TARGET_MG_DL.high ? this.#ink.high : this.#ink.curve;
  }

  #pointed(plot: uPlot): void {
    const { idx, left } = plot.cursor;
    const isIn = idx !== null && idx !== undefined && (left ?? -1) >= 0;
    this.#options.onPlace(isIn ? idx : undefined);
  }

  #selected(plot: uPlot): void {
    const { left, width } = plot.select;
    if (width < 8) return;
    const span = { fromMs: plot.posToVal(left, 'x'), toMs: plot.posToVal(left + width, 'x') };
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    this.#options.onSpan(span);
  }
}
