import type { Command } from '../../src/receiver/command.ts';
import { COMMANDS, type CommandName } from '../../src/receiver/commands.ts';
import { encodePacket, type Noise, type Packet, PacketDecoder } from '../../src/receiver/packet.ts';
import { prepareRequest } from '../../src/receiver/request.ts';
import { readWithin } from '../canary.ts';
import { digest } from '../digest.ts';
import { fail } from '../failure.ts';
import { joined, mutate, seal } from '../mutation.ts';
import type { Random } from '../random.ts';
import { makePage } from './page.ts';

const NAMES = Object.keys(COMMANDS) as CommandName[];
const REQUEST = { recordType: 4, firstPage: 0, page: 0, displayOffsetSeconds: 0 };

function payload(random: Random): Uint8Array {
  const row = COMMANDS[random.pick(NAMES)] as Command<unknown, unknown>;
  if (random.oneIn(4)) return makePage(random);
  const { minSize, maxSize } = random.oneIn(2) ? row.reply : row.request;
  return random.bytes(Math.min(maxSize, minSize + random.int(8)));
}

function packet(random: Random): Uint8Array {
  const bytes = mutate(
    encodePacket(random.int(random.oneIn(2) ? 256 : 8), payload(random)),
    random,
    5,
  );
  if (random.oneIn(6)) lie(bytes, random);
  else if (random.oneIn(2)) seal(bytes, 0, bytes.length - 2);
  return bytes;
}

/** Claims another length, and has the CRC right for it. */
function lie(bytes: Uint8Array, random: Random): void {
  const length = random.oneIn(2) ? random.int(10) : random.int(bytes.length + 2);
  bytes[1] = length;
  bytes[2] = length >> 8;
  seal(bytes, 0, length - 2);
}

/** Packets, whole and damaged, with noise between them. */
export function generateStream(random: Random): Uint8Array {
  const parts: Uint8Array[] = [];
  for (let left = 1 + random.int(3); left > 0; left--) {
    if (random.oneIn(3)) parts.push(random.bytes(random.int(12)));
    parts.push(packet(random));
  }
  return joined(parts);
}

interface Decoded {
  readonly packets: readonly Packet[];
  readonly bytes: number;
}

function decode(bytes: Uint8Array, most: number, cuts: readonly number[]): Decoded {
  const decoder = new PacketDecoder(most);
  const events: (Packet | Noise)[] = [];
  let from = 0;
  for (const to of [...cuts, bytes.length]) {
    events.push(...decoder.push(bytes.subarray(from, to)));
    from = to;
  }
  events.push(...decoder.rescue(), ...decoder.reset());
  const packets = events.filter((event) => event.kind === 'packet');
  const count = events.reduce(
    (sum, event) => sum + (event.kind === 'noise' ? event.bytes.length : event.payload.length + 6),
    0,
  );
  return { packets, bytes: count };
}

export function checkStream(input: Uint8Array, random: Random): void {
  const name = random.pick(NAMES);
  const request = { ...REQUEST, pageCount: 1 + random.int(4) };
  const prepared = prepareRequest(name, request as never, { allowWrites: true });
  const most = random.oneIn(2) ? prepared.longestReply : 0xffff;
  const cuts = Array.from({ length: random.int(6) }, () => random.int(input.length + 1));
  cuts.sort((a, b) => a - b);

  const whole = readWithin(input, random.pick([0, 1, 0xff]), (bytes) => decode(bytes, most, []));
  const pieces = decode(input, most, cuts);
  if (whole.bytes !== input.length || pieces.bytes !== input.length) fail('bytes were lost');
  if (digest(whole.packets) !== digest(pieces.packets)) fail('pieces give other packets');

  for (const { payload: bytes } of whole.packets) {
    if (!prepared.answers(bytes)) continue;
    const row = COMMANDS[name] as Command<unknown, unknown>;
    const again = row.reply.encode(readWithin(bytes, 0xff, (all) => prepared.decode(all)));
    if (digest(again) !== digest(bytes)) fail(`a reply to ${name} came back different`);
  }
}
