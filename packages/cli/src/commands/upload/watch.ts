import { Receiver } from '@egvkit/receiver';
import { type KeepStatus, KeptRecords, keepUploading, receiverSource } from '@egvkit/uploader';
import { fileDeviceMemory } from '../../io/device-memory.ts';
import { Interrupted } from '../../io/interrupted.ts';
import type { Io } from '../../io/io.ts';
import { portOpener } from '../../io/port.ts';
import { stateFolder } from '../../io/state-path.ts';
import { readStatus, statusAbout, type Targets, writeStatus } from '../../io/status-file.ts';
import { DEFAULT_UNIT } from '../../options/units.ts';
import type { UploadOptions } from '../../options/upload.ts';
import { UsageError } from '../../options/usage.ts';
import { EXIT, type ExitCode } from '../../output/exit-codes.ts';
import { WatchJson, WatchView } from '../../output/watch-view.ts';
import { type OpenedDestination, openDestinations } from './destinations.ts';
import { journalOpener } from './journal-file.ts';
import { lockWatch } from './watch-lock.ts';

/** Time that what is under way has to come to an end when the command is stopped, ms. */
const STOP_WITHIN_MS = 1500;

/** Uploads until it is stopped; tells of changes, and keeps the status for `egvkit status`. */
export async function watch(options: UploadOptions, io: Io): Promise<ExitCode> {
  if (options.dryRun) throw new UsageError('Give either --watch or --dry-run, not both.');
  if (options.assignReceiver) {
    throw new UsageError('Give either --watch or --assign-receiver, not both.', {
      help: ['Assign the receiver once, by an upload without --watch or by egvkit setup.'],
    });
  }
  const folder = stateFolder(io.env);
  const destinations = await openDestinations(options, io, { isUnattended: true });
  await using _lock = await lockWatch(folder);
  const view = options.json
    ? new WatchJson(io)
    : new WatchView({ io, unit: options.units ?? DEFAULT_UNIT, isQuiet: options.quiet ?? false });
  const targets = await targetsOf(destinations);
  const memory = fileDeviceMemory(folder);
  const kept = new KeptRecords();
  const ended = keepUploading({
    async source({ signal }) {
      // It is tried again later anyway, and then the ports are listed anew.
      const transport = await portOpener(options, { ...io, signal }, { attempts: 1 })();
      const receiver = await Receiver.open(transport, { signal, memory });
      return {
        ...receiverSource(receiver, { kept }),
        [Symbol.asyncDispose]: () => receiver.close(),
      };
    },
    destinations: destinations.map(({ name, destination }) => ({
      ...{ name, destination, windowMs: options.backfill },
    })),
    journal: journalOpener(options, io),
    // What hinders its reading hinders its writing, and is told then.
    before: statusAbout(await readStatus(folder).catch(() => undefined), targets),
    signal: io.signal,
    onEvent: (event) => view.tell(event),
    onStatus: statusWriter(folder, targets, io),
  });
  await Promise.race([ended, afterStop(io.signal)]);
  // To be told to stop by the system is how it ends; Ctrl-C is a person's, and told as everywhere.
  if ((io.signal.reason as Error | undefined)?.cause !== 'SIGTERM') throw new Interrupted();
  return EXIT.ok;
}

async function targetsOf(destinations: readonly OpenedDestination[]): Promise<Targets> {
  const named = destinations.map(async ({ name, destination }) => [
    name,
    await destination.fingerprint(),
  ]);
  return Object.fromEntries(await Promise.all(named));
}

/** Settles when the command was stopped, and what is under way had its time. */
function afterStop(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const stop = (): void => void setTimeout(resolve, STOP_WITHIN_MS).unref();
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}

/** Writes each status; what hinders it is told once, and hinders nothing else. */
function statusWriter(
  folder: string,
  targets: Targets,
  io: Io,
): (status: KeepStatus) => Promise<void> {
  let isTold = false;
  return async (status) => {
    try {
      await writeStatus(folder, status, targets);
      isTold = false;
    } catch (error) {
      if (isTold) return;
      isTold = true;
      const reason = error instanceof Error ? error.message : String(error);
      io.writeError(`The status cannot be written: ${reason}. Uploading goes on.\n`);
    }
  };
}
