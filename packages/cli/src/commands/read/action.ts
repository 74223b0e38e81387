import { type ClockObservation, systemTimeToUtcMs, wallClock } from '@egvkit/protocol';
import {
  describePageProblem,
  type RawRecord,
  type ReceiverRecord,
} from '@egvkit/protocol/receiver';
import { type DamageReport, Receiver } from '@egvkit/receiver';
import { fileDeviceMemory } from '../../io/device-memory.ts';
import type { Io } from '../../io/io.ts';
import { portOpener } from '../../io/port.ts';
import { stateFolder } from '../../io/state-path.ts';
import type { ReceiverOptions } from '../../options/port.ts';
import type { Clock } from '../../options/time.ts';
import { DEFAULT_UNIT, type Unit } from '../../options/units.ts';
import { EXIT, type ExitCode } from '../../output/exit-codes.ts';
import { hostClockWarning } from '../../output/host-clock-warning.ts';
import { jsonLine } from '../../output/json-line.ts';
import { recordLine } from '../../output/record-line.ts';
import { type RecordTimes, TIME_DOUBT_LEGEND, type TimeDoubt } from '../../output/time.ts';
import { recordTypeNamed } from './record-type.ts';
import { askTimeDoubts } from './time-doubt.ts';

interface ReadOptions extends ReceiverOptions {
  readonly since?: Date;
  readonly time?: Clock;
  readonly units?: Unit;
  readonly json?: true;
}

/** Reads the records of one type, oldest first. Ends with `damaged` if any of them was. */
export async function readRecords(
  type: string,
  { since, time: clock = 'local', units: unit = DEFAULT_UNIT, json, ...choice }: ReadOptions,
  io: Io,
): Promise<ExitCode> {
  const recordType = recordTypeNamed(type);
  const { signal } = io;
  const transport = await portOpener(choice, io)();
  await using receiver = await Receiver.open(transport, {
    signal,
    memory: fileDeviceMemory(stateFolder(io.env)),
  });
  const observed = await receiver.clock({ signal });
  const warning = hostClockWarning(observed);
  if (warning !== undefined) io.writeError(`${warning}\n`);
  const doubtsOf = await askTimeDoubts(receiver, { recordType, clock: observed, since, signal });

  const records: (ReceiverRecord | RawRecord)[] = [];
  let damages = 0;
  const onDamage = (damage: DamageReport): void => {
    damages++;
    if (json) io.write(jsonLine(damageObject(damage)));
    else io.writeError(`${describeDamage(damage)}.\n`);
  };
  const order = 'oldestFirst';
  const options = { order, signal, onDamage, ...(since && { since }) } as const;
  try {
    // A later record may show that the clock lost time after an earlier one.
    for await (const record of receiver.records(recordType, options)) records.push(record);
  } finally {
    const doubts = doubtsOf(records);
    for (const record of records) {
      const times = timesOf(record, observed, doubts.get(record) ?? null);
      io.write(
        json
          ? jsonLine({ ...record, ...times })
          : `${recordLine(record, times, { unit, clock })}\n`,
      );
    }
    if (doubts.size > 0 && clock !== 'display' && !json) io.write(`${TIME_DOUBT_LEGEND}\n`);
  }
  if (records.length === 0 && !json) io.write('No records.\n');
  return damages === 0 ? EXIT.ok : EXIT.damaged;
}

/** Times of a record; undefined for a record of an unknown layout. */
function timesOf(
  record: ReceiverRecord | RawRecord,
  clock: ClockObservation,
  timeDoubt: TimeDoubt | null,
): RecordTimes | undefined {
  if (record.kind === 'raw') return undefined;
  return {
    utc: new Date(systemTimeToUtcMs(record.systemSeconds, clock)).toISOString(),
    displayTime: wallClock(record.displaySeconds),
    timeDoubt,
  };
}

function damageObject({ recordType, page, problem }: DamageReport): object {
  return { kind: 'damage', recordType, page, reason: describePageProblem(problem), problem };
}

function describeDamage({ page, problem }: DamageReport): string {
  return `Page ${page} is not whole: ${describePageProblem(problem)}`;
}
