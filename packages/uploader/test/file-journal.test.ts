import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { PlannedReading } from '../src/index.ts';
import { fileJournal, readJournal } from '../src/node.ts';
import { planned } from './support/world.ts';

const OWNER = { serialNumber: 'SM00000001', target: 'a-service' };

async function journalPath(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'egvkit-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return join(folder, 'sub', 'journal.ndjson');
}

function reading(n: number, utcMs = Date.now()): PlannedReading {
  return planned(n, utcMs, 100);
}

/** Lines as journals have them, each with the checksum of all up to it. */
function linked(entries: readonly object[]): string {
  let check = '';
  return entries
    .map((entry) => {
      const line = JSON.stringify(entry);
      check = createHash('sha256').update(`${check}\n${line}`).digest('hex').slice(0, 16);
      return `{"check":"${check}","line":${line}}\n`;
    })
    .join('');
}

describe('fileJournal', () => {
  it('remembers over a restart what was planned, confirmed and given up', async () => {
    const path = await journalPath();
    {
      await using journal = await fileJournal(path)(OWNER);
      await journal.plan([reading(1), reading(2), reading(3)]);
      await journal.confirm([reading(1)]);
      await journal.abandon([reading(3)]);
    }
    await using journal = await fileJournal(path)(OWNER);
    expect(journal.pending()).toEqual([reading(2, journal.pending()[0]?.utcMs)]);
    for (const n of [1, 2, 3]) expect(journal.has(`4:${n}@${n}`)).toBe(true);
    expect(journal.has('4:4@4')).toBe(false);
  });

  it('notes of a planned reading what was measured, when, and by which clocks', async () => {
    const path = await journalPath();
    await using journal = await fileJournal(path)(OWNER);
    await journal.plan([reading(1, 1_777_896_000_000)]);
    const [, line = ''] = (await readFile(path, 'utf8')).split('\n');
    expect(line.slice(line.indexOf('"line":'))).toBe(
      '"line":{"kind":"planned","readings":[{"key":"4:1@1","utcMs":1777896000000,"value":100,' +
        '"trend":4,"source":"a test","sourceClocks":{"systemMs":1777910365000,' +
        '"displayMs":1777881576000}}]}}',
    );
  });

  it('can be read by its owner only', async () => {
    const path = await journalPath();
    await using _journal = await fileJournal(path)(OWNER);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('drops a line that a crash cut off, at any length, and goes on behind the last whole one', async () => {
    const path = await journalPath();
    {
      await using journal = await fileJournal(path)(OWNER);
      await journal.plan([reading(1)]);
    }
    const whole = await readFile(path);
    {
      await using journal = await fileJournal(path)(OWNER);
      await journal.plan([reading(2)]);
    }
    const line = (await readFile(path)).subarray(whole.length);
    for (let cut = 0; cut < line.length; cut += 7) {
      await writeFile(path, Buffer.concat([whole, line.subarray(0, cut)]));
      {
        await using journal = await fileJournal(path)(OWNER);
        expect(journal.pending().map(({ key }) => key)).toEqual(['4:1@1']);
        await journal.confirm([reading(1)]);
      }
      await using journal = await fileJournal(path)(OWNER);
      expect(journal.pending()).toEqual([]);
      expect(journal.has('4:1@1')).toBe(true);
    }
  });

  it('goes on with a journal of version 2, which noted what was to be posted as JSON of Share', async () => {
    const path = await journalPath();
    await (await fileJournal(path)(OWNER)).close();
    const sourceClocks = { systemMs: 1_777_910_365_000, displayMs: 1_777_881_576_000 };
    const { systemMs, displayMs } = sourceClocks;
    const egv = { Trend: 7, ST: `/Date(${systemMs})/`, DT: `/Date(${displayMs})/`, Value: 39 };
    const old = (n: number) => ({ key: `4:${n}@${n}`, utcMs: 1_777_896_000_000, egv, ta: -14_365 });
    await writeFile(
      path,
      linked([
        { kind: 'egvkit journal', version: 2, ...OWNER },
        { kind: 'planned', readings: [old(1), old(2), old(3)] },
        { kind: 'confirmed', readings: [{ key: '4:1@1', utcMs: Date.now() }] },
        { kind: 'abandoned', readings: [{ key: '4:3@3', utcMs: Date.now() }] },
      ]),
    );
    const low = { sourceClocks, status: 'low', value: 39, trend: { raw: 7, name: 'DoubleDown' } };
    for (let round = 0; round < 2; round++) {
      await using journal = await fileJournal(path)(OWNER);
      expect(journal.pending()).toMatchObject([{ ...low, key: '4:2@2', utcMs: old(2).utcMs }]);
      expect(journal.note('4:1@1')?.isAbandoned).toBe(false);
      expect(journal.note('4:3@3')?.isAbandoned).toBe(true);
    }
    // Written anew, so that no program takes its lines for those of version 2.
    const text = await readFile(path, 'utf8');
    expect(text).toContain('"version":3');
    expect(text).not.toContain('egv"');
  });

  it('is not used for another receiver or account', async () => {
    const path = await journalPath();
    await (await fileJournal(path)(OWNER)).close();
    for (const [owner, what] of [
      [{ ...OWNER, serialNumber: 'SM00000002' }, 'receiver'],
      [{ ...OWNER, target: 'another' }, 'account or service'],
    ] as const) {
      const opened = fileJournal(path)(owner);
      await expect(opened).rejects.toMatchObject({ code: 'journalForeign', data: { what } });
    }
  });

  it('can be looked at without holding or making it', async () => {
    const path = await journalPath();
    expect((await readJournal(path, OWNER)).pending()).toEqual([]);
    await expect(stat(path)).rejects.toMatchObject({ code: 'ENOENT' });
    await using journal = await fileJournal(path)(OWNER);
    await journal.plan([reading(1)]);
    expect((await readJournal(path, OWNER)).has('4:1@1')).toBe(true);
  });

  it('is held by one upload at a time', async () => {
    const path = await journalPath();
    const journal = await fileJournal(path)(OWNER);
    await expect(fileJournal(path)(OWNER)).rejects.toMatchObject({
      code: 'journalLocked',
      data: { processId: process.pid },
      help: 'Wait until that upload has ended.',
    });
    await journal.close();
    await (await fileJournal(path)(OWNER)).close();
  });

  it('is only advised to be freed if its holder cannot be seen from here', async () => {
    const path = await journalPath();
    const lockFile = `${path}.lock.holder`;
    const theirs = { host: 'elsewhere', bootId: 'theirs', pidNamespace: '', processId: 7 };
    await mkdir(dirname(path));
    await writeFile(
      lockFile,
      JSON.stringify({ ...theirs, startTime: '1', kernel: true, nonce: 'x' }),
    );
    await expect(fileJournal(path)(OWNER)).rejects.toMatchObject({
      code: 'journalLocked',
      message: `The journal ${path} is in use by another upload (process 7 on host elsewhere).`,
      help: expect.stringContaining(`remove ${lockFile}`),
    });
  });

  it('is written anew when it has grown, without what is too old to come again', async () => {
    const path = await journalPath();
    const longAgo = Date.now() - 60 * 86_400_000;
    {
      await using journal = await fileJournal(path)(OWNER);
      await journal.confirm([reading(1, longAgo), reading(2)]);
      await journal.plan([reading(3)]);
      const many = Array.from({ length: 30_000 }, (_, i) => reading(1000 + i, longAgo));
      await journal.confirm(many);
    }
    expect((await stat(path)).size).toBeGreaterThan(1024 * 1024);
    {
      await using journal = await fileJournal(path)(OWNER);
      expect((await stat(path)).size).toBeLessThan(2000);
      await journal.confirm([reading(4)]);
    }
    await using journal = await fileJournal(path)(OWNER);
    expect(journal.has('4:1@1')).toBe(false);
    expect([2, 3, 4].map((n) => journal.has(`4:${n}@${n}`))).toEqual([true, true, true]);
    expect(journal.pending()).toHaveLength(1);
  });

  it('forgets nothing when it is written anew by a clock that is a year ahead', async () => {
    const path = await journalPath();
    {
      await using journal = await fileJournal(path)(OWNER);
      await journal.confirm(Array.from({ length: 40_000 }, (_, i) => reading(i)));
    }
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 365 * 86_400_000 });
    onTestFinished(() => void vi.useRealTimers());
    for (let run = 0; run < 2; run++) {
      await using journal = await fileJournal(path)(OWNER);
      expect(journal.has('4:39999@39999')).toBe(true);
    }
  });

  it('says why it cannot be used', async () => {
    const path = await journalPath();
    await (await fileJournal(path)(OWNER)).close();
    await expect(fileJournal(join(path, 'below'))(OWNER)).rejects.toMatchObject({
      code: 'journalUnusable',
    });
  });
});
