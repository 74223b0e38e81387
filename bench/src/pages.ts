import { decodePage } from '@egvkit/protocol/receiver';
import { PAGE_SIZE } from '@egvkit/protocol/receiver/wire';
import { theirCrc } from './crc.ts';
import { egvPages } from './data.ts';
import { measure } from './measurement.ts';
import type { Report } from './report.ts';

/** As many pages as the EGV history of a G4 has. */
const PAGES = 231; // receiver §12.9

const KINDS = [
  { name: 'G4', revision: 2, atLeast: 0.5 },
  { name: 'G5', revision: 4, atLeast: undefined },
  { name: 'G6', revision: 5, atLeast: undefined },
] as const;

/** The sum of what the pages hold; throws unless every record is there and no problem. */
function contentOf(pages: readonly Uint8Array[]): number {
  let sum = 0;
  for (const bytes of pages) {
    const page = decodePage(bytes);
    if (page.problems.length > 0 || page.records.length !== page.header.recordCount) {
      throw new Error(`page ${page.header.pageNumber} is damaged`);
    }
    for (const record of page.records) {
      if (record.kind === 'egv') sum += record.systemSeconds + (record.glucose.mgDl ?? 0);
    }
  }
  return sum;
}

/** The same sum, read from the bytes without any of the code that is measured. */
function expectedContent(pages: readonly Uint8Array[], size: number): number {
  let sum = 0;
  for (const bytes of pages) {
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    const count = view.getUint32(4, true);
    for (let at = 28; at < 28 + count * size; at += size) {
      sum += view.getUint32(at, true) + view.getUint16(at + 8, true);
    }
  }
  return sum;
}

function crcsOf(pages: readonly Uint8Array[]): number {
  let sum = 0;
  for (const bytes of pages) sum += theirCrc(bytes);
  return sum;
}

/**
 * Full EGV pages decoded, header and every record's CRC checked, every field read; beside it the
 * `crc` package merely checksumming the same bytes.
 */
export function benchPages(report: Report): void {
  for (const { name, revision, atLeast } of KINDS) {
    const { pages, records } = egvPages(revision, PAGES);
    const size = Math.floor(500 / (records / PAGES));
    const bytes = PAGES * PAGE_SIZE;
    const [decoded, checksummed] = measure([
      {
        name: `decodePage of ${name} pages`,
        bytes,
        run: () => contentOf(pages),
        expected: expectedContent(pages, size),
      },
      { name: 'crc package', bytes, run: () => crcsOf(pages), expected: crcsOf(pages) },
    ]);
    report.heading(`${name}: ${PAGES} full EGV pages, ${records} records`);
    report.number('decodePage with all CRC checks', decoded, 'MB/s');
    report.number('that is', (decoded / bytes) * records, 'million records/s');
    report.number('the crc package checksumming the same bytes', checksummed, 'MB/s');
    const what = 'decoding : checksumming with the crc package';
    if (atLeast === undefined) report.number(what, decoded / checksummed, 'x');
    else report.claim(what, decoded / checksummed, atLeast);
  }
}
