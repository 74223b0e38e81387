import { latin1, latin1Bytes } from '../../src/layout.ts';
import {
  parseFirmwareHeader,
  parseFirmwareSettings,
  parsePartitionInfo,
} from '../../src/receiver/identity.ts';
import { formatXml, parseXml, type XmlElement } from '../../src/receiver/xml.ts';
import { digest } from '../digest.ts';
import { fail } from '../failure.ts';
import { joined, mutate } from '../mutation.ts';
import type { Random } from '../random.ts';

const ELEMENTS = [
  'PartitionInfo',
  'Partition',
  'FirmwareHeader',
  'a',
  '_b.c-d',
  'PCParameterRecord',
];
const ATTRIBUTES = [
  'Name',
  'Id',
  'RecordRevision',
  'RecordLength',
  '__proto__',
  'constructor',
  'x',
];
const VALUES = [
  '',
  '1',
  '999999999',
  '9999999999',
  '-1',
  'EGVData',
  '{0}',
  'a&b',
  '<',
  '"',
  "'",
  ' ',
];
/** Pieces that parsers stumble over. */
const TOKENS = [
  ...['<', '</', '/>', '>', '=', '"', "'", '&', '&amp;', '&#', '&#x', '&#0;', '&#x110000;'],
  ...['&#xD800;', '<!--', '-->', '<?xml?>', '<![CDATA[', ']]>', '\0', '\n', '\t', ' '.repeat(50)],
  ...['<a>', '</a>', '<a/>', "x='y'", 'x="y"', '\u00ff'],
].map(latin1Bytes);

function element(random: Random, depth: number): XmlElement {
  const attributes: Record<string, string> = Object.create(null);
  for (let left = random.int(5); left > 0; left--) {
    attributes[random.pick(ATTRIBUTES)] = random.pick(VALUES);
  }
  const children =
    depth > 7 ? [] : Array.from({ length: random.int(3) }, () => element(random, depth + 2));
  return { name: random.pick(ELEMENTS), attributes, children };
}

export function generateXml(random: Random): Uint8Array {
  const style = {
    quote: random.pick(['"', "'"] as const),
    end: random.pick(['/>', ' />'] as const),
  };
  let bytes = latin1Bytes(formatXml(element(random, random.int(8)), style));
  for (let left = random.int(4); left > 0; left--) {
    const at = random.int(bytes.length + 1);
    const times = random.oneIn(40) ? 400 : 1;
    const token = joined(Array.from({ length: times }, () => random.pick(TOKENS)));
    bytes = joined([bytes.subarray(0, at), token, bytes.subarray(at + random.int(3))]);
  }
  return random.oneIn(3) ? mutate(bytes, random, 4) : bytes;
}

export function checkXml(input: Uint8Array): void {
  const text = latin1(input);
  parseFirmwareHeader(text);
  parseFirmwareSettings(text);
  parsePartitionInfo(text);
  const parsed = parseXml(text);
  if (parsed === undefined) return;
  for (const quote of ['"', "'"] as const) {
    for (const end of ['/>', ' />'] as const) {
      const again = parseXml(formatXml(parsed, { quote, end }));
      if (digest(again) !== digest(parsed)) fail('an element came back different');
    }
  }
}
