import type { Partition } from '../../src/receiver/identity.ts';
import {
  decodePage,
  describePageProblem,
  encodePage,
  type Page,
  recordsPerPage,
} from '../../src/receiver/page.ts';
import {
  HEADER_CRC_AT,
  PAGE_HEADER,
  PAGE_HEADER_SIZE,
  PAGE_SIZE,
} from '../../src/receiver/page-header.ts';
import { RECORD_FORMATS, recordFormat } from '../../src/receiver/records/index.ts';
import { readWithin } from '../canary.ts';
import { fail, typedOnly } from '../failure.ts';
import { mutate, seal } from '../mutation.ts';
import type { Random } from '../random.ts';

/** A whole page of any known layout, or of none. */
export function makePage(random: Random): Uint8Array {
  const format = random.pick(RECORD_FORMATS);
  const known = !random.oneIn(8);
  const size = known ? format.size : 11 + random.int(200);
  const { from, to } = format.revisions;
  const count = random.oneIn(3) ? recordsPerPage(size) : random.int(recordsPerPage(size) + 1);
  const page = new Uint8Array(PAGE_SIZE).fill(0xff);
  PAGE_HEADER.write(page, 0, {
    firstRecordIndex: random.oneIn(4) ? random.next() : random.int(50_000),
    recordCount: count,
    recordType: known ? random.pick(format.recordTypes) : 13 + random.int(5),
    revision: from + random.int(to - from + 1),
    pageNumber: random.int(1000),
    reserved1: 0,
    reserved2: 0,
    reserved3: 0,
    crc: 0,
  });
  for (let i = 0; i < count; i++) {
    const start = PAGE_HEADER_SIZE + i * size;
    page.set(random.bytes(size), start);
    seal(page, start, start + size - 2);
  }
  seal(page, 0, HEADER_CRC_AT);
  return page;
}

/** Makes CRCs right again, so that what was changed gets past them. */
function reseal(page: Uint8Array, random: Random): Uint8Array {
  if (page.length !== PAGE_SIZE) return page;
  if (!random.oneIn(3)) {
    const header = PAGE_HEADER.read(page, 0);
    const size = recordFormat(header.recordType, header.revision)?.size ?? 11 + random.int(100);
    for (let i = 0; i < Math.min(header.recordCount, recordsPerPage(size)); i++) {
      const start = PAGE_HEADER_SIZE + i * size;
      if (!random.oneIn(8)) seal(page, start, start + size - 2);
    }
  }
  if (random.oneIn(6)) page[4] = page[4]! + random.int(3);
  if (!random.oneIn(4)) seal(page, 0, HEADER_CRC_AT);
  return page;
}

export function generatePage(random: Random): Uint8Array {
  return reseal(mutate(makePage(random), random, 12), random);
}

export function checkPage(input: Uint8Array, random: Random): void {
  const partitions: readonly Partition[] = [
    {
      recordType: input[8] ?? 0,
      name: 'Fuzzed',
      recordRevision: input[9] ?? 0,
      recordLength: random.int(520),
    },
  ];
  const around = random.int(256);
  const options = random.oneIn(4) ? { partitions } : {};
  const page = typedOnly(() => readWithin(input, around, (bytes) => decodePage(bytes, options)));
  if (input.length !== PAGE_SIZE) {
    if (page !== undefined) fail('a page of another size was read');
    return;
  }
  if (page === undefined) fail('528 bytes were refused');
  checkCounts(page);
  for (const problem of page.problems) describePageProblem(problem);
  if (page.problems.length === 0) checkRoundTrip(page, input);
}

function checkCounts({ header, records, rawRecords, problems }: Page): void {
  const spoiled = problems.some(({ kind }) => kind !== 'recordCrc' && kind !== 'recordOfZeros');
  const told = records.length + rawRecords.length + problems.length;
  if (spoiled ? told !== 1 : told !== header.recordCount) fail('records are lost or told twice');
}

function checkRoundTrip(page: Page, input: Uint8Array): void {
  const { header, records, rawRecords } = page;
  if (header.recordCount === 0) return;
  const bytes = encodePage({ ...header, records, rawRecords });
  const [raw] = rawRecords;
  const size =
    raw === undefined
      ? (recordFormat(header.recordType, header.revision)?.size ?? 0)
      : raw.bytes.length + 2;
  const end = PAGE_HEADER_SIZE + header.recordCount * size;
  for (let i = 0; i < end; i++) if (bytes[i] !== input[i]) fail(`byte ${i} came back different`);
}
