import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { sqliteShareStore } from '../src/node.ts';
import { APPLICATION, SERIAL } from './wire.ts';

const DIST = join(import.meta.dirname, '../dist');
const SERVER = fileURLToPath(new URL('./support/killed-server.ts', import.meta.url));

async function started(file: string) {
  const child = spawn(process.execPath, [SERVER, DIST, file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [origin] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  const call = async (path: string, body: string): Promise<Response> =>
    await fetch(`${origin}/ShareWebServices/Services/${path}`, { method: 'POST', body });
  const login = { accountName: 'ann', password: 'pass word', applicationId: APPLICATION };
  const first = await call('General/AuthenticatePublisherAccount', JSON.stringify(login));
  const accountId = (await first.json()) as string;
  const second = await call(
    'General/LoginPublisherAccountById',
    JSON.stringify({ ...login, accountId }),
  );
  const session = (await second.json()) as string;
  const post = (ms: number) =>
    call(
      `Publisher/PostReceiverEgvRecords?sessionId=${session}`,
      `{"SN":"${SERIAL}","Egvs":[{"Trend":4,"ST":"/Date(${ms})/","DT":"/Date(${ms})/","Value":100}],"TA":0}`,
    );
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  };
  return { post, kill };
}

describe('a service that is killed', () => {
  it('has every reading it has answered for, session after session', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'egvkit-killed-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const file = join(folder, 'share.db');
    const answered: number[] = [];
    for (let run = 0; run < 3; run++) {
      const { post, kill } = await started(file);
      // Several at once; the kill falls between answers, with others under way.
      let enough = false;
      await Promise.allSettled(
        [0, 1, 2, 3].map(async (lane) => {
          for (let i = 0; i < 50 && !enough; i++) {
            const ms = 1_700_000_000_000 + ((run * 4 + lane) * 50 + i) * 1000;
            const { status } = await post(ms);
            if (status !== 200) throw new Error(`a post gave ${status}`);
            answered.push(ms);
            if (answered.length >= 25 * (run + 1) && !enough) {
              enough = true;
              await kill();
            }
          }
        }),
      );
      await kill();
    }
    using store = await sqliteShareStore(file);
    const id = store.accountByName('ann')?.id ?? '';
    const stored = new Set(store.allReadings(id).map(({ stMs }) => stMs));
    expect(answered.length).toBeGreaterThanOrEqual(75);
    expect(answered.filter((ms) => !stored.has(ms))).toEqual([]);
  });
});
