import { join } from 'node:path';
import { makePrivateFolder, readRegularFile, replaceFile } from '@egvkit/node-files';
import { TREND_NAMES } from '@egvkit/protocol';
import type { KeepStatus } from '@egvkit/uploader';
import * as z from 'zod/mini';
import { StatusError } from '../errors/status-error.ts';

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

/** Most milliseconds of a `Date`. */
const LATEST_MS = 8.64e15;

const time = z.number().check(z.minimum(-LATEST_MS), z.maximum(LATEST_MS));
const maybeTime = z.optional(time);
const pending = z.optional(z.number().check(z.nonnegative()));
const failure = z.optional(
  z.looseObject({
    code: z.string(),
    message: z.string(),
    help: z.string(),
    atMs: time,
    needsPerson: z.boolean(),
  }),
);

/** All of a status that is told: it may have been damaged, or changed by hand. */
const KEPT = z.looseObject({
  version: z.literal(VERSION),
  processId: z.number(),
  targets: z.record(z.string(), z.string()),
  startedMs: time,
  updatedMs: time,
  lastReading: z.optional(
    z.looseObject({
      utcMs: time,
      value: z.number(),
      status: z.string(),
      trend: z.looseObject({ name: z.enum([...TREND_NAMES, 'unknown']) }),
    }),
  ),
  lastSuccessMs: maybeTime,
  lastError: failure,
  pending,
  nextTryMs: maybeTime,
  person: z.optional(z.string()),
  source: z.looseObject({
    serialNumber: z.optional(z.string()),
    lastSuccessMs: maybeTime,
    lastError: failure,
    nextTryMs: maybeTime,
  }),
  destinations: z.array(
    z.looseObject({
      name: z.string(),
      lastSuccessMs: maybeTime,
      lastError: failure,
      pending,
      nextTryMs: maybeTime,
      hasOtherPublisher: z.boolean(),
    }),
  ),
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
 * Reads the status in a state folder; undefined if there is none.
 *
 * @throws StatusError `statusUnknown`; FileError, or the system's error, if the file cannot be read
 */
export async function readStatus(folder: string): Promise<StoredStatus | undefined> {
  const path = statusPath(folder);
  const bytes = await readRegularFile(path, { maxBytes: MOST_BYTES });
  if (bytes === undefined) return undefined;
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw new StatusError('statusUnknown', { path }, { cause });
  }
  const { success, data, error } = z.safeParse(KEPT, json);
  if (!success) throw new StatusError('statusUnknown', { path }, { cause: error });
  return data as unknown as StoredStatus;
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
