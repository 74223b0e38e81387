import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { PlannedReading } from '../src/index.ts';
import { fileJournal, readJournal } from '../src/node.ts';
import { planned } from './support/world.ts';

const OWNER = { serialNumber: 'SM00000001', target: 'a-service' };

async function journalPath(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'egvkit-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return join(folder, 'journal.ndjson');
}

function reading(n: number): PlannedReading {
  return planned(n, 1_777_896_000_000 + n * 300_000, 100 + n);
}

/** Four lines: the head, and three steps. */
async function writtenJournal(path: string): Promise<Buffer> {
  await using journal = await fileJournal(path)(OWNER);
  await journal.plan([reading(1), reading(2)]);
  await journal.confirm([reading(1)]);
  await journal.plan([reading(3)]);
  return await readFile(path);
}

const failure = (path: string) =>
  fileJournal(path)(OWNER).then(
    async (journal) => {
      await journal.close();
      return undefined;
    },
    (error: { code: string; data: { reason: string } }) => error,
  );

describe('a damaged journal', () => {
  it('of which one digit of a reading is another is refused, with its line', async () => {
    const path = await journalPath();
    const whole = (await writtenJournal(path)).toString();
    await writeFile(path, whole.replace('"value":102', '"value":182'));
    expect(await failure(path)).toMatchObject({
      code: 'journalUnusable',
      data: { reason: 'line 2 is damaged' },
    });
  });

  it('is refused whichever byte was changed to whatever, and stays as it is', async () => {
    const path = await journalPath();
    const whole = await writtenJournal(path);
    const place = fc.nat(whole.length - 1);
    await fc.assert(
      fc.asyncProperty(place, fc.integer({ min: 1, max: 255 }), async (at, flip) => {
        const damaged = Buffer.from(whole);
        damaged[at] = whole[at]! ^ flip;
        await writeFile(path, damaged);
        expect(await failure(path)).toMatchObject({ code: 'journalUnusable' });
        await expect(readJournal(path, OWNER)).rejects.toMatchObject({ code: 'journalUnusable' });
        expect(await readFile(path)).toEqual(damaged);
      }),
      // The line break of the last line, and each of its bits.
      { numRuns: 400, examples: [1, 2, 4, 8, 16, 32, 64].map((bit) => [whole.length - 1, bit]) },
    );
  });

  it.each([
    ['lost', [0, 2, 3], 2],
    ['doubled', [0, 1, 1, 2, 3], 3],
    ['moved', [0, 1, 3, 2], 3],
  ])('of which a whole line was %s is refused', async (_, order, line) => {
    const path = await journalPath();
    const lines = (await writtenJournal(path)).toString().split('\n');
    await writeFile(path, order.map((i) => `${lines[i]}\n`).join(''));
    expect(await failure(path)).toMatchObject({ data: { reason: `line ${line} is damaged` } });
  });
});

describe('a journal whose last line was on its way when the power went off', () => {
  const BLOCK = 512;
  const readings = Array.from({ length: 20 }, (_, n) => reading(10 + n));

  /** The file with the line that came last, and the place where that begins. */
  async function written(path: string): Promise<{ whole: Buffer; at: number }> {
    const at = (await writtenJournal(path)).length;
    await using journal = await fileJournal(path)(OWNER);
    await journal.plan(readings);
    return { whole: await readFile(path), at };
  }

  /** The file without the n-th block that it needs for the bytes from `at` on: as the disk gives it, zeros. */
  function without(whole: Buffer, at: number, n: number): Buffer {
    const first = Math.floor(at / BLOCK) + n;
    const torn = Buffer.from(whole);
    return torn.fill(0, Math.max(at, first * BLOCK), Math.min((first + 1) * BLOCK, whole.length));
  }

  it('goes on without it, whichever block of it is not there', async () => {
    const path = await journalPath();
    const { whole, at } = await written(path);
    const blocks = Math.ceil(whole.length / BLOCK) - Math.floor(at / BLOCK);
    expect(blocks).toBeGreaterThan(4);
    for (let n = 0; n < blocks; n++) {
      await writeFile(path, without(whole, at, n));
      const before = await readJournal(path, OWNER);
      expect(before.pending().map(({ key }) => key)).toEqual([reading(2).key, reading(3).key]);
      {
        await using journal = await fileJournal(path)(OWNER);
        await journal.plan(readings);
      }
      expect(await readFile(path)).toEqual(whole);
    }
  });

  it('is refused if another line lacks a block, or a part of one', async () => {
    const path = await journalPath();
    const { whole, at } = await written(path);
    await writeFile(path, without(whole, 300, 0));
    expect(await failure(path)).toMatchObject({ code: 'journalUnusable' });
    const odd = Buffer.from(whole);
    odd.fill(0, (Math.floor(at / BLOCK) + 1) * BLOCK, (Math.floor(at / BLOCK) + 2) * BLOCK - 1);
    await writeFile(path, odd);
    expect(await failure(path)).toMatchObject({ code: 'journalUnusable' });
  });
});

describe('a file that is no journal', () => {
  it.each([
    'a key without a line break',
    '-----BEGIN KEY-----\nMIIE\n',
    '\n',
    '{"kind":"something else"}\n',
    'null',
    '[1]\n',
    '\u0000\u0000\u0000',
  ])('is refused and left as it is: %j', async (text) => {
    const path = await journalPath();
    await writeFile(path, text, { mode: 0o644 });
    expect(await failure(path)).toMatchObject({
      code: 'journalUnusable',
      data: { reason: 'it is another kind of file: line 1 is not that of a journal' },
    });
    await expect(readJournal(path, OWNER)).rejects.toMatchObject({ code: 'journalUnusable' });
    expect(await readFile(path, 'utf8')).toBe(text);
    expect(await readdir(join(path, '..'))).toEqual(['journal.ndjson']);
  });

  it('but a journal of another version says which', async () => {
    const path = await journalPath();
    const head = { kind: 'egvkit journal', version: 1, ...OWNER };
    for (const text of [
      `${JSON.stringify(head)}\n`,
      `{"check":"0123456789abcdef","line":${JSON.stringify({ ...head, version: 4 })}}\n`,
    ]) {
      await writeFile(path, text);
      expect((await failure(path))?.data.reason).toMatch(/^it is a journal of version [14], and/);
      expect(await readFile(path, 'utf8')).toBe(text);
    }
  });

  it('but an empty one becomes a journal', async () => {
    const path = await journalPath();
    await appendFile(path, '');
    expect(await failure(path)).toBeUndefined();
    expect(await readFile(path, 'utf8')).toContain('egvkit journal');
  });
});
