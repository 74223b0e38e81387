import { type ClockObservation, systemTimeToUtcMs, wallClock } from '@egvkit/protocol';
import {
  describePageProblem,
  type RawRecord,
  type ReceiverRecord,
} from '@egvkit/protocol/receiver';
import { type DamageReport, Receiver } from '@egvkit/receiver';
import { fileDeviceMemory } from './deviceMemory.ts';
import { EXIT, type ExitCode } from './failure.ts';
import type { Io } from './io.ts';
import { jsonLine } from './jsonLine.ts';
import { portOpener } from './port.ts';
import { chooseSince, chooseType } from './readOptions.ts';
import { type RecordTimes, recordLine } from './recordLine.ts';
import { stateFolder } from './statePath.ts';
import { parseWords } from './uploadOptions.ts';

const FLAGS = {
  port: { type: 'string' },
  since: { type: 'string' },
  json: { type: 'boolean' },
  verbose: { type: 'boolean' },
} as const;

/** Reads the records of one type, oldest first. Ends with 1 if any of them was damaged. */
export async function readCommand(args: readonly string[], io: Io): Promise<ExitCode> {
  const { values, words } = parseWords(args, FLAGS);
  const recordType = chooseType(words);
  const since = chooseSince(values.since, Date.now());
  const { signal } = io;
  const transport = await portOpener(values.port, io)();
  await using receiver = await Receiver.open(transport, {
    signal,
    memory: fileDeviceMemory(stateFolder(io.env)),
  });
  const clock = await receiver.clock({ signal });

  let records = 0;
  let damages = 0;
  const onDamage = (damage: DamageReport): void => {
    damages++;
    if (values.json) io.write(jsonLine(damageObject(damage)));
    else io.writeError(`${describeDamage(damage)}.\n`);
  };
  const order = 'oldestFirst';
  const options = { order, signal, onDamage, ...(since && { since }) } as const;
  for await (const record of receiver.records(recordType, options)) {
    records++;
    const times = timesOf(record, clock);
    io.write(values.json ? jsonLine({ ...record, ...times }) : `${recordLine(record, times)}\n`);
  }
  if (records === 0 && !values.json) io.write('No records.\n');
  return damages === 0 ? EXIT.ok : EXIT.failed;
}

/** None for a record whose layout nobody knows. */
function timesOf(
  record: ReceiverRecord | RawRecord,
  clock: ClockObservation,
): RecordTimes | undefined {
  if (record.kind === 'raw') return undefined;
  return {
    utc: new Date(systemTimeToUtcMs(record.systemSeconds, clock)).toISOString(),
    displayTime: wallClock(record.displaySeconds),
  };
}

function damageObject({ recordType, page, problem }: DamageReport): object {
  return { kind: 'damage', recordType, page, reason: describePageProblem(problem), problem };
}

function describeDamage({ page, problem }: DamageReport): string {
  return `Page ${page} is not whole: ${describePageProblem(problem)}`;
}
