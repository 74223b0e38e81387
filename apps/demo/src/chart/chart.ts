/// <reference path="../browser/vite.d.ts" />
import 'uplot/dist/uPlot.min.css';
import uPlot from 'uplot';
import { TARGET_MG_DL } from '../statistics/ranges.ts';
import {
  type ChartContent,
  DAY_MS,
  Drawing,
  type DrawingWords,
  HIGHEST_NUMBER,
  LANES,
  LOWEST_NUMBER,
} from './drawing.ts';
import { type Ink, inkOf } from './ink.ts';
import { isIn, type Span } from './points.ts';

/** The words and numbers of a chart, and whom it tells. */
export interface ChartOptions extends DrawingWords {
  readonly valueLabel: (value: number) => string;
  /** Labels of times; `isDay` where a new day begins. */
  readonly timeLabel: (utcMs: number, isDay: boolean) => string;
  /** The user has drawn a span on the chart. */
  readonly onSpan: (span: Span) => void;
  /** The place that the pointer is at; undefined when it has left. */
  readonly onPlace: (place: number | undefined) => void;
}

const LEAST_HIGHEST = 270;
const PADDING = 12;
const AXIS = 44;
const LABEL_HEIGHT = 15;
const HALF_LABEL = 32;
/** Of long spans and of short ones. */
const LINE_WIDTHS = [1.25, 2] as const;
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

  /** Draws anew with the size, the colours and the words that hold now. */
  refresh(): void {
    this.#ink = inkOf(this.#host);
    // Paper has a width of its own, which no observer of sizes is told of before it is printed.
    this.#plot.setSize(this.#size());
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
      if (reading === undefined || !isIn(span, reading)) continue;
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
          stroke: (plot) => this.#drawing(plot).gradient(),
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
        drawClear: [(plot) => this.#drawing(plot).drawBand()],
        draw: [(plot) => this.#drawing(plot).drawOver()],
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

  #drawing(plot: uPlot): Drawing {
    const parts = { content: this.#content, ink: this.#ink, place: this.#place };
    return new Drawing(plot, { ...parts, words: this.#options });
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
