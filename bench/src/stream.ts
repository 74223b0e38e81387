// Run by `memory.ts` in a process of its own: decodes a stream of pages and prints, as JSON, the
// peak of its memory on the way.
import { decodePage, PacketDecoder } from '@egvkit/protocol/receiver';
import { encodePacket, PAGE_SIZE } from '@egvkit/protocol/receiver/wire';
import { egvPage } from './data.ts';

/** Bytes a megabyte, and kilobytes as the system counts them. */
const MB = 1e6;
const KB = 1024;

const [few = 0, many = 0] = process.argv.slice(2).map(Number);
const decoder = new PacketDecoder(4096);
const peaksMb: number[] = [];
let records = 0;

for (let pageNumber = 0; pageNumber < many; ) {
  const reply = new Uint8Array(4 * PAGE_SIZE);
  for (let i = 0; i < 4; i++) reply.set(egvPage(2, pageNumber++), i * PAGE_SIZE);
  for (const event of decoder.push(encodePacket(1, reply))) {
    if (event.kind !== 'packet') throw new Error('a reply was damaged');
    for (let at = 0; at < event.payload.length; at += PAGE_SIZE) {
      const page = decodePage(event.payload.subarray(at, at + PAGE_SIZE));
      if (page.problems.length > 0) throw new Error(`page ${page.header.pageNumber} is damaged`);
      records += page.records.length;
    }
  }
  if (pageNumber === few || pageNumber === many) {
    peaksMb.push((process.resourceUsage().maxRSS * KB) / MB);
  }
}
console.log(JSON.stringify({ peaksMb, records }));
