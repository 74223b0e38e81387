import { crc16 } from '@egvkit/protocol';
// The bare calculator: the fastest entry the package offers. Its `crc16xmodem` adds a copy of the
// input to it.
import crc16xmodem from 'crc/calculators/crc16xmodem';
import { scrambled } from './data.ts';
import { measure } from './measurement.ts';
import type { Report } from './report.ts';

const SIZE = 4 * 1024 * 1024;

/** The CRC of the `crc` package, which everything here is compared with. */
export function theirCrc(bytes: Uint8Array): number {
  return crc16xmodem(bytes);
}

/** CRC-16/XMODEM over 4 MiB, ours and theirs. */
export function benchCrc(report: Report): void {
  const check = new TextEncoder().encode('123456789');
  for (const crc of [crc16(check), theirCrc(check)]) {
    if (crc !== 0x31c3) throw new Error(`the CRC of "123456789" is 0x31C3, not ${crc}`);
  }
  const bytes = scrambled(SIZE);
  const expected = theirCrc(bytes);
  const [ours, theirs] = measure([
    { name: 'crc16', bytes: SIZE, run: () => crc16(bytes), expected },
    { name: 'crc16xmodem of crc', bytes: SIZE, run: () => theirCrc(bytes), expected },
  ]);
  report.heading('CRC-16/XMODEM of 4 MiB');
  report.number('crc16 of @egvkit/protocol', ours, 'MB/s');
  report.number('crc16xmodem of the crc package (bare calculator)', theirs, 'MB/s');
  report.claim('crc16 : crc package', ours / theirs, 3);
}
