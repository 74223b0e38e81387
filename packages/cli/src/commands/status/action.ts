import { reasonOf } from '@egvkit/node-files';
import { StatusError } from '../../errors/status-error.ts';
import type { Io } from '../../io/io.ts';
import { stateFolder } from '../../io/state-path.ts';
import { readStatus, type StoredStatus, statusPath } from '../../io/status-file.ts';
import { DEFAULT_UNIT, type Unit } from '../../options/units.ts';
import { EXIT, type ExitCode } from '../../output/exit-codes.ts';
import { jsonLine } from '../../output/json-line.ts';
import { printable } from '../../output/printable.ts';
import { CONDITION_EXITS, conditionOf, statusJson, statusLines } from '../../output/status-view.ts';

const DEFAULT_MAX_AGE_MS = 20 * 60_000;
/** State folder of a service of the whole system; systemd makes it. */
const SERVICE_FOLDER = '/var/lib/egvkit';

export interface StatusOptions {
  /** Milliseconds. */
  readonly maxAge?: number | undefined;
  readonly units?: Unit | undefined;
  readonly json?: true | undefined;
}

/** Tells the status of unattended uploading; the exit code is for monitors. */
export async function tellStatus(options: StatusOptions, io: Io): Promise<ExitCode> {
  const nowMs = Date.now();
  const status = await findStatus(io, nowMs);
  const maxAgeMs = options.maxAge ?? DEFAULT_MAX_AGE_MS;
  const looked = { status, nowMs, maxAgeMs };
  if (options.json) io.write(jsonLine(statusJson(looked)));
  else {
    for (const line of statusLines(looked, options.units ?? DEFAULT_UNIT)) {
      io.write(`${printable(line)}\n`);
    }
  }
  return EXIT[CONDITION_EXITS[conditionOf(looked)]];
}

/**
 * The user's own status or that of the system's service: the newer one. One from the future, written
 * when the clock was ahead, is as old as it is ahead.
 */
async function findStatus(io: Io, nowMs: number): Promise<StoredStatus> {
  const own = stateFolder(io.env);
  const found: StoredStatus[] = [];
  let failure: StatusError | undefined;
  for (const folder of new Set([own, SERVICE_FOLDER])) {
    try {
      const status = await readStatus(folder);
      if (status !== undefined) found.push(status);
    } catch (error) {
      failure ??= error instanceof StatusError ? error : unreadable(folder, error);
    }
  }
  const ageOf = ({ updatedMs }: StoredStatus): number => Math.abs(nowMs - updatedMs);
  const [newest] = found.sort((a, b) => ageOf(a) - ageOf(b));
  if (newest !== undefined) return newest;
  throw failure ?? new StatusError('noStatus', { path: statusPath(own) });
}

function unreadable(folder: string, cause: unknown): StatusError {
  const reason = reasonOf(cause) ?? 'the system does not say why';
  return new StatusError('statusUnreadable', { path: statusPath(folder), reason }, { cause });
}
