import { layout, raw, u8 } from '../../layout.ts';
import { type Named, named, namedField } from '../../named.ts';
import type { TrendName } from '../../trend.ts';
import { TREND_NAMES } from '../../trend.ts';
import { LOG_CATEGORIES, POWER_CODES, SCREEN_CODES, SESSION_CODES } from '../enumerations.ts';
import { type AboutFormat, laidOut, PREFIX, type RecordBase, type RecordFormat } from './record.ts';

/** The name of what an entry tells. All names are ours. */
export type LogEntryName =
  // receiver §12.10
  | (typeof SCREEN_CODES)[keyof typeof SCREEN_CODES]
  | (typeof SESSION_CODES)[keyof typeof SESSION_CODES]
  | (typeof POWER_CODES)[keyof typeof POWER_CODES]
  | 'popUp'
  | 'unknown';

/** Meaning of an entry, where that is known. */
export type LogMeaning =
  | {
      readonly what: 'trendScreenShown';
      /** mg/dL or a special code, as on the screen; may differ from the stored reading. */
      readonly shownGlucose: number;
      readonly arrow: Named<TrendName>;
      readonly icon: number;
    }
  | {
      readonly what: 'batterySample';
      /** Positive while charging; possibly milliamperes. */
      readonly current: number;
      readonly percent: number;
    }
  | { readonly what: Exclude<LogEntryName, 'trendScreenShown'> };

/** An entry of the diagnostic trace of keys, screens and power. */
export interface LogRecord extends RecordBase {
  // receiver §5.8
  readonly kind: 'log';
  readonly category: Named<(typeof LOG_CATEGORIES)[keyof typeof LOG_CATEGORIES]>;
  /** Its meaning depends on the category; a measured value in battery entries. */
  readonly code: number;
  /** Eight bytes, zero unless the meaning says otherwise. */
  readonly data: Uint8Array;
  /** Worked out from the three above. */
  readonly meaning: LogMeaning;
}

const LAYOUT = layout({
  ...PREFIX,
  category: namedField(u8, LOG_CATEGORIES),
  code: u8,
  data: raw(8),
});

/** Pop-up messages have this bit (inferred). */
const POP_UP = 0x80; // receiver §12.10

/** Decodes a log entry, as far as its meaning is known. */
export function logMeaning(category: number, code: number, data: Uint8Array): LogMeaning {
  switch (named(LOG_CATEGORIES, category).name) {
    case 'screen': {
      if (code >= POP_UP) return { what: 'popUp' };
      const { name } = named(SCREEN_CODES, code);
      if (name !== 'trendScreenShown') return { what: name };
      return {
        what: name,
        shownGlucose: data[0]! | (data[1]! << 8),
        arrow: named(TREND_NAMES, data[2]!),
        icon: data[3]!,
      };
    }
    case 'sensorSession':
      return { what: named(SESSION_CODES, code).name };
    case 'externalPower':
      return { what: named(POWER_CODES, code).name };
    case 'battery': {
      const current = ((data[0]! | (data[1]! << 8)) << 16) >> 16;
      return { what: 'batterySample', current, percent: data[3]! };
    }
    case 'unknown':
      return { what: 'unknown' };
  }
}

export const LOG_FORMATS: readonly RecordFormat<LogRecord>[] = [
  {
    ...laidOut(LAYOUT),
    recordTypes: [8],
    revisions: { from: 1, to: 1 },
    read(bytes, base, origin) {
      const fields = LAYOUT.read(bytes, base);
      const meaning = logMeaning(fields.category.raw, fields.code, fields.data);
      return { kind: 'log', ...origin, ...fields, meaning };
    },
  },
];

const WORDS = {
  code: 'code; depends on the category',
  category: 'category',
  data: 'data; depends on the code',
} as const;

/** Facts about these layouts by their names, in their order. */
export const about = {
  'Receiver log': {
    doc: 'A diagnostic trace of key presses, screens and power events.',
    evidence: 'captured',
    source: '§5.8, §12.10',
    words: WORDS,
  },
} as const satisfies Record<string, AboutFormat>;
