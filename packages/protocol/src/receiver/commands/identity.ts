import { empty, text } from '../../layout.ts';
import {
  type AboutCommand,
  isXml,
  LONGEST_PAYLOAD,
  question,
  TEXT_MS,
  unknownBytes,
} from '../command.ts';

/** Commands that ask a receiver who it is. */

export const ping = /* @__PURE__ */ question({
  name: 'ping',
  code: 10,
  reply: empty,
});

export const readFirmwareHeader = /* @__PURE__ */ question({
  name: 'readFirmwareHeader',
  code: 11,
  reply: text('firmware header, XML', 1, LONGEST_PAYLOAD),
  timeoutMs: TEXT_MS,
  answers: isXml,
});

export const readTransmitterId = /* @__PURE__ */ question({
  name: 'readTransmitterId',
  code: 25,
  reply: text('transmitter id', 5, 6),
});

export const readHardwareBoardId = /* @__PURE__ */ question({
  name: 'readHardwareBoardId',
  code: 49,
  reply: unknownBytes('hardware board id'),
});

export const readFirmwareSettings = /* @__PURE__ */ question({
  name: 'readFirmwareSettings',
  code: 54,
  reply: text('firmware settings, XML', 1, LONGEST_PAYLOAD),
  timeoutMs: TEXT_MS,
  answers: isXml,
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
  readHardwareBoardId: {
    doc: 'Bytes of unknown format.',
    evidence: 'one source',
    source: '§3.1',
  },
  readFirmwareSettings: {
    doc: 'The id of the firmware image, as one XML element.',
    evidence: 'captured',
    source: '§3.5',
  },
} as const satisfies Record<string, AboutCommand>;
