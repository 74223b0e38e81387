import { parentPort, workerData } from 'node:worker_threads';
import { seededRandom } from '@egvkit/receiver-emulator';
import { Disk } from './platform/disk.ts';
import { installGlobals } from './platform/globals.ts';
import { installHooks } from './platform/hooks.ts';
import { Host } from './platform/host.ts';
import { runOn } from './platform/machine.ts';
import { WorldTime } from './platform/world-time.ts';
import { BEGIN_MS } from './world/history.ts';

const PATH = '/state/journal.jsonl';
const BETWEEN_MS = 300_000;
const A_DAY = 288;

// Before anything of the product is loaded: it takes its files from here.
installHooks();
installGlobals();
const { fileJournal } = await import('@egvkit/uploader/node');

/** Notes a reading every five minutes, before and after its post, and opens the journal anew every day. */
async function keepJournal(days: number): Promise<number> {
  const host = new Host(new WorldTime(BEGIN_MS), 'home');
  const disk = new Disk(seededRandom(1));
  runOn({ host, disk, random: seededRandom(2) });
  host.startProcess();
  let largestBytes = 0;
  for (let day = 0; day < days; day++) {
    const owner = { serialNumber: 'SM00000001', target: 'a destination' };
    await using journal = await fileJournal(PATH)(owner);
    for (let n = day * A_DAY; n < (day + 1) * A_DAY; n++) {
      host.errorMs += BETWEEN_MS;
      const utcMs = Math.floor(host.nowMs() / 1000) * 1000;
      const reading = {
        ...{ utcMs, value: 40 + (n % 361), trend: { raw: 4, name: 'flat' }, source: 'receiver' },
        key: `4:${10_000 + n}@${575_270_000 + n * 300}`,
        sourceClocks: { systemMs: utcMs, displayMs: utcMs - 3_600_000 },
        details: { noise: 1, unfiltered: 188_400, filtered: 188_688, rssi: -150 },
      } as unknown as Parameters<typeof journal.plan>[0][number];
      await journal.plan([reading]);
      await journal.confirm([reading]);
      largestBytes = Math.max(largestBytes, disk.file(PATH).size);
    }
  }
  return largestBytes;
}

parentPort?.postMessage(await keepJournal(workerData as number));
