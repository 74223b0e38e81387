import { mmolPerL } from '@egvkit/protocol';
import type { History } from './reading.ts';

/** Origin of saved readings: the receiver, and the time of saving. */
export interface ExportOrigin {
  readonly product: string | undefined;
  readonly serialNumber: string | undefined;
  /** Made up, for trying out. */
  readonly isEmulated: boolean;
  /** Unix milliseconds. */
  readonly savedMs: number;
}

const HEAD = 'time_utc,kind,mg_dl,mmol_l,trend,value,detail';

/** LOW and HIGH have no number; their kind says what they are. */
const KINDS = { inRange: 'glucose', low: 'glucose_low', high: 'glucose_high' } as const;

const isoOf = (utcMs: number): string => new Date(utcMs).toISOString();

/** Readings and marks as CSV (RFC 4180), oldest first, one line each. Nothing in it needs quotes. */
export function csvOf({ readings, marks }: History): string {
  const lines = [
    ...readings.map(({ utcMs, mgDl, status, trend }) => {
      const isNumber = status === 'inRange';
      const values = isNumber ? [mgDl, mmolPerL(mgDl).toFixed(1)] : ['', ''];
      return { utcMs, line: [isoOf(utcMs), KINDS[status], ...values, trend ?? '', '', ''] };
    }),
    ...marks.map(({ utcMs, kind, value, detail }) => {
      const isMeter = kind === 'meter' && value !== undefined;
      const values = isMeter ? [value, mmolPerL(value).toFixed(1)] : ['', ''];
      const other = isMeter ? '' : (value ?? '');
      return { utcMs, line: [isoOf(utcMs), kind, ...values, '', other, detail ?? ''] };
    }),
  ].sort((a, b) => a.utcMs - b.utcMs);
  return [HEAD, ...lines.map(({ line }) => line.join(','))].map((line) => `${line}\r\n`).join('');
}

/** The same as JSON, with where it comes from. */
export function jsonOf({ readings, marks }: History, origin: ExportOrigin): string {
  const { product = null, serialNumber = null, isEmulated, savedMs } = origin;
  return `${JSON.stringify(
    {
      format: 'egvkit readings',
      version: 1,
      savedUtc: isoOf(savedMs),
      receiver: { product, serialNumber, isEmulated },
      readings: readings.map(({ utcMs, mgDl, status, trend = null }) => ({
        utc: isoOf(utcMs),
        mgDl: status === 'inRange' ? mgDl : null,
        status,
        trend,
      })),
      events: marks.map(({ utcMs, kind, value = null, detail = null }) => ({
        utc: isoOf(utcMs),
        kind,
        value,
        detail,
      })),
    },
    null,
    2,
  )}\n`;
}
