import { measurementOf } from '@egvkit/protocol';
import { describePageProblem } from '@egvkit/protocol/receiver';
import { type ExpectedReading, expectedReadings, type UploadEvent } from '@egvkit/uploader';
import type {
  PreviewReport,
  ReceiverInfo,
  SessionView,
  UploadReport,
} from '../commands/upload/session.ts';
import type { Io } from '../io/io.ts';
import type { DestinationName } from '../options/destination.ts';
import type { Unit } from '../options/units.ts';
import { formatGlucose, formatTrend, formatWithUnit } from './glucose.ts';
import { type Meaning, plotGlucose } from './plot.ts';
import { printable } from './printable.ts';
import { formatHour, formatTime, offsetAt } from './time.ts';
import { count, describeClockError, describeLeftOut, HOST_CLOCK, leftOut } from './words.ts';

export interface UploadViewOptions {
  readonly io: Io;
  readonly unit: Unit;
  /** Note shown beside the receiver's name, such as `emulated`. */
  readonly receiverNote?: string;
  /** Age of the oldest reading that is uploaded, ms; a day if left out. */
  readonly windowMs?: number | undefined;
  /** Share if left out. */
  readonly name?: DestinationName;
  /** Address of the destination for people; undefined if nothing is uploaded. */
  readonly service?: string;
}

const LABELS: Readonly<Record<DestinationName, string>> = {
  share: 'Share',
  nightscout: 'Nightscout',
};
const LABEL_WIDTH = 11;
const BAR_WIDTH = 24;
const PLOT_HEIGHT = 12;
const WIDEST_PLOT = 100;
const DAY_MS = 86_400_000;
const LARGE_CLOCK_ERROR_SECONDS = 120;

/** `24 h`, `7 days`. */
function spanOf(ms: number): string {
  return ms > 2 * DAY_MS ? `${ms / DAY_MS} days` : `${ms / 3_600_000} h`;
}

/**
 * Tells a person how an upload goes: on a terminal with a bar that moves, elsewhere in plain
 * lines.
 */
export class UploadView implements SessionView {
  readonly #options: UploadViewOptions;

  constructor(options: UploadViewOptions) {
    this.#options = options;
  }

  receiver({ path, identity, clock, battery }: ReceiverInfo): void {
    const { receiverNote, name, service } = this.#options;
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
    // Only an upload has asked a service for the time.
    const beside = service === undefined ? HOST_CLOCK : 'UTC';
    this.#line('', `clock ${describeClockError(clock.errorSeconds, beside)}`);
    if (Math.abs(clock.errorSeconds) > LARGE_CLOCK_ERROR_SECONDS) {
      this.#line('', `readings get the time by ${beside}, not by the receiver's clock`);
    }
    if (service !== undefined) this.#line(LABELS[name ?? 'share'], service);
  }

  uploading(event: UploadEvent): void {
    switch (event.kind) {
      case 'reading':
        this.#show('Reading', count(event.records, 'record'));
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
        this.#line(
          'Reading',
          `${count(all, 'reading')} of the last ${spanOf(this.#options.windowMs ?? DAY_MS)}${without}`,
        );
        if (known.length + found.length > 0) {
          this.#line('', `${known.length + found.length} of them are on the service already`);
        }
        break;
      }
      case 'others': {
        const { copies, fresh } = event.others;
        if (copies.length > 0) {
          const there = count(copies.length, 'copy', 'copies');
          this.#line('Others', `another device publishes the same sensor: ${there} there`);
        }
        const newest = fresh.at(-1);
        if (newest !== undefined) {
          const there = `${count(fresh.length, 'fresh reading')} that this receiver does not have`;
          const last = `${this.#glucose(newest.value)} at ${formatTime(newest.utcMs)}`;
          this.#line('Others', `${there}, the last ${last}: another device publishes too`);
        }
        break;
      }
      case 'reconciled':
        this.#line(
          'Settled',
          `an interrupted upload: ${event.arrived} are there, ${event.again} go out again`,
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
    const numbers = `${done} of ${total}`;
    // As wide as it fits: a line that is broken cannot be drawn over.
    const room = this.#room - `${total} of ${total}`.length - 1;
    const width = Math.max(0, Math.min(BAR_WIDTH, room));
    const full = Math.round((done / total) * width);
    this.#show(
      'Uploading',
      `${'█'.repeat(full)}${'░'.repeat(width - full)} ${numbers}`.trimStart(),
    );
    if (done === total) this.#options.io.progress.end();
  }

  /** The end of an upload: the check, the plot, the summary. */
  finish({ result, verification }: UploadReport, elapsedMs: number): void {
    const { same, byOthers, missing, different, notShown } = verification;
    const expected = same + byOthers + missing.length + different.length;
    const { style } = this.#options.io;
    const held = missing.length + different.length === 0;
    const check = held
      ? style('green', `${count(same, 'reading')} came back with the same value, time and trend`)
      : style(
          'red',
          `only ${same + byOthers} of ${count(expected, 'reading')} came back as they are`,
        );
    this.#line('Checking', check);
    for (const { utcMs, value } of missing.slice(0, 5)) {
      this.#line('', `missing: ${this.#glucose(value)} at ${formatTime(utcMs)}`);
    }
    for (const { expected: sent, what } of different.slice(0, 5)) {
      this.#line('', `other ${what}: ${this.#glucose(sent.value)} at ${formatTime(sent.utcMs)}`);
    }
    if (byOthers > 0) {
      this.#line('', `${count(byOthers, 'reading')} there as another device published them`);
    }
    if (result.open.length > 0) {
      const open = count(result.open.length, 'reading');
      this.#line('', `${open} not known to be there or not: the next upload asks again`);
    }
    if (notShown > 0) {
      this.#line('', `${count(notShown, 'reading')} too old for the service to show`);
    }
    this.#plot(expectedReadings(result.plan));
    const { plan, foundMeanwhile } = result;
    const already = plan.known.length + plan.found.length + foundMeanwhile.length;
    this.#print(
      `${held ? 'Done' : 'Failed'} in ${(elapsedMs / 1000).toFixed(1)} s: ` +
        `${result.posted.length} uploaded, ${already} there before.`,
    );
  }

  /** The end of a dry run: what would be uploaded. */
  finishPreview({ result }: PreviewReport): void {
    const readings = expectedReadings(result.plan);
    this.#plot(readings);
    for (const { utcMs, value, trend: sent } of result.plan.post) {
      const trend = formatTrend(sent.name);
      this.#print(
        `  ${formatTime(utcMs)}  ${formatWithUnit(value, this.#options.unit)} ${trend}`.trimEnd(),
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
    const lines = plotGlucose(readings.map(measurementOf), {
      width: Math.min(io.columns - 1, WIDEST_PLOT),
      height: PLOT_HEIGHT,
      fromMs: newest.utcMs - DAY_MS,
      toMs: newest.utcMs,
      unit,
      formatTime: formatHour,
      paint: (mark, meaning) => io.style(colours[meaning], mark),
    });
    const now = `${this.#glucose(newest.value)} ${formatTrend(newest.trend.name)}`;
    this.#print('');
    this.#print(`  ${unit}, the last 24 h, times ${offsetAt(newest.utcMs)}`);
    this.#print(`  newest ${now} at ${formatTime(newest.utcMs)}`);
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
    io.progress.clear();
    io.draw(`${line}\n`);
  }

  /** Columns that are left for a progress line behind its label. */
  get #room(): number {
    return this.#options.io.columns - 1 - LABEL_WIDTH;
  }

  #show(label: string, text: string): void {
    this.#options.io.progress.show(`${this.#label(label)}${text.slice(0, this.#room)}`);
  }
}
