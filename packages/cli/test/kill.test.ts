import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { RequestEvent } from '@egvkit/share-emulator';
import { describe, expect, it } from 'vitest';
import { expectedValues, makeWorld, storedValues, type World } from './support/world.ts';

/**
 * An upload that is killed at any moment and run again leaves every reading on the service once.
 * The program is a real process, killed by SIGKILL; receiver and service go on running here.
 *
 * `EGVKIT_KILLS=all` kills it at every single event; by default at the ones that matter.
 */
const MAIN = join(import.meta.dirname, '../dist/main.js');
const EVERY = process.env.EGVKIT_KILLS === 'all';

function startUpload(world: World): ChildProcess {
  return spawn(process.execPath, [MAIN, ...world.uploadArgs, '--json'], {
    env: { ...world.env, PATH: process.env.PATH },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await end(child);
}

/** Starts an upload and kills it at the first event that fits. Tells whether it came to that. */
async function killAt(world: World, fits: (event: RequestEvent) => boolean): Promise<boolean> {
  let killed = false;
  let child: ChildProcess | undefined;
  const stop = world.service.onRequest(async (event) => {
    if (killed || child === undefined || !fits(event)) return;
    killed = true;
    // The service waits for this: the process is dead before anything else happens.
    await kill(child);
  });
  child = startUpload(world);
  await end(child);
  stop();
  return killed;
}

interface Report {
  readonly ok: boolean;
  readonly uploaded: number;
  readonly error?: unknown;
}

async function finish(world: World): Promise<Report> {
  const child = startUpload(world);
  let out = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  await end(child);
  return JSON.parse(out) as Report;
}

async function expectEachOnce(world: World): Promise<void> {
  const { ok, error } = await finish(world);
  expect({ ok, error }).toEqual({ ok: true, error: undefined });
  expect(storedValues(world)).toEqual(expectedValues(world));
  // And there is nothing left to do.
  const again = await finish(world);
  expect(again.error).toBeUndefined();
  expect(again).toMatchObject({ ok: true, uploaded: 0 });
  expect(storedValues(world)).toEqual(expectedValues(world));
}

const PHASES = ['received', 'committed', 'answered'] as const;

describe('an upload that is killed and run again', { timeout: 60_000 }, () => {
  const posts = EVERY ? [1, 2, 3, 4, 5, 6] : [1, 3, 6];
  for (const post of posts) {
    for (const phase of PHASES) {
      it.concurrent(`at post ${post}, ${phase}`, async () => {
        await using world = await makeWorld();
        let seen = 0;
        const killed = await killAt(world, (event) => {
          if (event.endpoint !== 'PostReceiverEgvRecords' || event.phase !== phase) return false;
          seen++;
          return seen === post;
        });
        expect(killed).toBe(true);
        await expectEachOnce(world);
      });
    }
  }

  const requests = EVERY ? [1, 2, 3, 4, 5, 6, 7, 14] : [2, 4, 7, 14];
  for (const request of requests) {
    it.concurrent(`at request ${request} of the session`, async () => {
      await using world = await makeWorld();
      const killed = await killAt(world, (event) => event.request === request);
      expect(killed).toBe(true);
      await expectEachOnce(world);
    });
  }

  it.concurrent('again and again, at another post each time', async () => {
    await using world = await makeWorld();
    for (const phase of [...PHASES, ...PHASES]) {
      const isPost = ({ endpoint }: RequestEvent) => endpoint === 'PostReceiverEgvRecords';
      await killAt(world, (event) => isPost(event) && event.phase === phase);
    }
    await expectEachOnce(world);
  });

  // Moments that no event marks: while it starts, reads the receiver, writes the journal.
  const delays = EVERY ? Array.from({ length: 40 }, (_, i) => 20 + i * 20) : [150, 300, 420, 560];
  for (const delayMs of delays) {
    it.concurrent(`after ${delayMs} ms, whatever it is doing`, async () => {
      await using world = await makeWorld();
      const child = startUpload(world);
      await new Promise((done) => setTimeout(done, delayMs));
      await kill(child);
      await expectEachOnce(world);
    });
  }

  it.concurrent('while the receiver is answering', async () => {
    let child: ChildProcess | undefined;
    let replies = 0;
    await using world = await makeWorld({
      deliver: ({ bytes }) => {
        if (++replies !== 9 || child === undefined) return undefined;
        child.kill('SIGKILL');
        return [bytes.subarray(0, 100)];
      },
    });
    child = startUpload(world);
    await end(child);
    expect(child.signalCode).toBe('SIGKILL');
    await expectEachOnce(world);
  });
});
