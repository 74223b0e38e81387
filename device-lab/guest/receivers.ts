/** The receivers that are at the far end, and what they hold. */
import type { RawRecord } from '@egvkit/protocol/receiver';
import {
  EmulatedReceiver,
  generateDatabase,
  RECEIVER_PROFILES,
  ReceiverDatabase,
} from '@egvkit/receiver-emulator';

const profile = RECEIVER_PROFILES.g4;

/** Days of history: a receiver's whole memory of readings is not much longer. */
const DAYS = 30;
/** Replies with pages that get through before the cable is pulled. */
const REPLIES_BEFORE_PULL = 20;
/** A record type that egvkit does not know, whose bytes stay as they are. */
export const SPECIAL_TYPE = 200;
export const EGV_TYPE = 4;

/** Thirty days of a G4, in which nothing is stored any more. */
export const history = generateDatabase({ profile, seed: 1, days: DAYS, nowMs: Date.now() });

/** A receiver that just answers. */
export const plain = () => new EmulatedReceiver({ profile, database: history });

/** A receiver whose cable is pulled once, in the middle of a reply. */
export function pulledOnce(): EmulatedReceiver {
  let pages = 0;
  return new EmulatedReceiver({
    profile,
    database: history,
    deliver: ({ command, bytes }) =>
      command === 'readDatabasePages' && pages++ === REPLIES_BEFORE_PULL
        ? [bytes.slice(0, bytes.length >> 1), 'unplug']
        : undefined,
  });
}

/** Bytes that serial layers treat specially; a terminal with PARMRK marks a break with FF 00 00. */
const FILLS: readonly Uint8Array[] = [
  [0xff],
  [0xff, 0x00, 0x00],
  [0xff, 0xff, 0x00],
  [0x00],
  // XON, XOFF, and what a terminal takes for a person's keys.
  [0x11, 0x13, 0x03, 0x04, 0x0a, 0x0d, 0x1a, 0x7f],
  [0xff, 0x00, 0x00, 0xff, 0xff, 0x00, 0x11, 0x13],
].map((each) => Uint8Array.from(each));

/** A record that fills a page, but for its CRC. */
const RECORD_BYTES = 498;

const specialRecords = FILLS.flatMap((fill) =>
  // Each at several places, so that it meets the borders of packets and reads in several ways.
  [0, 1, 2].map((shift): RawRecord => {
    const bytes = Uint8Array.from(
      { length: RECORD_BYTES },
      (_, i) => fill[(i + shift) % fill.length]!,
    );
    return { kind: 'raw', recordType: SPECIAL_TYPE, revision: 1, index: 0, bytes };
  }),
);

/** Pages full of such bytes. */
export const special = new ReceiverDatabase([
  { recordType: SPECIAL_TYPE, revision: 1, firstPage: 0, records: [], rawRecords: specialRecords },
]);

export const specialBytes = () => new EmulatedReceiver({ profile, database: special });
