import { glucoseStatus } from '@egvkit/protocol';
import type { Unit } from '../../options/units.ts';
import { formatTrend, formatWithUnit } from '../../output/glucose.ts';
import { printable } from '../../output/printable.ts';
import { formatTime } from '../../output/time.ts';
import type { NewestReading, SeenReceiver, SilentReceiver } from './found.ts';

/** A receiver as a line: port, product, serial number and newest reading, or the reason for none. */
export function seenLine(seen: SeenReceiver | SilentReceiver, unit: Unit): string {
  const facts =
    'problem' in seen
      ? [seen.problem.message]
      : [
          seen.product ?? 'unknown product',
          seen.serialNumber ?? 'unknown serial number',
          seen.newest === null ? 'no readings' : newestText(seen.newest, unit),
        ];
  return printable([seen.path, ...facts].join('  '));
}

function newestText({ utcMs, timeDoubt, value, trend }: NewestReading, unit: Unit): string {
  const doubt = timeDoubt === null ? '' : '*';
  const arrow = glucoseStatus(value) === 'special' ? '' : formatTrend(trend);
  return `${formatTime(utcMs)}${doubt}  ${formatWithUnit(value, unit)} ${arrow}`.trimEnd();
}
