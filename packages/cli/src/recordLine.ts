import type { RawRecord, ReceiverRecord } from '@egvkit/protocol/receiver';
import { formatGlucose, formatTrend } from './glucose.ts';
import { hex } from './jsonLine.ts';
import { count } from './words.ts';

/** When a record was stored, beside its own numbers. */
export interface RecordTimes {
  /** True UTC, by the clock of this computer (spec/receiver §7.3 A). */
  readonly utc: string;
  /** What the screen showed; no zone, because the receiver knows none. */
  readonly displayTime: string;
}

/** A record as one line for people: its number, when it was stored (UTC), what it says. */
export function recordLine(
  record: ReceiverRecord | RawRecord,
  times: RecordTimes | undefined,
): string {
  const utc = times?.utc.slice(0, 19).replace('T', ' ') ?? '';
  return `${String(record.index).padStart(7)}  ${utc.padEnd(19)}  ${describe(record)}`.trimEnd();
}

function describe(record: ReceiverRecord | RawRecord): string {
  switch (record.kind) {
    case 'egv': {
      const { glucose, trend } = record;
      const value = glucose.special ?? formatGlucose(glucose.value, 'mg/dL');
      const arrow = formatTrend(trend.arrowName === 'unknown' ? undefined : trend.arrowName);
      return list([
        `${value.padStart(4)} ${arrow}`,
        glucose.displayOnly && 'display only',
        glucose.backfilled && 'backfilled',
        trend.calibrationPending && 'calibration pending',
        `noise ${trend.noiseName}`,
      ]);
    }
    case 'sensor':
      return `unfiltered ${record.unfiltered} · filtered ${record.filtered} · rssi ${record.rssi}`;
    case 'calibration':
      return list([
        record.finality.provisional ? 'provisional' : 'final',
        `slope ${record.slope.value}`,
        `intercept ${record.intercept.value}`,
        `scale ${record.scale.value}`,
        count(record.subrecords.points.length, 'meter value'),
      ]);
    case 'insertion':
      return `session ${record.state.name}`;
    case 'meter':
      return `${formatGlucose(record.meterMgDl, 'mg/dL')} by a meter`;
    case 'event': {
      const { type, subType, amount } = record;
      return list([
        type.name,
        subType.raw !== 0 && subType.name,
        amount.value !== null && `${amount.value} ${amount.unit}`,
      ]);
    }
    case 'settings':
      return list([
        `low ${record.lowAlarmMgDl}`,
        `high ${record.highAlarmMgDl}`,
        `display offset ${record.displayOffsetSeconds} s`,
        `transmitter ${record.transmitter.id ?? 'unknown'}`,
        record.language.name,
      ]);
    case 'log':
      return list([
        `${record.category.name} ${record.category.raw}`,
        `code ${record.code}`,
        hex(record.data),
        record.meaning.what !== 'unknown' && record.meaning.what,
      ]);
    case 'xml':
      return record.text;
    case 'aberration':
    case 'receiverError':
      return hex(record.unknown);
    case 'raw':
      return `type ${record.recordType} revision ${record.revision} · ${hex(record.bytes)}`;
  }
}

function list(facts: readonly (string | false)[]): string {
  return facts.filter((fact) => fact !== false).join(' · ');
}
