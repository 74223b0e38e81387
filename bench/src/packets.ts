import { type Noise, type Packet, PacketDecoder } from '@egvkit/protocol/receiver';
import { encodePacket, PACKET_OVERHEAD } from '@egvkit/protocol/receiver/wire';
import { egvPages } from './data.ts';
import { type Contestant, measure } from './measurement.ts';
import type { Report } from './report.ts';

const REPLIES = 60;
const PAGES_PER_REPLY = 4;
const NOISE_BYTES = 300_000;

function join(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function contestant(stream: Uint8Array, chunkSize: number, payloadBytes: number): Contestant {
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < stream.length; at += chunkSize) {
    chunks.push(stream.slice(at, at + chunkSize));
  }
  return {
    name: `PacketDecoder at ${chunkSize} bytes`,
    bytes: stream.length,
    expected: payloadBytes,
    run() {
      const decoder = new PacketDecoder(4096);
      let found = 0;
      for (const chunk of chunks) {
        for (const event of decoder.push(chunk)) {
          if (event.kind === 'packet') found += event.payload.length;
        }
      }
      return found;
    },
  };
}

/** Many beginnings of packets that are none: each claims 65,535 bytes. */
function falseBeginnings(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i % 3 === 0 ? 0x01 : 0xff));
}

function bytesOf(found: readonly (Packet | Noise)[]): number {
  let sum = 0;
  for (const one of found) {
    sum += one.kind === 'packet' ? one.payload.length + PACKET_OVERHEAD : one.bytes.length;
  }
  return sum;
}

/** Decodes a whole stream, packets of any length; gives the bytes of packets and of noise. */
function wholeStream(name: string, stream: Uint8Array): Contestant {
  return {
    name,
    bytes: stream.length,
    expected: stream.length,
    run() {
      const decoder = new PacketDecoder();
      return bytesOf(decoder.push(stream)) + bytesOf(decoder.finish());
    },
  };
}

/** Replies of four pages, as they arrive: in USB packets of 64 bytes, in transfers of 4096. */
export function benchPackets(report: Report): void {
  const { pages } = egvPages(2, REPLIES * PAGES_PER_REPLY);
  const replies = Array.from({ length: REPLIES }, (_, i) =>
    encodePacket(1, join(pages.slice(i * PAGES_PER_REPLY, (i + 1) * PAGES_PER_REPLY))),
  );
  const stream = join(replies);
  const payloadBytes = stream.length - 6 * REPLIES;
  const [small, large] = measure([
    contestant(stream, 64, payloadBytes),
    contestant(stream, 4096, payloadBytes),
  ]);
  report.heading('PacketDecoder, replies of 2118 bytes');
  report.number('in chunks of 64 bytes', small, 'MB/s');
  report.number('in chunks of 4096 bytes', large, 'MB/s');

  const [clean, evil] = measure([
    wholeStream('replies', stream),
    wholeStream('false beginnings', falseBeginnings(NOISE_BYTES)),
  ]);
  report.heading('PacketDecoder, packets of any length, a whole stream');
  report.number('replies of 2118 bytes', clean, 'MB/s');
  report.number('01 FF FF over and over', evil, 'MB/s');
  report.atMost('time of 01 FF FF : time of as many bytes of replies', clean / evil, 200, 'x');
}
