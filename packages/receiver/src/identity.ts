import {
  type CommandName,
  type FirmwareHeader,
  parseFirmwareHeader,
  serialNumberOf,
} from '@egvkit/protocol/receiver';
import {
  type Command,
  readFirmwareHeader,
  readTransmitterId,
} from '@egvkit/protocol/receiver/wire';
import { badPage, problemsOf } from './damage.ts';
import type { Line } from './line.ts';
import type { PageReader } from './pages.ts';
import { recordTypeOf } from './records.ts';
import { unlessRefused } from './refusal.ts';

/** Identity of a receiver, by its own account. */
export interface ReceiverIdentity {
  /** From the firmware header; undefined fields were not sent. */
  readonly firmware: FirmwareHeader | undefined;
  /** Of the receiver, in capitals; from its newest manufacturing record. */
  readonly serialNumber: string | undefined;
  /** Five characters on a G4, six on a G5 or G6. */
  readonly transmitterId: string | undefined;
}

/** Asks for a fact; undefined if the receiver refuses to tell it. */
export async function unlessUntold<Reply>(
  line: Line,
  row: Command<void, Reply, CommandName>,
  signal: AbortSignal | undefined,
): Promise<Reply | undefined> {
  return await unlessRefused(line.ask(row, undefined, signal));
}

export async function readIdentity(
  line: Line,
  reader: PageReader,
  signal: AbortSignal | undefined,
): Promise<ReceiverIdentity> {
  const header = await unlessUntold(line, readFirmwareHeader, signal);
  const transmitterId = await unlessUntold(line, readTransmitterId, signal);
  return {
    firmware: header === undefined ? undefined : parseFirmwareHeader(header),
    serialNumber: await readSerialNumber(reader, signal),
    transmitterId,
  };
}

/** A re-worked receiver has several manufacturing records; the last one counts. */
export async function readSerialNumber(
  reader: PageReader,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const recordType = recordTypeOf('manufacturing');
  const range = await unlessRefused(reader.range(recordType, signal));
  if (range === undefined) return undefined;
  // The last page nearly always has it, so pages are read one by one.
  for (let at = range.last; at >= range.first; at--) {
    const [page] = await reader.read(recordType, at, 1, signal);
    if (page === undefined) break;
    // What stands before it may be the number of another receiver.
    const problems = problemsOf(page);
    if (problems.length > 0) throw badPage(problems, recordType, at);
    for (const record of page.records.toReversed()) {
      const serialNumber = record.kind === 'xml' ? serialNumberOf(record) : undefined;
      if (serialNumber !== undefined) return serialNumber;
    }
  }
  return undefined;
}
