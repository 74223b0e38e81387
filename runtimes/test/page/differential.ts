/** The driver differential in a page: every record once, with every survivable fault. */
import {
  everything,
  failuresFrom,
  type Plug,
  readAll,
  readOn,
} from '../../../packages/receiver-emulator/test/differential/reading.ts';
import { scenario } from '../../../packages/receiver-emulator/test/differential/scenario.ts';
import { settle, useFakeClock } from './clock.ts';
import { WAYS } from './receivers.ts';
import { areEqual } from './vitest.ts';

/** Result of comparing many readings with what is stored. */
export interface Differences {
  readonly records: number;
  /** Kinds of the faults and failures that happened. */
  readonly happened: readonly string[];
  /** The readings that differ from the stored records. */
  readonly wrong: readonly string[];
  /** Number of times the cable was pulled. */
  readonly plugs: number;
}

/**
 * Reads the receivers of so many seeds three times: with faults in replies, with failures of
 * transfers, and with the cable pulled.
 *
 * @param failures kinds of failure of the second reading's transfers
 */
export async function runDifferential(
  way: keyof typeof WAYS,
  seeds: number,
  failures: readonly string[],
): Promise<Differences> {
  useFakeClock();
  const { open } = WAYS[way];
  const happened = new Set<string>();
  const wrong: string[] = [];
  let [records, plugs] = [0, 0];
  const plug: Plug = async (device) => {
    plugs++;
    return (await open(device)).transport;
  };
  const compare = (what: string, read: readonly object[], stored: readonly object[]) => {
    records += read.length;
    if (!areEqual(read, stored)) wrong.push(what);
  };
  for (let seed = 1; seed <= seeds; seed++) {
    const one = scenario(seed);
    for (const { recordType, read, stored } of await settle(readAll(one, plug))) {
      compare(`seed ${seed}, type ${recordType}`, read, stored);
    }
    for (const fault of one.injected) happened.add(fault.split(': ')[1] ?? '');
  }
  for (let seed = 101; seed <= 100 + seeds; seed++) {
    let last = seed;
    const chance = () => {
      last = (last * 48_271) % 0x7fff_ffff;
      return last / 0x7fff_ffff;
    };
    const failTransfer = failuresFrom(chance, failures, (kind) => happened.add(kind));
    const quiet: Plug = async (device) => (await open(device, { failTransfer })).transport;
    const one = scenario(seed, { quiet: true });
    for (const { recordType, read, stored } of await settle(readAll(one, quiet))) {
      compare(`seed ${seed}, type ${recordType}`, read, stored);
    }
  }
  const plugsBefore = plugs;
  for (let seed = 201; seed <= 200 + seeds; seed++) {
    const one = scenario(seed, { unplugs: true });
    for (const { recordType } of one.content.partitions()) {
      const { read } = await settle(readOn(one, recordType, plug));
      compare(`seed ${seed}, type ${recordType}`, read, everything(one, recordType));
    }
  }
  return { records, happened: [...happened].sort(), wrong, plugs: plugs - plugsBefore };
}
