import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFile,
  copyFile,
  lstat,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Journal, memoryJournal, type PlannedReading, runUpload } from '../src/index.ts';
import { fileJournal, readJournal } from '../src/node.ts';
import { FakeService, NOW_MS, planned, readings, sourceOf } from './support/world.ts';

const OWNER = { serialNumber: 'SM00000001', target: 'test-service' };
const ENTRY = new URL('../dist/node.js', import.meta.url).href;

async function journalPath(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'egvkit-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return join(folder, 'journal.ndjson');
}

function reading(n: number): PlannedReading {
  return planned(n, 1_777_896_000_000, 100);
}

async function opened(path: string): Promise<Journal> {
  const journal = await fileJournal(path)(OWNER);
  onTestFinished(() => journal.close());
  return journal;
}

/** Changes that can happen to a journal under its holder. */
const THEFTS: readonly [string, (path: string) => Promise<unknown>][] = [
  ['its lock was removed', (path) => rm(`${path}.lock`)],
  ['its lock was taken over', (path) => writeFile(`${path}.lock.holder`, 'theirs')],
  ['it was removed', (path) => rm(path)],
  ['it was moved away', (path) => rename(path, `${path}.old`)],
  ['another was put in its place', (path) => replaced(path)],
  ['somebody wrote to it', (path) => appendFile(path, 'theirs\n')],
  ['somebody cut it', (path) => truncate(path, 10)],
];

async function replaced(path: string): Promise<void> {
  await copyFile(path, `${path}.copy`);
  await rename(`${path}.copy`, path);
}

const contentOf = (path: string) => readFile(path, 'utf8').catch(() => undefined);

describe.each([
  ['in a file', async () => fileJournal(await journalPath())],
  ['in memory', async () => memoryJournal()],
])('a journal %s', (_, make) => {
  it('is held until it is closed, and knows what was noted when it is opened again', async () => {
    const open = await make();
    {
      await using journal = await open(OWNER);
      await journal.assertHeld();
      await journal.plan([reading(1), reading(2)]);
      await journal.confirm([reading(1)]);
      await journal.assertHeld();
    }
    await using journal = await open(OWNER);
    await journal.assertHeld();
    expect(journal.pending()).toEqual([reading(2)]);
    expect(journal.has('4:1@1')).toBe(true);
  });
});

describe('a journal that is no longer the holder’s own', () => {
  it.each(THEFTS)('takes no more notes: %s', async (_, steal) => {
    const path = await journalPath();
    const journal = await opened(path);
    await journal.plan([reading(1)]);
    await steal(path);
    const stolen = await contentOf(path);
    await expect(journal.assertHeld()).rejects.toMatchObject({ code: 'journalLost' });
    await expect(journal.confirm([reading(1)])).rejects.toMatchObject({ code: 'journalLost' });
    expect(await contentOf(path)).toBe(stolen);
    await journal.close();
    expect(await contentOf(path)).toBe(stolen);
  });

  it.each(THEFTS)('ends the upload before the next post: %s', async (_, steal) => {
    const path = await journalPath();
    const service = new FakeService();
    let posts = 0;
    service.checkpoint = (where) => {
      if (where === 'post') posts++;
    };
    const send = service.post.bind(service);
    service.post = async (batch, call) => {
      const outcome = await send(batch, call);
      await steal(path);
      return outcome;
    };
    const upload = runUpload({
      source: sourceOf(readings(6)),
      destination: service,
      journal: fileJournal(path),
      batchSize: 2,
      nowMs: () => NOW_MS,
    });
    await expect(upload).rejects.toMatchObject({ code: 'journalLost' });
    expect(posts).toBe(1);
  });

  it('is not asked only when a note is made: a post comes after it', async () => {
    const service = new FakeService();
    const open = memoryJournal();
    let lost = false;
    const upload = runUpload({
      source: sourceOf(readings(2)),
      destination: service,
      journal: async (owner) => {
        const journal = await open(owner);
        return {
          ...journal,
          plan: async (planned) => {
            await journal.plan(planned);
            lost = true;
          },
          assertHeld: async () => {
            if (lost) throw new Error('lost');
          },
        };
      },
      nowMs: () => NOW_MS,
    });
    await expect(upload).rejects.toThrow('lost');
    expect(service.posts).toEqual([]);
  });
});

/** A program that notes readings as soon as it has the journal, until it is killed. */
const writer = (path: string, first: number) => `
  const { fileJournal } = await import(${JSON.stringify(ENTRY)});
  const parts = ${JSON.stringify(reading(0))};
  const reading = (n) => ({ ...parts, key: '4:' + n + '@' + n });
  const say = (text) => process.stdout.write(text + '\\n');
  for (let refused = false; ; refused = true) {
    try {
      const journal = await fileJournal(${JSON.stringify(path)})(${JSON.stringify(OWNER)});
      for (let n = ${first}; ; n++) {
        await journal.plan([reading(n)]);
        say(n);
      }
    } catch ({ code }) {
      if (!refused || code !== 'journalLocked') say(code);
      if (code !== 'journalLocked') process.exit();
    }
    await new Promise((done) => setTimeout(done, 5));
  }`;

interface Writer {
  readonly child: ChildProcess;
  readonly lines: () => readonly string[];
}

function startWriter(path: string, first: number, wrapper: readonly string[]): Writer {
  const command = [...wrapper, process.execPath, '--input-type=module', '-e', writer(path, first)];
  const child = spawn(command[0]!, command.slice(1), { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  let said = '';
  child.stdout.on('data', (chunk) => {
    said += chunk;
  });
  return { child, lines: () => said.split('\n').slice(0, -1) };
}

async function killed(child: ChildProcess): Promise<void> {
  const gone = once(child, 'close');
  child.kill('SIGKILL');
  await gone;
}

describe('two processes with one journal', () => {
  it.for([
    ['of one system', []],
    ['in two containers', ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc']],
  ] as const)(
    '%s lose no note, however often they are killed',
    { timeout: 60_000 },
    async ([, wrapper], { skip }) => {
      const [program, ...args] = wrapper;
      const works = program === undefined || spawnSync(program, [...args, 'true']).status === 0;
      skip(!works, 'a process namespace cannot be made here');
      const path = await journalPath();
      const noted: string[] = [];
      let next = 0;
      const start = () => startWriter(path, next++ * 1_000_000, wrapper);
      const isAtWork = ({ lines }: Writer) =>
        lines().filter((line) => /^\d/.test(line)).length > 10;
      const wait = { timeout: 20_000 };
      let first = start();
      for (let round = 0; round < 5; round++) {
        await expect.poll(() => isAtWork(first), wait).toBe(true);
        const second = start();
        await expect.poll(() => second.lines()[0], wait).toBe('journalLocked');
        await killed(first.child);
        noted.push(...first.lines());
        first = second;
      }
      await expect.poll(() => isAtWork(first), wait).toBe(true);
      await killed(first.child);
      noted.push(...first.lines());
      const journal = await readJournal(path, OWNER);
      const numbers = noted.filter((line) => line !== 'journalLocked');
      expect(numbers.filter((n) => !journal.has(`4:${n}@${n}`))).toEqual([]);
    },
  );
});

describe('where a journal may be', () => {
  it('is the target of a link, which stays', async () => {
    const path = await journalPath();
    await symlink('journal.ndjson', `${path}.link`);
    {
      await using journal = await fileJournal(`${path}.link`)(OWNER);
      await journal.plan([reading(1)]);
      await expect(fileJournal(path)(OWNER)).rejects.toMatchObject({ code: 'journalLocked' });
    }
    expect((await lstat(`${path}.link`)).isSymbolicLink()).toBe(true);
    expect((await readJournal(path, OWNER)).has('4:1@1')).toBe(true);
  });

  it.each([
    ['a pipe', (path: string) => void spawnSync('mkfifo', [path])],
    ['a device', (path: string) => void spawnSync('mknod', [path, 'c', '1', '3'])],
    ['a device', (path: string) => symlink('/dev/zero', path)],
  ])('is not %s, at once and without touching it', async (kind, make) => {
    const path = await journalPath();
    await make(path);
    const before = await lstat(path).catch(() => undefined);
    if (before === undefined) return; // making devices takes rights
    const refused = {
      code: 'journalUnusable',
      data: { reason: `it is ${kind}, not a regular file` },
    };
    await expect(fileJournal(path)(OWNER)).rejects.toMatchObject(refused);
    await expect(readJournal(path, OWNER)).rejects.toMatchObject(refused);
    expect(await lstat(path)).toMatchObject({ ino: before.ino, mode: before.mode });
    expect(await readdir(join(path, '..'))).toEqual(['journal.ndjson']);
  });

  it('is not a file without end', async () => {
    const path = await journalPath();
    await writeFile(path, '');
    await truncate(path, 65 * 2 ** 20);
    await expect(fileJournal(path)(OWNER)).rejects.toMatchObject({
      code: 'journalUnusable',
      data: { reason: 'it is longer than 67108864 bytes' },
    });
  });

  it('leaves alone what others have put beside it', async () => {
    const path = await journalPath();
    const theirs = `${path}.theirs`;
    await writeFile(theirs, 'theirs');
    for (const name of [`${path}.new`, `${path}.tmp`]) await symlink(theirs, name);
    await (await fileJournal(path)(OWNER)).close();
    expect(await readFile(theirs, 'utf8')).toBe('theirs');
  });
});
