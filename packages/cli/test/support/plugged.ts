import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  DEXCOM_VENDOR_ID,
  G7_RECEIVER_PRODUCT_ID,
  RECEIVER_PRODUCT_ID,
} from '@egvkit/protocol/receiver/wire';
import {
  EmulatedReceiver,
  generateDatabase,
  RECEIVER_PROFILES,
  ReceiverDatabase,
} from '@egvkit/receiver-emulator';
import { openPty } from '@egvkit/receiver-emulator/pty';
import { onTestFinished } from 'vitest';
import { makeFolder } from './world.ts';

const listed = (id: number): string => id.toString(16).padStart(4, '0');

/** Product ids of Dexcom's as a system lists them. */
export const RECEIVER_ID = listed(RECEIVER_PRODUCT_ID);
export const G7_ID = listed(G7_RECEIVER_PRODUCT_ID);

/** A port as the system tells of it. */
interface PluggedPort {
  readonly path: string;
  readonly productId: string;
}

/** Makes the system list ports, and no others, until the test ends: what asks it finds a `udevadm`. */
export async function plugIn(ports: readonly PluggedPort[]): Promise<{
  /** Folder of the `udevadm`, for the PATH of a program. */
  readonly folder: string;
  /** Lists others from now on. */
  readonly replug: (ports: readonly PluggedPort[]) => Promise<void>;
}> {
  const { path: folder, [Symbol.asyncDispose]: remove } = await makeFolder();
  const before = process.env.PATH ?? '';
  onTestFinished(async () => {
    process.env.PATH = before;
    await remove();
  });
  const list = join(folder, 'list');
  const udevadm = join(folder, 'udevadm');
  const replug = (all: readonly PluggedPort[]): Promise<void> =>
    writeFile(list, all.map(describePort).join('\n'));
  await replug(ports);
  await writeFile(udevadm, `#!/bin/sh\ncat '${list}'\n`);
  await chmod(udevadm, 0o755);
  process.env.PATH = `${folder}:${before}`;
  return { folder, replug };
}

function describePort({ path, productId }: PluggedPort, index: number): string {
  return [
    `P: /devices/tty/ttyACM${index}`,
    `N: ttyACM${index}`,
    `E: DEVNAME=${path}`,
    'E: ID_VENDOR_ENC=DexCom',
    `E: ID_VENDOR_ID=${listed(DEXCOM_VENDOR_ID)}`,
    `E: ID_MODEL_ID=${productId}`,
    '',
  ].join('\n');
}

/** A receiver on a real port that the system does not list by itself. */
export async function makeReceiver(
  serialNumber: string,
  choose: (count: number) => number = (count) => count,
) {
  const profile = RECEIVER_PROFILES.g4;
  const full = generateDatabase({ profile, seed: 5, days: 0.9, nowMs: Date.now(), serialNumber });
  const records = full.records(4);
  const database = new ReceiverDatabase([
    { recordType: 0, revision: 1, firstPage: 0, records: full.records(0) },
    { recordType: 4, revision: 2, firstPage: 0, records: records.slice(0, choose(records.length)) },
  ]);
  const receiver = new EmulatedReceiver({ profile, database });
  const pty = await openPty(receiver);
  onTestFinished(() => pty[Symbol.asyncDispose]());
  return { receiver, path: pty.path, serialNumber, productId: RECEIVER_ID, records };
}
