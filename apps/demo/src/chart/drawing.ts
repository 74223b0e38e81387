import type uPlot from 'uplot';
import type { Mark } from '../readings/reading.ts';
import { TARGET_MG_DL } from '../statistics/ranges.ts';
import type { Ink } from './ink.ts';
import { isIn, type Points, type Span } from './points.ts';
import { SHAPES } from './shapes.ts';

/** Content of a chart: the curve, the marks on it, and the time that is in view. */
export interface ChartContent {
  readonly points: Points;
  readonly marks: readonly Mark[];
  readonly span: Span;
}

/** The words and numbers in a drawing. */
export interface DrawingWords {
  /** A value of mg/dL in the unit of the chart. */
  readonly inUnit: (mgDl: number) => number;
  readonly lowWord: () => string;
  readonly highWord: () => string;
}

/** Parts of one drawing. */
export interface DrawingParts {
  readonly content: ChartContent;
  readonly ink: Ink;
  readonly words: DrawingWords;
  /** Place of the reading that is pointed at; undefined for none. */
  readonly place: number | undefined;
}

export const LOWEST_NUMBER = 40;
export const HIGHEST_NUMBER = 400;
/** Below the lowest number: a lane for LOW and one for marks; above the highest: one for HIGH. */
export const LANES = { low: 15, lowAndMarks: 46, high: 13, highInAll: 24 } as const;
/** So far over the edge reaches the dot of a reading that is there. */
const DOT = 4;
const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
/** So long a span is drawn without a dot for each reading. */
const DOTS_UP_TO_MS = 30 * HOUR_MS;

/** Paints on the canvas of a plot: the target band below the curve, and all that is above it. */
export class Drawing {
  readonly #plot: uPlot;
  readonly #content: ChartContent;
  readonly #ink: Ink;
  readonly #words: DrawingWords;
  readonly #place: number | undefined;

  constructor(plot: uPlot, { content, ink, words, place }: DrawingParts) {
    this.#plot = plot;
    this.#content = content;
    this.#ink = ink;
    this.#words = words;
    this.#place = place;
  }

  /** Ink of the curve: a colour each below, in and above the target; the places tell it as well. */
  gradient(): CanvasGradient | string {
    const { ctx, bbox } = this.#plot;
    const { inUnit } = this.#words;
    const { low, high } = TARGET_MG_DL;
    const at = (mgDl: number): number => {
      const y = (this.#plot.valToPos(inUnit(mgDl), 'y', true) - bbox.top) / bbox.height;
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

  /** Draws the target band. */
  drawBand(): void {
    const { ctx, bbox } = this.#plot;
    const { inUnit } = this.#words;
    const top = this.#plot.valToPos(inUnit(TARGET_MG_DL.high), 'y', true);
    const bottom = this.#plot.valToPos(inUnit(TARGET_MG_DL.low), 'y', true);
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

  /** Draws the readings, the marks, and the reading that is pointed at. */
  drawOver(): void {
    const { ctx, bbox } = this.#plot;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width + DOT * devicePixelRatio, bbox.height);
    ctx.clip();
    this.#drawReadings();
    this.#drawMarks();
    this.#drawPlace();
    ctx.restore();
  }

  /** Dots where there is room for them, and LOW and HIGH as arrows in lanes of their own. */
  #drawReadings(): void {
    const { points, span } = this.#content;
    const { ctx } = this.#plot;
    const scale = devicePixelRatio;
    const hasDots = span.toMs - span.fromMs <= DOTS_UP_TO_MS;
    let wordEnd = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < points.xs.length; i++) {
      const reading = points.readings[i];
      if (reading === undefined || !isIn(span, reading)) continue;
      const x = this.#plot.valToPos(reading.utcMs, 'x', true);
      if (reading.status === 'inRange') {
        if (!hasDots) continue;
        ctx.fillStyle = this.#inkOf(reading.mgDl);
        ctx.beginPath();
        ctx.arc(x, this.#y(reading.mgDl), 2.75 * scale, 0, 2 * Math.PI);
        ctx.fill();
        continue;
      }
      const isLow = reading.status === 'low';
      const y = this.#lane(isLow);
      const size = (isLow ? 1 : -1) * (hasDots ? 5 : 4) * scale;
      ctx.fillStyle = isLow ? this.#ink.low : this.#ink.high;
      ctx.beginPath();
      ctx.moveTo(x - Math.abs(size), y - size * 0.8);
      ctx.lineTo(x + Math.abs(size), y - size * 0.8);
      ctx.lineTo(x, y + size);
      ctx.fill();
      if (!hasDots || x < wordEnd) continue;
      const word = isLow ? this.#words.lowWord() : this.#words.highWord();
      ctx.font = `600 ${11 * scale}px system-ui, sans-serif`;
      ctx.textBaseline = 'middle';
      ctx.textAlign = 'right';
      ctx.fillText(word, x - 9 * scale, y);
      wordEnd = x + 60 * scale;
    }
  }

  #drawMarks(): void {
    const { ctx, bbox } = this.#plot;
    const { marks, span } = this.#content;
    const scale = devicePixelRatio;
    const hasAll = span.toMs - span.fromMs <= 4 * DAY_MS;
    let leftOf = Number.NEGATIVE_INFINITY;
    for (const mark of marks) {
      if (!isIn(span, mark)) continue;
      if (!hasAll && mark.kind !== 'sensor') continue;
      const at = this.#plot.valToPos(mark.utcMs, 'x', true);
      const isMeter = mark.kind === 'meter' && mark.value !== undefined;
      const y = isMeter
        ? this.#y(Math.min(HIGHEST_NUMBER, Math.max(LOWEST_NUMBER, mark.value ?? 0)))
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

  #drawPlace(): void {
    const reading =
      this.#place === undefined ? undefined : this.#content.points.readings[this.#place];
    if (reading === undefined) return;
    const { ctx, bbox } = this.#plot;
    const scale = devicePixelRatio;
    const x = this.#plot.valToPos(reading.utcMs, 'x', true);
    const isNumber = reading.status === 'inRange';
    const y = isNumber ? this.#y(reading.mgDl) : this.#lane(reading.status === 'low');
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

  #y(mgDl: number): number {
    return this.#plot.valToPos(this.#words.inUnit(mgDl), 'y', true);
  }

  /** Height at which LOW or HIGH is drawn, in canvas pixels: beyond the numbers. */
  #lane(isLow: boolean): number {
    return isLow
      ? this.#y(LOWEST_NUMBER) + LANES.low * devicePixelRatio
      : this.#y(HIGHEST_NUMBER) - LANES.high * devicePixelRatio;
  }

  #inkOf(mgDl: number): string {
    if (mgDl < TARGET_MG_DL.low) return this.#ink.low;
    return mgDl > TARGET_MG_DL.high ? this.#ink.high : this.#ink.curve;
  }
}
