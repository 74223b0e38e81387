/** Reading everything that is in a scenario's receiver, over any carrier. */
import type { Transport } from '@egvkit/protocol/receiver';
import { type Bookmark, Receiver } from '@egvkit/receiver';
import type { Attachable } from '../../src/wire.ts';
import type { Scenario } from './scenario.ts';

/** Plugs the receiver in and opens it. */
export type Plug = (device: Attachable) => Promise<Transport>;

/** Every record of a type as it is stored, oldest first. */
export function everything({ content }: Scenario, recordType: number): readonly object[] {
  return [...content.records(recordType), ...content.rawRecords(recordType)];
}

/** Records of a type as they were read and as they are stored: equal if all is well. */
export interface Reading {
  readonly recordType: number;
  readonly read: readonly object[];
  readonly stored: readonly object[];
}

/** Reads every record of every type once. */
export async function readAll(one: Scenario, plug: Plug): Promise<Reading[]> {
  const { device, content, pagesPerRequest, order } = one;
  const receiver = await Receiver.open(await plug(device), { pagesPerRequest });
  const readings: Reading[] = [];
  for (const { recordType } of content.partitions()) {
    const read = await collect(receiver.records(recordType, { order }));
    const stored = everything(one, recordType);
    readings.push({
      recordType,
      read,
      stored: order === 'newestFirst' ? stored.toReversed() : stored,
    });
  }
  await receiver.close();
  return readings;
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}

const MOST_PLUGS = 60;

/** Reads what is new, so many times over, plugging the cable in again as often as it is pulled. */
export async function readOn(
  one: Scenario,
  recordType: number,
  plug: Plug,
  times = 1,
): Promise<{
  readonly read: readonly object[];
  /** Number of records before the last reading began. */
  readonly atLeast: number;
}> {
  const read: object[] = [];
  let atLeast = 0;
  let bookmark: Bookmark | undefined;
  let finished = 0;
  for (let plugs = 0; finished < times; plugs++) {
    if (plugs === MOST_PLUGS) throw new Error('the cable was pulled too often');
    atLeast = everything(one, recordType).length;
    let transport: Transport | undefined;
    try {
      const { device, pagesPerRequest } = one;
      transport = await plug(device);
      const receiver = await Receiver.open(transport, { pagesPerRequest });
      for await (const news of receiver.newRecords(recordType, bookmark)) {
        read.push(...news.records);
        bookmark = news.bookmark;
      }
      await receiver.close();
      finished++;
    } catch (error) {
      if ((error as { code?: string }).code !== 'unplugged') throw error;
      await transport?.close();
    }
  }
  return { read, atLeast };
}

/** Fails one transfer in five, seldom enough for the driver to recover. */
export function failuresFrom<Kind>(
  chance: () => number,
  kinds: readonly Kind[],
  onFailure: (kind: Kind) => void,
): () => Kind | undefined {
  let spared = 0;
  return () => {
    if (spared-- > 0 || chance() > 0.2) return undefined;
    spared = 6;
    const kind = kinds[Math.floor(chance() * kinds.length)] as Kind;
    onFailure(kind);
    return kind;
  };
}
