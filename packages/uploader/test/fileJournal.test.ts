import { spawnSync } from 'node:child_process';
import { appendFile, mkdtemp, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { PlannedReading } from '../src/index.ts';
import { fileJournal, readJournal } from '../src/node.ts';

const OWNER = { serialNumber: 'SM00000001', target: 'a-service' };

async function journalPath(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'egvkit-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return join(folder, 'sub', 'journal.ndjson');
}

function reading(n: number, utcMs = Date.now()): PlannedReading {
  const date = `/Date(${utcMs})/`;
  return { key: `4:${n}@${n}`, utcMs, egv: { Trend: 4, ST: date, DT: date, Value: 100 }, ta: 0 };
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
    expect(journal.pending()).toMatchObject([{ key: '4:2@2' }]);
    expect(journal.pending()[0]?.egv).toEqual(reading(2, journal.pending()[0]?.utcMs).egv);
    for (const n of [1, 2, 3]) expect(journal.has(`4:${n}@${n}`)).toBe(true);
    expect(journal.has('4:4@4')).toBe(false);
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
    const line = Buffer.from(`${JSON.stringify({ kind: 'planned', readings: [reading(2)] })}\n`);
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

  it('does not guess at a damaged line in the middle', async () => {
    const path = await journalPath();
    {
      await using journal = await fileJournal(path)(OWNER);
      await journal.plan([reading(1)]);
    }
    await appendFile(path, '{"kind":"planned","readings":[{"key":7}]}\n');
    await expect(fileJournal(path)(OWNER)).rejects.toMatchObject({
      code: 'journalUnusable',
      data: { reason: 'line 3 is not a line of a journal' },
    });
    await writeFile(path, 'garbage\n');
    await expect(fileJournal(path)(OWNER)).rejects.toMatchObject({
      data: { reason: 'line 1 is not JSON' },
    });
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
    });
    await journal.close();
    await (await fileJournal(path)(OWNER)).close();
  });

  it('takes over the lock of a process that has died', async () => {
    const path = await journalPath();
    await (await fileJournal(path)(OWNER)).close();
    const dead = spawnSync(process.execPath, ['-e', 'console.log(process.pid)']);
    await writeFile(`${path}.lock`, dead.stdout.toString().trim());
    await (await fileJournal(path)(OWNER)).close();
    // Left by a process of the same id before a reboot; and by one whose id a stranger has now.
    await writeFile(`${path}.lock`, String(process.pid));
    const beforeUs = new Date(Date.now() - process.uptime() * 1000 - 1000);
    await utimes(`${path}.lock`, beforeUs, beforeUs);
    await (await fileJournal(path)(OWNER)).close();
    await writeFile(`${path}.lock`, String(process.ppid));
    await expect(fileJournal(path)(OWNER)).rejects.toMatchObject({ code: 'journalLocked' });
    const longAgo = new Date(Date.now() - 120_000);
    await utimes(`${path}.lock`, longAgo, longAgo);
    await (await fileJournal(path)(OWNER)).close();
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

  it('says why it cannot be used', async () => {
    const path = await journalPath();
    await (await fileJournal(path)(OWNER)).close();
    await expect(fileJournal(join(path, 'below'))(OWNER)).rejects.toMatchObject({
      code: 'journalUnusable',
    });
  });
});
