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
  const status = await findStatus(io);
  const maxAgeMs = options.maxAge ?? DEFAULT_MAX_AGE_MS;
  const looked = { status, nowMs: Date.now(), maxAgeMs };
  if (options.json) io.write(jsonLine(statusJson(looked)));
  else {
    for (const line of statusLines(looked, options.units ?? DEFAULT_UNIT)) {
      io.write(`${printable(line)}\n`);
    }
  }
  return EXIT[CONDITION_EXITS[conditionOf(looked)]];
}

/** The user's own status or that of the system's service: the newer one. */
async function findStatus(io: Io): Promise<StoredStatus> {
  const own = stateFolder(io.env);
  const found: StoredStatus[] = [];
  let failure: StatusError | undefined;
  for (const folder of new Set([own, SERVICE_FOLDER])) {
    try {
      const status = await readStatus(folder);
      if (status !== undefined) found.push(status);
    } catch (error) {
      const path = statusPath(folder);
      const reason = reasonOf(error) ?? 'the system does not say why';
      failure ??= new StatusError('statusUnreadable', { path, reason }, { cause: error });
    }
  }
  const [newest] = found.sort((a, b) => b.updatedMs - a.updatedMs);
  if (newest !== undefined) return newest;
  throw failure ?? new StatusError('noStatus', { path: statusPath(own) });
}
