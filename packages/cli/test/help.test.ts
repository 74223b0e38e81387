import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { run } from './support/world.ts';

describe('egvkit', () => {
  it('tells what it can do, wherever it is asked', async () => {
    const { out, exitCode } = await run(['--help']);
    expect([out.split('\n')[0], exitCode]).toEqual([expect.stringMatching(/^egvkit: Dexcom/), 0]);
    for (const words of [[], ['-h'], ['help'], ['read', '-h'], ['share', 'login', '-h']]) {
      expect(await run(words)).toEqual({ out, err: '', exitCode: 0 });
    }
    const lines = out.split('\n').map((line) => line.length);
    expect(Math.max(...lines)).toBeLessThanOrEqual(100);
    // After `--` there are only words.
    expect((await run(['decode', 'page', '--', '-h'])).err).toMatch(/-h cannot be read/);
  });

  it('tells its version', async () => {
    const manifest = await readFile(join(import.meta.dirname, '../package.json'), 'utf8');
    const { version } = JSON.parse(manifest) as { version: string };
    for (const word of ['--version', 'version']) {
      expect(await run([word])).toEqual({ out: `${version}\n`, err: '', exitCode: 0 });
    }
  });
});
