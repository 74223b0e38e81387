import {
  decodePage,
  describePageProblem,
  type Page,
  type PageProblem,
} from '@egvkit/protocol/receiver';
import {
  PAGE_DATA_SIZE,
  PAGE_HEADER,
  PAGE_HEADER_SIZE,
  PAGE_SIZE,
  pageHeaderCrc,
  recordFormat,
} from '@egvkit/protocol/receiver/wire';
import type { DamageItem, DecodedItem, ItemDecoder } from './items.ts';

const RECORD_CRC_SIZE = 2;
/** Offset of the number of records in a page header. */
const COUNT_AT = 4;
const COUNT_SIZE = 4;

/** The headers and records of pages that stand one behind the other. */
export function* pageItems(bytes: Uint8Array, baseOffset = 0): Generator<DecodedItem, void, void> {
  let at = 0;
  for (; at + PAGE_SIZE <= bytes.length; at += PAGE_SIZE) {
    yield* onePage(bytes.subarray(at, at + PAGE_SIZE), baseOffset + at);
  }
  const length = bytes.length - at;
  if (length > 0) {
    const reason = `a page has ${PAGE_SIZE} bytes, and ${length} are left`;
    yield { kind: 'damage', offset: baseOffset + at, length, reason };
  }
}

/** Finds pages that stand one behind the other. */
export class PageItems implements ItemDecoder {
  readonly #page = new Uint8Array(PAGE_SIZE);
  #filled = 0;
  #offset = 0;

  *push(bytes: Uint8Array): Generator<DecodedItem, void, void> {
    for (let at = 0; at < bytes.length; ) {
      const part = bytes.subarray(at, at + PAGE_SIZE - this.#filled);
      this.#page.set(part, this.#filled);
      this.#filled += part.length;
      at += part.length;
      if (this.#filled === PAGE_SIZE) yield* this.end();
    }
  }

  *end(): Generator<DecodedItem, void, void> {
    // A copy: records may keep views of their page.
    yield* pageItems(this.#page.slice(0, this.#filled), this.#offset);
    this.#offset += this.#filled;
    this.#filled = 0;
  }
}

function* onePage(bytes: Uint8Array, offset: number): Generator<DecodedItem, void, void> {
  const page = decodePage(bytes);
  const { header } = page;
  const size = recordSize(page);
  const placeOf = (index: number): number =>
    offset + PAGE_HEADER_SIZE + (index - header.firstRecordIndex) * size;
  if (!page.problems.some(({ kind }) => kind === 'headerCrc')) {
    yield { kind: 'pageHeader', offset, ...header };
  }
  const records = [...page.records, ...page.rawRecords].map((record) => ({
    ...record,
    offset: placeOf(record.index),
  }));
  const damages = page.problems.map((problem) => damageOf(problem, offset, size, placeOf));
  // As they stand in the page.
  yield* [...records, ...damages].sort((a, b) => a.offset - b.offset);
}

/** Bytes of a record of this page with its CRC. */
function recordSize({ header, rawRecords }: Page): number {
  const [raw] = rawRecords;
  if (raw !== undefined) return raw.bytes.length + RECORD_CRC_SIZE;
  return recordFormat(header.recordType, header.revision)?.size ?? 0;
}

function damageOf(
  problem: PageProblem,
  offset: number,
  size: number,
  placeOf: (index: number) => number,
): DamageItem {
  const reason = `of this page, ${describePageProblem(problem)}`;
  const damage = (at: number, length: number): DamageItem => ({
    kind: 'damage',
    offset: at,
    length,
    reason,
  });
  switch (problem.kind) {
    case 'headerCrc':
      return damage(offset, PAGE_SIZE);
    case 'recordCount':
      return damage(offset + COUNT_AT, COUNT_SIZE);
    case 'unknownLayout':
      return damage(offset + PAGE_HEADER_SIZE, PAGE_DATA_SIZE);
    case 'recordCrc':
    case 'recordOfZeros':
      return damage(placeOf(problem.index), size);
  }
}

/** True if the payload of a reply is pages: at least one page header in it has a right CRC. */
export function holdsPages(payload: Uint8Array): boolean {
  if (payload.length === 0 || payload.length % PAGE_SIZE !== 0) return false;
  for (let at = 0; at < payload.length; at += PAGE_SIZE) {
    if (holdsHeader(payload.subarray(at, at + PAGE_HEADER_SIZE))) return true;
  }
  return false;
}

/** True if bytes are a page header and nothing else. */
export function holdsHeader(bytes: Uint8Array): boolean {
  return (
    bytes.length === PAGE_HEADER_SIZE && PAGE_HEADER.read(bytes, 0).crc === pageHeaderCrc(bytes)
  );
}
