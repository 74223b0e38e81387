import { type ReadPage, type Receiver, ReceiverError, type ReceiverReader } from '@egvkit/receiver';
import { isSameRecord, type UploadRecord, type UploadRecordName } from './receiver-records.ts';

/** The newest page of a type as it was read. */
export interface NewestPage {
  readonly number: number;
  readonly recordCount: number;
  /** Unix ms of this computer when the receiver was asked which one is the newest. */
  readonly askedMs: number;
}

/** State of a type when it was last read. */
interface Before {
  /** The newest record, however old it is. */
  readonly newest: UploadRecord | undefined;
  /** The newest page, if it is known. */
  readonly page?: NewestPage | undefined;
}

/** The records that have come, newest first, and the page to go on from; undefined to ask which one that is. */
export interface NewestPageRead {
  readonly fresh: readonly UploadRecord[];
  readonly page: NewestPage | undefined;
}

/**
 * The receiver is asked so often which page is the newest. In between it is the one that has room: a page
 * begins at the index of its number times the records that fit (spec/receiver §4.1).
 */
const RANGE_AGAIN_MS = 3_600_000;
/** Mostly these have a new record; of the others, the header of a page tells that there is none. */
const GROWS_EACH_TIME: readonly UploadRecordName[] = ['egv', 'sensor'];

/** True for a receiver that can be asked for single pages, which its part for web pages cannot. */
export function tellsPages(receiver: ReceiverReader): receiver is Receiver {
  return 'pageHeader' in receiver;
}

/**
 * Reads what is new on the newest page of a type, by one request if the page is known.
 *
 * @returns `more` if there is more on other pages; `changed` if the newest record is not where it was, or
 *   the page is damaged
 * @throws ReceiverError, but not if the page is refused
 */
export async function readNewestPage(
  receiver: Receiver,
  type: UploadRecordName,
  { newest, page: known }: Before,
  { nowMs, signal }: { readonly nowMs: number; readonly signal?: AbortSignal | undefined },
): Promise<NewestPageRead | 'more' | 'changed'> {
  const options = { ...(signal && { signal }) };
  const grows = GROWS_EACH_TIME.includes(type);
  const isRecent = known !== undefined && Math.abs(nowMs - known.askedMs) <= RANGE_AGAIN_MS;
  try {
    const number = isRecent ? known.number : (await receiver.pageRange(type, options))?.last;
    if (number === undefined) {
      return newest === undefined ? { fresh: [], page: undefined } : 'changed';
    }
    const askedMs = isRecent ? known.askedMs : nowMs;
    if (number === known?.number && !grows) {
      const { recordCount } = await receiver.pageHeader(type, number, options);
      if (recordCount === known.recordCount) return { fresh: [], page: { ...known, askedMs } };
    }
    const page = await onlyPage(receiver, type, number, signal);
    const fresh = page && newest && recordsAfter(page, newest);
    if (page === undefined || fresh === undefined) return isRecent ? 'changed' : 'more';
    // Of what filled the page, the rest is on the next one.
    if (isRecent && !page.hasRoom) return 'more';
    const { recordCount } = page.header;
    // One is due: if there is none, the receiver is asked for its newest page the next time.
    const isSure = page.hasRoom && (fresh.length > 0 || !grows);
    return { fresh, page: isSure ? { number, recordCount, askedMs } : undefined };
  } catch (error) {
    // A page that is no longer there.
    if (error instanceof ReceiverError && error.code === 'refused') return 'changed';
    throw error;
  }
}

async function onlyPage(
  receiver: Receiver,
  type: UploadRecordName,
  number: number,
  signal: AbortSignal | undefined,
): Promise<ReadPage | undefined> {
  const range = { first: number, last: number };
  for await (const page of receiver.pages(type, { range, ...(signal && { signal }) })) return page;
  return undefined;
}

/** The records after one on its page, newest first; undefined if it is not there, or anything is damaged. */
function recordsAfter(
  { records, rawRecords, problems }: ReadPage,
  newest: UploadRecord,
): readonly UploadRecord[] | undefined {
  if (problems.length > 0 || rawRecords.length > 0) return undefined;
  const ofType = records as readonly UploadRecord[];
  const at = ofType.findLastIndex((record) => isSameRecord(record, newest));
  return at < 0 ? undefined : ofType.slice(at + 1).toReversed();
}
