import { type FoundReceivers, findReceivers } from '@egvkit/receiver-serial';
import { ReceiverChoiceError } from '../../errors/receiver-choice-error.ts';
import type { Io } from '../../io/io.ts';
import { openBySerial } from '../../io/serial-choice.ts';
import { AUTO, type ReceiverOptions } from '../../options/port.ts';
import { type CheckResult, failedBy, ok, warn } from './check.ts';
import { receiverCheck } from './receiver-checks.ts';
import { usbDevices } from './usb-devices.ts';

/** Outcome of the search for the receiver that is used. */
interface Search {
  readonly result: CheckResult;
  /** Its port; undefined if it is not known which one. */
  readonly path: string | undefined;
}

/** Looks for the receiver that the options name, or for the only one. Opens ports only to compare serial numbers. */
export async function lookForReceiver({ port, serial }: ReceiverOptions, io: Io): Promise<Search> {
  const named = port === AUTO ? undefined : port;
  if (serial === undefined && named !== undefined) {
    return { path: named, result: ok(`Its port is named: ${named}.`) };
  }
  let path = named;
  try {
    if (named === undefined) {
      const found = await findReceivers();
      path = onlyPath(found);
      if (serial === undefined || found.receivers.length === 0) {
        return { path, result: receiverCheck(found, await usbDevices()) };
      }
    }
    return await lookForSerial(serial ?? '', named, io);
  } catch (error) {
    const result = silenceOf(error) ?? failedBy(error, io);
    return { path: result.state === 'warn' ? path : undefined, result };
  }
}

function onlyPath({ receivers: [first, second] }: FoundReceivers): string | undefined {
  return second === undefined ? first?.path : undefined;
}

async function lookForSerial(serial: string, path: string | undefined, io: Io): Promise<Search> {
  // One attempt: busy, as while the service reads it, is an answer too.
  const transport = await openBySerial(serial, path, io, 1)();
  await transport.close();
  return { path: transport.path, result: ok(`The receiver ${serial} is on ${transport.path}.`) };
}

const READ_RIGHT_NOW =
  'If the service reads it right now, that is as it should be: look again in a minute. Else close what ' +
  'other software uses the port.';

/** Result for a search in which a receiver could not be asked, and may be the right one. */
function silenceOf(error: unknown): CheckResult | undefined {
  if (!(error instanceof ReceiverChoiceError)) return undefined;
  const { serial, asked } = error.data as ReceiverChoiceError['data'];
  const problems = asked.flatMap(({ problem }) => problem ?? []);
  if (problems.length === 0) return undefined;
  return warn(
    `A receiver cannot be asked if it is ${serial}: ${problems.join(' ')}`,
    READ_RIGHT_NOW,
  );
}
