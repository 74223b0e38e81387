import { join } from 'node:path';
import { makePrivateFolder, readRegularFile, replaceFile } from '@egvkit/node-files';
import type { KeepStatus } from '@egvkit/uploader';
import * as z from 'zod/mini';

/** Form of the file; another one is not read. */
const VERSION = 1;
/** No status is so long. */
const MOST_BYTES = 1024 * 1024;

/** Status of `egvkit upload --watch` as it is kept for `egvkit status`. */
export interface StoredStatus extends KeepStatus {
  /** Process that wrote it. */
  readonly processId: number;
  readonly targets: Targets;
}

/** Fingerprints of the accounts and sites that are uploaded to, by the names of the destinations. */
export type Targets = Readonly<Record<string, string>>;

const KEPT = z.looseObject({
  version: z.literal(VERSION),
  processId: z.number(),
  targets: z.record(z.string(), z.string()),
  startedMs: z.number(),
  updatedMs: z.number(),
  lastReading: z.optional(
    z.looseObject({
      utcMs: z.number(),
      value: z.number(),
      status: z.string(),
      trend: z.looseObject({ name: z.string() }),
    }),
  ),
  source: z.looseObject({ lastSuccessMs: z.optional(z.number()) }),
  destinations: z.array(z.looseObject({ name: z.string(), lastSuccessMs: z.optional(z.number()) })),
});

/** Path of the status file in a state folder. */
export function statusPath(folder: string): string {
  return join(folder, 'status.json');
}

/** Writes the status of this process: whenever it is read, all of it is of one moment. */
export async function writeStatus(
  folder: string,
  status: KeepStatus,
  targets: Targets,
): Promise<void> {
  await makePrivateFolder(folder);
  const stored = { version: VERSION, processId: process.pid, targets, ...status };
  await replaceFile(statusPath(folder), `${JSON.stringify(stored)}\n`);
}

/**
 * Reads the status in a state folder; undefined if there is none, or none of this version.
 *
 * @throws FileError, or the system's error, if the file cannot be read
 */
export async function readStatus(folder: string): Promise<StoredStatus | undefined> {
  const bytes = await readRegularFile(statusPath(folder), { maxBytes: MOST_BYTES });
  if (bytes === undefined) return undefined;
  try {
    const stored = z.safeParse(KEPT, JSON.parse(new TextDecoder().decode(bytes)));
    return stored.success ? (stored.data as unknown as StoredStatus) : undefined;
  } catch {
    return undefined;
  }
}

/** The part of a stored status that is about these targets: another account's success is not theirs. */
export function statusAbout(
  stored: StoredStatus | undefined,
  targets: Targets,
): KeepStatus | undefined {
  if (stored === undefined) return undefined;
  const destinations = stored.destinations.filter(
    ({ name }) => stored.targets[name] === targets[name],
  );
  return { ...stored, destinations };
}
