import { describe, expect, it } from 'vitest';
import { decodePage, encodePage } from '../../src/receiver/page.ts';
import { hex, unhex } from '../support/bytes.ts';
import { pageByHand, sealed } from '../support/records.ts';

/** Both times of a record. */
const TIMES = '0084d717 9021d717';

/** The one record of a page that is written by hand, and the page that it is written back to. */
function decoded(recordType: number, revision: number, bytes: string) {
  const header = { recordType, revision, pageNumber: 0, firstRecordIndex: 0 };
  const page = pageByHand(header, [sealed(unhex(`${TIMES} ${bytes} 0000`.replaceAll(' ', '')))]);
  const { records, problems } = decodePage(page);
  expect(problems).toEqual([]);
  expect(hex(encodePage({ ...header, records }))).toBe(hex(page));
  return records[0];
}

describe('a value that a receiver does not have is null, and is written as it was', () => {
  it.each([
    [4, ''],
    [5, '0000'],
  ])('transmitter time and rate of a display-only reading, revision %i', (revision, more) => {
    const word = '7080';
    const record = decoded(4, revision, `${word} fe83d717 ffffffff 7f 14 06 ${more}`);
    expect(record).toMatchObject({ transmitter: { transmitterSeconds: null, filteredRate: null } });
    const other = decoded(4, revision, `7000 fe83d717 38340d00 80 14 06 ${more}`);
    expect(other).toMatchObject({
      transmitter: { transmitterSeconds: 865_336, filteredRate: -128 },
    });
  });

  it('transmitter time of a meter value as entered; the confirmed one has it', () => {
    expect(decoded(10, 3, '7600 01 e283d717 ffffffff')).toMatchObject({
      entryType: 1,
      meterMgDl: 118,
      meterTransmitterSeconds: null,
    });
    expect(decoded(10, 3, '7600 03 e283d717 78340d00')).toMatchObject({
      entryType: 3,
      meterTransmitterSeconds: 865_400,
    });
  });

  it('a session of the longer form has a number and the transmitter id', () => {
    // receiver §5.7
    expect(decoded(7, 2, 'ffffffff 01 2a000000 34464748 4a4b')).toMatchObject({
      insertionSystemSeconds: null,
      unknown13: 42,
      transmitter: { raw: '4FGHJK', id: '4FGHJK' },
    });
    expect(decoded(7, 2, 'fb83d717 07 00000000 00000000 0000')).toMatchObject({
      unknown13: 0,
      transmitter: { id: null },
    });
  });
});
