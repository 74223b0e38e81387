import { type FileHandle, mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { EgvkitError, UploadError } from '@egvkit/protocol';
import { codeOf, type FileLock, tryLock } from '@egvkit/share-http/node';
import * as z from 'zod/mini';
import {
  type Journal,
  type JournalEntry,
  type JournalOwner,
  JournalState,
  journalOver,
  type OpenJournal,
} from './journal.ts';

/** Longer than a receiver keeps readings (spec/receiver §12.9): what is older cannot come again. */
const KEEP_MS = 45 * 86_400_000;

/** A file that has grown beyond this is written anew when it is opened. */
const COMPACT_BYTES = 1024 * 1024;

const mark = z.object({ key: z.string(), utcMs: z.int() });
const planned = z.object({
  key: z.string(),
  utcMs: z.int(),
  egv: z.object({ Trend: z.int(), ST: z.string(), DT: z.string(), Value: z.int() }),
  ta: z.int(),
});
const entry = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('planned'), readings: z.array(planned) }),
  z.object({ kind: z.literal('confirmed'), readings: z.array(mark) }),
  z.object({ kind: z.literal('abandoned'), readings: z.array(mark) }),
]);
const header = z.object({
  kind: z.literal('egvkit journal'),
  version: z.literal(1),
  serialNumber: z.string(),
  target: z.string(),
});

/**
 * A journal in a file of JSON lines, readable by its owner only: readings are health data. Every
 * line is on the disk before the upload goes on; a last line that was cut off by a crash is
 * dropped. One upload at a time holds it.
 *
 * @throws UploadError `journalLocked`, `journalForeign`, `journalUnusable`
 */
export function fileJournal(path: string): OpenJournal {
  return async (owner) => {
    try {
      return await openFile(path, owner);
    } catch (error) {
      throw asUploadError(path, error);
    }
  };
}

/**
 * What a journal file holds, read without holding it: for a look at what would be uploaded. One
 * that does not exist is empty.
 *
 * @throws UploadError `journalForeign`, `journalUnusable`
 */
export async function readJournal(
  path: string,
  owner: JournalOwner,
): Promise<Pick<Journal, 'has' | 'pending'>> {
  try {
    return (await load(path, owner)).state;
  } catch (error) {
    throw asUploadError(path, error);
  }
}

/** The journal for this process alone; a dead process's lock is taken over. */
async function lockFor(path: string): Promise<FileLock> {
  const lock = await tryLock(`${path}.lock`);
  if (!('processId' in lock)) return lock;
  throw new UploadError('journalLocked', { path, processId: lock.processId });
}

async function openFile(path: string, owner: JournalOwner): Promise<Journal> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const lock = await lockFor(path);
  let file: FileHandle | undefined;
  try {
    const content = await load(path, owner);
    const tooLong = content.bytes > COMPACT_BYTES;
    if (content.bytes === 0 || tooLong) await rewrite(path, owner, content.state);
    file = await open(path, 'r+', 0o600);
    const size = (await file.stat()).size;
    // Behind the last whole line, so that a torn one is written over.
    let end = content.bytes === 0 || tooLong ? size : content.bytes;
    await file.truncate(end);
    const handle = file;
    return journalOver(
      {
        async append(entry: JournalEntry) {
          const line = Buffer.from(`${JSON.stringify(entry)}\n`);
          try {
            await writeAt(handle, line, end);
            await handle.datasync();
          } catch (error) {
            throw asUploadError(path, error);
          }
          end += line.length;
        },
        async close() {
          await handle.close();
          await lock.release();
        },
      },
      content.state,
    );
  } catch (error) {
    await file?.close();
    await lock.release();
    throw error;
  }
}

async function writeAt(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}

interface Content {
  readonly state: JournalState;
  /** Up to the end of the last whole line. */
  readonly bytes: number;
}

async function load(path: string, owner: JournalOwner): Promise<Content> {
  const state = new JournalState();
  let data: Buffer;
  try {
    data = await readFile(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return { state, bytes: 0 };
    throw error;
  }
  const bytes = data.lastIndexOf(0x0a) + 1;
  const lines = data.subarray(0, bytes).toString('utf8').split('\n').slice(0, -1);
  for (const [i, line] of lines.entries()) {
    if (i === 0) checkOwner(path, parseLine(path, header, line, 1), owner);
    else state.apply(parseLine(path, entry, line, i + 1));
  }
  return { state, bytes };
}

function parseLine<T>(path: string, schema: z.ZodMiniType<T>, line: string, number: number): T {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw new UploadError(
      'journalUnusable',
      { path, reason: `line ${number} is not JSON` },
      { cause },
    );
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new UploadError('journalUnusable', {
    path,
    reason: `line ${number} is not a line of a journal`,
  });
}

function checkOwner(path: string, found: z.output<typeof header>, owner: JournalOwner): void {
  if (found.serialNumber !== owner.serialNumber) {
    throw new UploadError('journalForeign', { path, what: 'receiver' });
  }
  if (found.target !== owner.target) {
    throw new UploadError('journalForeign', { path, what: 'account or service' });
  }
}

/** Writes a new file beside the old one and puts it in its place, whole or not at all. */
async function rewrite(path: string, owner: JournalOwner, state: JournalState): Promise<void> {
  const head: z.output<typeof header> = { kind: 'egvkit journal', version: 1, ...owner };
  const entries = state.compacted(Date.now() - KEEP_MS);
  const text = [head, ...entries].map((line) => `${JSON.stringify(line)}\n`).join('');
  const aside = `${path}.new`;
  const file = await open(aside, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(aside, path);
  await syncDirectory(dirname(path));
}

/** Makes a rename last. Windows cannot open directories, and does not need it. */
async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EACCES: 'permission is denied',
  EPERM: 'permission is denied',
  EROFS: 'the disk is read-only',
  EISDIR: 'it is a directory',
  ENOTDIR: 'part of its path is not a directory',
};

function asUploadError(path: string, error: unknown): unknown {
  if (error instanceof EgvkitError) return error;
  if (!(error instanceof Error) || !('code' in error)) return error;
  const reason = REASONS[String(error.code)] ?? `the system says ${String(error.code)}`;
  return new UploadError('journalUnusable', { path, reason }, { cause: error });
}
