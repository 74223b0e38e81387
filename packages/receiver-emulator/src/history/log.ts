import type { EgvRecord, LogRecord } from '@egvkit/protocol/receiver';
import { LOG_CATEGORIES, logMeaning, named } from '@egvkit/protocol/receiver/wire';
import type { Random } from '../random.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, type Timeline } from './timeline.ts';

const SCREEN = 9;
const SESSION = 16;
const BATTERY = 18;
const POWER = 22;

// Of screen entries (§12.10).
const TREND_SCREEN = 0x01;
const MENU = 0x06;
const DISPLAY_OFF = 0x3b;
const METER_CONFIRMED = 0x0a;
const CARBOHYDRATE_DIALOGUE = [0x11, 0x12, 0x13] as const;
const INSULIN_DIALOGUE = [0x14, 0x15, 0x16] as const;
const CHARGING_POP_UP = 0x94;

/** Glucose and icon on the screen for a state in place of a value. */
const NO_SESSION = { glucose: 1, icon: 14 } as const; // receiver §12.10
const JUST_STARTED = { glucose: 3, icon: 12 } as const;
const DISPLAY_OFF_AFTER_MS = 30_000;

/** Further back than the ring of the log reaches. */
const REACHES_BACK_MS = 4 * DAY_MS;

interface Entry {
  readonly atMs: number;
  readonly category: number;
  readonly code: number;
  readonly data?: readonly number[];
}

/** The diagnostic trace: screens, dialogues, sessions, battery and power. */
export class ReceiverLog {
  // receiver §5.8, §12.10
  readonly #timeline: Timeline;
  readonly #random: Random;
  readonly #sinceMs: number;
  #due: Entry[] = [];
  #looksAtMs: number;
  #chargesAtMs: number;
  #batteryPercent = 84;
  /** Nothing older is written any more: entries ascend. */
  #writtenMs: number;

  constructor(timeline: Timeline) {
    this.#timeline = timeline;
    this.#random = timeline.random(50);
    this.#sinceMs = Math.max(timeline.fromMs, timeline.endMs - REACHES_BACK_MS);
    this.#writtenMs = this.#sinceMs;
    this.#looksAtMs = this.#sinceMs + this.#random.integer(1, 10) * MINUTE_MS;
    this.#chargesAtMs = this.#sinceMs + this.#random.integer(2, 20) * HOUR_MS;
  }

  /** A meter value was stored. */
  meterConfirmed(atMs: number): void {
    this.#screen(atMs - 8000, MENU);
    this.#screen(atMs, METER_CONFIRMED);
  }

  /** Carbohydrates or insulin were noted, at the end of their dialogue. */
  noted(atMs: number, what: 'carbohydrates' | 'insulin'): void {
    const codes = what === 'insulin' ? INSULIN_DIALOGUE : CARBOHYDRATE_DIALOGUE;
    for (const [i, code] of codes.entries()) this.#screen(atMs - (2 - i) * 3000, code);
  }

  session(atMs: number, starts: boolean): void {
    this.#add({ atMs, category: SESSION, code: starts ? 3 : 1 });
    if (starts) this.#shows(atMs + 1000, JUST_STARTED.glucose, 0, JUST_STARTED.icon);
  }

  /**
   * The entries until `toMs`, in order.
   *
   * @param newest the reading on the screen; undefined while no session runs
   */
  until(toMs: number, newest: EgvRecord | undefined): readonly LogRecord[] {
    if (toMs <= this.#sinceMs) {
      this.#due = [];
      return [];
    }
    while (this.#looksAtMs <= toMs) {
      const { glucose, icon } = NO_SESSION;
      if (newest === undefined) this.#shows(this.#looksAtMs, glucose, 0, icon);
      else this.#shows(this.#looksAtMs, newest.glucose.value, newest.trend.arrow.raw, 0);
      this.#looksAtMs += this.#random.integer(1, 9) * MINUTE_MS;
    }
    while (this.#chargesAtMs <= toMs) this.#charge(this.#chargesAtMs);
    const due = this.#due.filter(({ atMs }) => atMs <= toMs);
    this.#due = this.#due.filter(({ atMs }) => atMs > toMs);
    const records = due
      .map((entry) => ({ ...entry, atMs: Math.max(entry.atMs, this.#writtenMs) }))
      .sort((a, b) => a.atMs - b.atMs)
      .map((entry) => this.#record(entry));
    this.#writtenMs = toMs;
    return records;
  }

  /** The receiver was off until then: nothing is written. */
  skip(toMs: number): void {
    this.until(toMs, undefined);
  }

  #charge(atMs: number): void {
    const endMs = atMs + 2 * HOUR_MS;
    this.#add({ atMs, category: POWER, code: 1 });
    this.#screen(atMs + 1000, CHARGING_POP_UP);
    this.#battery(atMs + MINUTE_MS, 180);
    this.#batteryPercent = 100;
    this.#battery(endMs - MINUTE_MS, 40);
    this.#add({ atMs: endMs, category: POWER, code: 2 });
    this.#batteryPercent = 84;
    this.#chargesAtMs = atMs + 20 * HOUR_MS + this.#random.integer(0, 8) * HOUR_MS;
  }

  #battery(atMs: number, current: number): void {
    const data = [current & 0xff, (current >> 8) & 0xff, 3, this.#batteryPercent];
    this.#add({ atMs, category: BATTERY, code: this.#random.integer(0, 255), data });
  }

  #shows(atMs: number, glucose: number, arrow: number, icon: number): void {
    this.#screen(atMs, TREND_SCREEN, [glucose & 0xff, glucose >> 8, arrow, icon]);
    this.#screen(atMs + DISPLAY_OFF_AFTER_MS, DISPLAY_OFF);
  }

  #screen(atMs: number, code: number, data?: readonly number[]): void {
    this.#add({ atMs, category: SCREEN, code, ...(data && { data }) });
  }

  #add(entry: Entry): void {
    this.#due.push(entry);
  }

  #record({ atMs, category, code, data = [] }: Entry): LogRecord {
    const bytes = new Uint8Array(8);
    bytes.set(data);
    return {
      kind: 'log',
      recordType: 8,
      revision: 1,
      index: 0,
      ...this.#timeline.stamp(atMs),
      category: named(LOG_CATEGORIES, category),
      code,
      data: bytes,
      meaning: logMeaning(category, code, bytes),
    };
  }
}
