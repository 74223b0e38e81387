/** Reading over any transport, the same in Node and in a page. */
import type { Transport } from '@egvkit/protocol/receiver';
import { type Bookmark, Receiver } from '@egvkit/receiver';

/** Opens the receiver that is plugged in; throws while there is none. */
export type Connect = () => Promise<Transport>;

/** Errors that pass when a cable is plugged in again. */
const PASSING = ['noReceiver', 'portNotFound'];
const PAUSE_MS = 200;

const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** A value as plain JSON: bytes as hexadecimal, null for what is unknown. */
export const plainOf = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_key, each) => {
      if (each === undefined) return null;
      return each instanceof Uint8Array ? hex(each) : each;
    }),
  );

/** Ways of reading, by name. Each gives plain JSON. */
export const TASKS = {
  /** Every record of the types, and how long that took. */
  async records(connect: Connect, types: readonly number[]) {
    await using receiver = await Receiver.open(await connect());
    const began = performance.now();
    const records: unknown[] = [];
    for (const type of types) {
      for await (const record of receiver.records(type, { order: 'oldestFirst' })) {
        records.push(record);
      }
    }
    const ms = performance.now() - began;
    return { ms, records: plainOf(records) as unknown[] };
  },

  /** Time to read every record of the types. */
  async speed(connect: Connect, types: readonly number[]) {
    const { ms, records } = await TASKS.records(connect, types);
    return { ms, count: records.length };
  },

  /** Every page of the types, byte for byte. */
  async pages(connect: Connect, types: readonly number[]) {
    await using receiver = await Receiver.open(await connect());
    const pages: string[] = [];
    for (const type of types) {
      for await (const { bytes } of receiver.pages(type, { order: 'oldestFirst' })) {
        pages.push(hex(bytes));
      }
    }
    return { pages };
  },

  /** Every record of the types, with a new session from the bookmark on whenever one fails. */
  async readOn(connect: Connect, types: readonly number[]) {
    const records: unknown[] = [];
    const failures: string[] = [];
    for (const type of types) {
      let bookmark: Bookmark | undefined;
      for (let isDone = false; !isDone; ) {
        const transport = await connectSoon(connect);
        try {
          await using receiver = await Receiver.open(transport);
          for await (const news of receiver.newRecords(type, bookmark)) {
            records.push(...news.records);
            bookmark = news.bookmark;
          }
          isDone = true;
        } catch (error) {
          const { code, message } = error as { code?: string; message: string };
          failures.push(code ?? message);
          if (code !== 'unplugged' || failures.length > 5) throw error;
        }
      }
    }
    return { failures, records: plainOf(records) as unknown[] };
  },
} as const;

export type TaskName = keyof typeof TASKS;

async function connectSoon(connect: Connect): Promise<Transport> {
  for (;;) {
    try {
      return await connect();
    } catch (error) {
      if (!PASSING.includes((error as { code?: string }).code ?? '')) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}

/** An error as plain JSON, for whoever is in another process. */
export function failureOf(error: unknown): { readonly failure: Record<string, string> } {
  const { name, code, message, help, stack, cause } = error as Record<string, unknown>;
  const texts = Object.entries({ name, code, message, help, stack, cause });
  return {
    failure: Object.fromEntries(
      texts.filter(([, text]) => text !== undefined).map(([key, text]) => [key, String(text)]),
    ),
  };
}
