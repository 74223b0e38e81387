import { glucoseStatus, mmolPerL } from '@egvkit/protocol';
import { findReceivers } from '@egvkit/receiver-serial';
import type { Io } from '../../io/io.ts';
import { DEFAULT_UNIT, type Unit } from '../../options/units.ts';
import { EXIT, type ExitCode } from '../../output/exit-codes.ts';
import { specialName } from '../../output/glucose.ts';
import { jsonLine } from '../../output/json-line.ts';
import { TIME_DOUBT_LEGEND } from '../../output/time.ts';
import { count } from '../../output/words.ts';
import { askFound, type NewestReading, type SeenReceiver, type SilentReceiver } from './found.ts';
import { seenLine } from './seen-line.ts';

interface ReceiversOptions {
  readonly units?: Unit | undefined;
  readonly json?: true | undefined;
}

/** Lists the receivers that are plugged in, and asks each who it is. One that is silent is a line. */
export async function listReceivers(
  { units: unit = DEFAULT_UNIT, json }: ReceiversOptions,
  io: Io,
): Promise<ExitCode> {
  const { receivers, unsupported, unidentified, portsSeen } = await findReceivers();
  const seen = await Promise.all(receivers.map((found) => askFound(found, io)));
  if (json) {
    io.write(jsonLine({ receivers: seen.map(seenJson), unsupported, unidentified, portsSeen }));
    return EXIT.ok;
  }
  for (const one of seen) io.write(`${seenLine(one, unit)}\n`);
  for (const { path, product } of unsupported) io.write(`${path}  ${product}: not supported\n`);
  for (const path of unidentified) {
    io.write(`${path}  not told by the system; if it is a receiver, try --port ${path}\n`);
  }
  if (seen.some((one) => 'newest' in one && one.newest?.timeDoubt)) {
    io.write(`${TIME_DOUBT_LEGEND}\n`);
  }
  if (receivers.length + unsupported.length + unidentified.length === 0) {
    io.write(`No receiver among ${count(portsSeen, 'serial port')}.\n`);
  }
  return EXIT.ok;
}

function seenJson(seen: SeenReceiver | SilentReceiver): object {
  const { path, manufacturer, pnpId } = seen;
  const known = 'problem' in seen ? undefined : seen;
  const problem = 'problem' in seen ? seen.problem : undefined;
  return {
    path,
    manufacturer,
    pnpId,
    product: known?.product,
    serialNumber: known?.serialNumber,
    newestReading: known?.newest && newestJson(known.newest),
    problem: problem && {
      code: problem.code,
      message: problem.message,
      help: problem.help,
      retryable: problem.retryable,
    },
  };
}

function newestJson({ utcMs, timeDoubt, value, trend }: NewestReading): object {
  const status = glucoseStatus(value);
  const isGlucose = status !== 'special';
  return {
    time: new Date(utcMs).toISOString(),
    timeDoubt,
    mgDl: isGlucose ? value : null,
    mmolL: isGlucose ? mmolPerL(value) : null,
    status,
    special: specialName(value),
    trend,
  };
}
