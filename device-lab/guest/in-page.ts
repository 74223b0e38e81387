// What the page does: reads by Web Serial or WebUSB, with the devices that the policy grants.
import type { Transport } from '@egvkit/protocol/receiver';
import * as webSerial from '@egvkit/receiver-webserial';
import * as webUsb from '@egvkit/receiver-webusb';
import { type Connect, failureOf, TASKS, type TaskName } from './reading.ts';

function only<T>(granted: readonly T[]): T {
  const [receiver] = granted;
  if (granted.length === 1 && receiver !== undefined) return receiver;
  throw Object.assign(new Error(`The page may use ${granted.length} receivers.`), {
    code: 'noReceiver',
  });
}

const ONCE = { attempts: 1 };

const WAYS: Readonly<Record<string, (options?: { attempts: number }) => Promise<Transport>>> = {
  webserial: async (options) =>
    webSerial.openSerial(only(await webSerial.grantedReceivers()), options),
  webusb: async (options) => webUsb.openUsb(only(await webUsb.grantedReceivers()), options),
};

const wayNamed = (name: string): Connect => WAYS[name] as Connect;

/** Reads, and gives the result as JSON: thousands of objects would get out of the page slowly. */
export async function read(way: string, task: TaskName, types: readonly number[]): Promise<string> {
  return JSON.stringify(await TASKS[task](wayNamed(way), types).catch(failureOf));
}

let open: Transport | undefined;

/** Opens a receiver, in one attempt, and keeps it open. */
export async function keepOpen(way: string) {
  try {
    open = await WAYS[way]?.(ONCE);
    return { opened: open !== undefined };
  } catch (error) {
    return failureOf(error);
  }
}

/** Closes it again. */
export async function close(): Promise<void> {
  await open?.close();
}
