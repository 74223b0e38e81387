import { empty, layout, text, u32 } from '../../layout.ts';
import { type AboutCommand, isXml, LONGEST_PAYLOAD, question, TEXT_MS } from '../command.ts';

/** Commands that every program sends: who a receiver is, and its internal clock. */

export const ping = question({
  name: 'ping',
  code: 10,
  reply: empty,
});

export const readFirmwareHeader = question({
  name: 'readFirmwareHeader',
  code: 11,
  reply: text('firmware header, XML', 1, LONGEST_PAYLOAD),
  timeoutMs: TEXT_MS,
  answers: isXml,
});

export const readTransmitterId = question({
  name: 'readTransmitterId',
  code: 25,
  reply: text('transmitter id', 5, 6),
});

export const readSystemTime = question({
  name: 'readSystemTime',
  code: 34,
  reply: layout({
    /** System time, seconds since 2009. */
    systemSeconds: u32,
  }),
});

/** Facts about these commands. */
export const about = {
  ping: {
    doc: 'Answers, and nothing else.',
    evidence: 'captured',
    source: '§3.1',
  },
  readFirmwareHeader: {
    doc: 'Product and software versions, as one XML element.',
    evidence: 'captured',
    source: '§3.4',
  },
  readTransmitterId: {
    doc: 'The id of the paired transmitter: five characters on a G4, six on a G5 or G6 (inferred).',
    evidence: 'captured',
    source: '§3.1',
  },
  readSystemTime: {
    doc: 'The internal clock, which the user cannot change.',
    evidence: 'captured',
    source: '§7.1',
  },
} as const satisfies Record<string, AboutCommand>;
