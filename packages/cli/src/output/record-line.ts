import type { RawRecord, ReceiverRecord } from '@egvkit/protocol/receiver';
import type { Clock } from '../options/time.ts';
import type { Unit } from '../options/units.ts';
import { formatNumber, formatTrend, formatWithUnit } from './glucose.ts';
import { hex } from './json-line.ts';
import { formatRecordTime, type RecordTimes } from './time.ts';
import { count } from './words.ts';

/** In which unit and by which clock people want a record. */
export interface RecordView {
  readonly unit: Unit;
  readonly clock: Clock;
}

const TIME_WIDTH = '2026-01-31 14:05:00 +01:00*'.length;

/**
 * A record as one line for people: its number, when it was stored (with an asterisk if the true time
 * is shown and in doubt), what it says.
 */
export function recordLine(
  record: ReceiverRecord | RawRecord,
  times: RecordTimes | undefined,
  { unit, clock }: RecordView,
): string {
  const time = times === undefined ? '' : formatRecordTime(times, clock);
  const isDoubtful = times !== undefined && times.timeDoubt !== null && clock !== 'display';
  const begin = `${String(record.index).padStart(7)}  ${`${time}${isDoubtful ? '*' : ''}`.padEnd(TIME_WIDTH)}`;
  return `${begin} ${describe(record, unit)}`.trimEnd();
}

function describe(record: ReceiverRecord | RawRecord, unit: Unit): string {
  switch (record.kind) {
    case 'egv': {
      const { glucose, trend } = record;
      const arrow = formatTrend(trend.arrow.name === 'unknown' ? undefined : trend.arrow.name);
      return list([
        `${formatWithUnit(glucose.value, unit)} ${arrow}`.trimEnd(),
        glucose.displayOnly && 'display only',
        glucose.backfilled && 'backfilled',
        trend.calibrationPending && 'calibration pending',
        `noise ${trend.noise.name}`,
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
      // A meter measures below 40 and above 400: LOW and HIGH are the sensor's.
      return `${formatNumber(record.meterMgDl, unit)} ${unit} by a meter`;
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
        `low ${formatNumber(record.lowAlarmMgDl, unit)}`,
        `high ${formatNumber(record.highAlarmMgDl, unit)} ${unit}`,
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
