import { TREND_NAMES } from '@egvkit/protocol';
import { describePageProblem } from '@egvkit/protocol/receiver';
import { type ExpectedReading, expectedReadings, type UploadEvent } from '@egvkit/uploader';
import { formatGlucose, formatTrend, type Unit } from './glucose.ts';
import type { Io } from './io.ts';
import { type Meaning, plotGlucose } from './plot.ts';
import { printable } from './printable.ts';
import type { PreviewReport, ReceiverInfo, SessionView, UploadReport } from './uploadSession.ts';
import { count, describeClockError, describeLeftOut, formatTime, leftOut } from './words.ts';

export interface HumanViewOptions {
  readonly io: Io;
  readonly unit: Unit;
  /** What to say of the receiver besides what it says itself: `emulated`. */
  readonly receiverNote?: string;
  /** Where readings go, for people; undefined if nowhere. */
  readonly service?: string;
}

const LABEL_WIDTH = 11;
const BAR_WIDTH = 24;
const PLOT_HEIGHT = 12;
const WIDEST_PLOT = 100;
const DAY_MS = 86_400_000;
const LARGE_CLOCK_ERROR_SECONDS = 120;

/**
 * Tells a person how an upload goes: on a terminal with a bar that moves, elsewhere in plain
 * lines.
 */
export class HumanView implements SessionView {
  readonly #options: HumanViewOptions;
  /** Whether the last line is one that will be redrawn. */
  #drawn = false;

  constructor(options: HumanViewOptions) {
    this.#options = options;
  }

  receiver({ path, identity, clock, battery }: ReceiverInfo): void {
    const { receiverNote, service } = this.#options;
    const { firmware, serialNumber, transmitterId } = identity;
    const product = firmware?.productName ?? 'Receiver';
    const note = receiverNote === undefined ? '' : ` (${receiverNote})`;
    this.#line('Receiver', printable(`${product}${note} on ${path}`));
    const facts = [
      `serial ${serialNumber ?? 'unknown'}`,
      transmitterId === undefined ? undefined : `transmitter ${transmitterId}`,
      battery.percent === undefined
        ? undefined
        : `battery ${battery.percent} %${battery.state?.name === 'charging' ? ', charging' : ''}`,
    ].filter((fact) => fact !== undefined);
    this.#line('', printable(facts.join(' · ')));
    this.#line('', `clock ${describeClockError(clock.errorSeconds)}`);
    if (Math.abs(clock.errorSeconds) > LARGE_CLOCK_ERROR_SECONDS) {
      this.#line('', "readings are uploaded with the time by this computer's clock");
    }
    if (service !== undefined) this.#line('Share', service);
  }

  uploading(event: UploadEvent): void {
    switch (event.kind) {
      case 'reading':
        if (this.#options.io.isTerminal) this.#redraw('Reading', count(event.records, 'record'));
        break;
      case 'damage': {
        const { page, problem } = event.damage;
        this.#line('Damage', `page ${page} is not whole: ${describePageProblem(problem)}`);
        break;
      }
      case 'planned': {
        const { post, known, found } = event.plan;
        const left = leftOut(event.plan);
        const all = post.length + known.length + found.length;
        const without = Object.keys(left).length > 0 ? `; left out: ${describeLeftOut(left)}` : '';
        this.#line('Reading', `${count(all, 'reading')} of the last 24 h${without}`);
        if (known.length + found.length > 0) {
          this.#line('', `${known.length + found.length} of them are on the service already`);
        }
        break;
      }
      case 'reconciled':
        this.#line(
          'Settled',
          `an interrupted upload: ${event.arrived} had arrived, ${event.again} go out again`,
        );
        break;
      case 'progress':
        this.#progress(event.done, event.total);
        break;
      case 'source':
        break;
    }
  }

  #progress(done: number, total: number): void {
    if (total === 0) {
      if (done === total) this.#line('Uploading', 'nothing new');
      return;
    }
    if (!this.#options.io.isTerminal) {
      if (done > 0) this.#line('Uploading', `${done} of ${total}`);
      return;
    }
    const full = Math.round((done / total) * BAR_WIDTH);
    const bar = `${'█'.repeat(full)}${'░'.repeat(BAR_WIDTH - full)}`;
    this.#redraw('Uploading', `${bar} ${done} of ${total}`);
    if (done === total) this.#settle();
  }

  /** The end of an upload: the check, the plot, the summary. */
  finish({ result, verification }: UploadReport, elapsedMs: number): void {
    const { same, missing, different, notShown } = verification;
    const expected = same + missing.length + different.length;
    const { style } = this.#options.io;
    const held = missing.length + different.length === 0;
    const check = held
      ? style('green', `${count(same, 'reading')} came back with the same value, time and trend`)
      : style('red', `only ${same} of ${count(expected, 'reading')} came back as they are`);
    this.#line('Checking', check);
    for (const { utcMs, value } of missing.slice(0, 5)) {
      this.#line('', `missing: ${this.#glucose(value)} at ${formatTime(utcMs)}`);
    }
    for (const { expected: sent, what } of different.slice(0, 5)) {
      this.#line('', `other ${what}: ${this.#glucose(sent.value)} at ${formatTime(sent.utcMs)}`);
    }
    if (notShown > 0) {
      this.#line('', `${count(notShown, 'reading')} too old for the service to show`);
    }
    this.#plot(expectedReadings(result.plan));
    const already = result.plan.known.length + result.plan.found.length;
    this.#print(
      `${held ? 'Done' : 'Failed'} in ${(elapsedMs / 1000).toFixed(1)} s: ` +
        `${result.posted.length} uploaded, ${already} there before.`,
    );
  }

  /** The end of a dry run: what would be uploaded. */
  finishPreview({ result }: PreviewReport): void {
    const readings = expectedReadings(result.plan);
    this.#plot(readings);
    for (const { utcMs, egv } of result.plan.post) {
      const trend = formatTrend(TREND_NAMES[egv.Trend]);
      this.#print(
        `  ${new Date(utcMs).toISOString()}  ${this.#glucose(egv.Value).padStart(4)} ${trend}`,
      );
    }
    this.#print(`Dry run: ${count(result.plan.post.length, 'reading')} would be uploaded.`);
  }

  #plot(readings: readonly ExpectedReading[]): void {
    const newest = readings.at(-1);
    if (newest === undefined) return;
    const { io, unit } = this.#options;
    const colours: Readonly<Record<Meaning, 'red' | 'green' | 'yellow' | 'dim'>> = {
      below: 'red',
      target: 'green',
      above: 'yellow',
      scale: 'dim',
    };
    const lines = plotGlucose(
      readings.map(({ utcMs, value }) => ({ utcMs, mgDl: value })),
      {
        width: Math.min(io.columns - 1, WIDEST_PLOT),
        height: PLOT_HEIGHT,
        fromMs: newest.utcMs - DAY_MS,
        toMs: newest.utcMs,
        unit,
        formatTime,
        paint: (mark, meaning) => io.style(colours[meaning], mark),
      },
    );
    const now = `${this.#glucose(newest.value)} ${formatTrend(TREND_NAMES[newest.trend])}`;
    this.#print('');
    this.#print(`  ${unit}, the last 24 h; newest ${now} at ${formatTime(newest.utcMs)}`);
    for (const line of lines) this.#print(line);
    this.#print('');
  }

  #glucose(mgDl: number): string {
    return formatGlucose(mgDl, this.#options.unit);
  }

  #line(label: string, text: string): void {
    this.#print(`${this.#label(label)}${text}`);
  }

  #label(label: string): string {
    return this.#options.io.style('bold', label.padEnd(LABEL_WIDTH));
  }

  #print(line: string): void {
    const { io } = this.#options;
    // Over a line that was being redrawn.
    io.draw(`${this.#drawn ? '\r\x1b[2K' : ''}${line}\n`);
    this.#drawn = false;
  }

  #redraw(label: string, text: string): void {
    this.#options.io.draw(`\r\x1b[2K${this.#label(label)}${text}`);
    this.#drawn = true;
  }

  /** Leaves the line that was being redrawn as it is. */
  #settle(): void {
    this.#options.io.draw('\n');
    this.#drawn = false;
  }
}
