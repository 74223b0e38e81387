import { type BigIntStats, constants } from 'node:fs';
import { type FileHandle, lstat } from 'node:fs/promises';
import { dirname } from 'node:path';
import {
  type FileLock,
  makePrivateFolder,
  openRegularFile,
  readHandle,
  readRegularFile,
  reasonOf,
  replaceFile,
  resolveLinks,
  tryLock,
} from '@egvkit/node-files';
import { adviceOnHolder, whoHolds } from '@egvkit/node-files/holder';
import { EgvkitError } from '@egvkit/protocol';
import { UploadError } from './errors.ts';
import {
  type Journal,
  type JournalEntry,
  type JournalOwner,
  JournalState,
  type JournalStorage,
  type JournalView,
  journalOver,
  type OpenJournal,
} from './journal.ts';
import { decodeJournal, encodeEntry, encodeJournal, type JournalContent } from './journal-lines.ts';

/** Longer than a receiver keeps readings (spec/receiver §12.9): what is older cannot come again. */
const KEEP_MS = 45 * 86_400_000;

/** A file that has grown beyond this is written anew when it is opened. */
const COMPACT_BYTES = 1024 * 1024;

/** No journal becomes so long: some 100 bytes a reading, for two years. */
const MOST_BYTES = 64 * 1024 * 1024;

/**
 * A journal in a file of JSON lines, readable by its owner only: readings are health data. Every
 * line has a checksum and is on the disk before the upload goes on; a last line that was cut off by
 * a crash is dropped. One upload at a time holds it. A file that is no journal is left as it is.
 *
 * @throws UploadError `journalLocked`, `journalForeign`, `journalUnusable`, `journalLost`
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
 * Reads a journal file without holding its lock, to see what would be uploaded. One
 * that does not exist is empty.
 *
 * @throws UploadError `journalForeign`, `journalUnusable`
 */
export async function readJournal(
  path: string,
  owner: JournalOwner,
): Promise<JournalView & Pick<Journal, 'pending'>> {
  return (await readWhole(path, owner))?.content.state ?? new JournalState();
}

/** Bytes of a file, and what they say. */
interface WholeFile {
  readonly data: Buffer;
  readonly content: JournalContent;
}

async function readWhole(path: string, owner: JournalOwner): Promise<WholeFile | undefined> {
  try {
    const data = await readRegularFile(path, { maxBytes: MOST_BYTES });
    return data && { data, content: decodeJournal(path, data, owner) };
  } catch (error) {
    throw asUploadError(path, error);
  }
}

/** The journal for this process alone. */
async function lockFor(path: string): Promise<FileLock> {
  const lock = await tryLock(`${path}.lock`);
  if ('release' in lock) return lock;
  const said = { holder: whoHolds(lock), advice: adviceOnHolder(lock) };
  throw new UploadError('journalLocked', { path, ...lock, ...said });
}

async function openFile(path: string, owner: JournalOwner): Promise<Journal> {
  // Nothing is made beside a file that is no journal.
  const before = await readWhole(path, owner);
  await makePrivateFolder(dirname(await resolveLinks(path)));
  const target = await resolveLinks(path);
  const lock = await lockFor(target);
  let file: FileHandle | undefined;
  try {
    file = await openToAppend(target);
    let content = await load(path, file, owner, before);
    const isToBeWritten = content.bytes === 0 || content.isOld || content.bytes > COMPACT_BYTES;
    if (file === undefined || isToBeWritten) {
      await file?.close();
      const { bytes, check } = encodeJournal(owner, content.state.compacted(KEEP_MS, Date.now()));
      await replaceFile(target, bytes);
      file = await openToAppend(target);
      content = { state: content.state, isOld: false, bytes: bytes.length, check };
    }
    if (file === undefined) throw lost(path, 'it was removed');
    // Behind the last whole line: a torn one goes.
    await file.truncate(content.bytes);
    const storage = new FileStorage({ path, target, file, lock }, content);
    return journalOver(storage, content.state);
  } catch (error) {
    await file?.close();
    await lock.release();
    throw error;
  }
}

/** Appends at the end of the file as it is by then, so that nothing is written over. */
function openToAppend(target: string): Promise<FileHandle | undefined> {
  return openRegularFile(target, constants.O_RDWR | constants.O_APPEND);
}

async function load(
  path: string,
  file: FileHandle | undefined,
  owner: JournalOwner,
  before: WholeFile | undefined,
): Promise<JournalContent> {
  if (file === undefined) return { state: new JournalState(), isOld: false, bytes: 0, check: '' };
  const data = await readHandle(path, file, { maxBytes: MOST_BYTES });
  // Mostly nobody has written to it meanwhile.
  return before?.data.equals(data) ? before.content : decodeJournal(path, data, owner);
}

interface Held {
  readonly path: string;
  /** The file itself, behind all links. */
  readonly target: string;
  readonly file: FileHandle;
  readonly lock: FileLock;
}

/** The lines of a journal on the disk. */
class FileStorage implements JournalStorage {
  readonly #held: Held;
  #end: number;
  #check: string;

  constructor(held: Held, { bytes, check }: JournalContent) {
    this.#held = held;
    this.#end = bytes;
    this.#check = check;
  }

  async append(entry: JournalEntry): Promise<void> {
    await this.assertHeld();
    const { path, file, lock } = this.#held;
    const { bytes, check } = encodeEntry(this.#check, entry);
    try {
      await writeAll(file, bytes);
      await file.datasync();
    } catch (error) {
      // A part of the line may be there: no line can follow it.
      if (await lock.isHeld()) await file.truncate(this.#end).catch(() => {});
      throw asUploadError(path, error);
    }
    this.#end += bytes.length;
    this.#check = check;
  }

  async assertHeld(): Promise<void> {
    const { path, target, file, lock } = this.#held;
    try {
      if (!(await lock.isHeld())) throw lost(path, 'its lock was removed or taken over');
      const ours = await file.stat({ bigint: true });
      const there = await lstat(target, { bigint: true });
      if (!isSame(ours, there)) throw lost(path, 'the file was replaced');
      if (there.size !== BigInt(this.#end)) throw lost(path, 'another program has written to it');
    } catch (error) {
      if (error instanceof UploadError) throw error;
      throw lost(path, reasonOf(error) ?? 'it cannot be seen', error);
    }
  }

  async close(): Promise<void> {
    await this.#held.file.close();
    await this.#held.lock.release();
  }
}

function isSame(one: BigIntStats, other: BigIntStats): boolean {
  return one.dev === other.dev && one.ino === other.ino;
}

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    done += (await file.write(bytes, done)).bytesWritten;
  }
}

function lost(path: string, reason: string, cause?: unknown): UploadError {
  return new UploadError('journalLost', { path, reason }, { cause });
}

function asUploadError(path: string, error: unknown): unknown {
  if (error instanceof EgvkitError) return error;
  const reason = reasonOf(error);
  if (reason === undefined) return error;
  return new UploadError('journalUnusable', { path, reason }, { cause: error });
}
