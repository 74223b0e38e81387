import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandTree } from '../src/commands/base.ts';
import { createProgram } from '../src/commands/program.ts';
import { processIo } from '../src/io/io.ts';
import { trackProgress } from '../src/io/progress-line.ts';
import { commandPath } from '../src/options/command-line.ts';
import { EXIT_CODES } from '../src/output/exit-codes.ts';
import { run } from './support/world.ts';

const program = createProgram(
  trackProgress(processIo(new AbortController().signal)),
  async () => {},
);
const HIDDEN = new Set(['complete', 'version', 'run']);
/** The words behind `egvkit` of each command that people use. */
const PATHS = [...commandTree(program)]
  .filter((command) => !HIDDEN.has(command.name()))
  .map((command) => commandPath(command).split(' ').slice(1));

describe('help', () => {
  it.each(PATHS.map((path) => [path.join(' '), path] as const))(
    'of "%s" is of that command only, with an example and the exit codes, in 80 columns',
    async (name, path) => {
      const { out, err, exitCode } = await run([...path, '--help']);
      expect([err, exitCode]).toEqual(['', 0]);
      expect(await run(['help', ...path])).toEqual({ out, err: '', exitCode: 0 });
      const lines = out.split('\n');
      expect(lines.filter((line) => line.length > 80)).toEqual([]);
      expect(out).toContain(`Usage: egvkit ${name}`.trimEnd());
      if (name !== '') expect(out).toMatch(/\nExamples?:\n {2}\S/);
      const last = lines.slice(lines.indexOf('Exit codes:') + 1).filter(Boolean);
      expect(last.map((line) => Number.parseInt(line, 10))).toEqual(
        Object.values(EXIT_CODES).map(({ code }) => code),
      );
      const listed = /\nCommands:\n([\s\S]*?)\n\n/.exec(out)?.[1]?.match(/^ {2}\S+/gm) ?? [];
      const below = PATHS.filter((one) => one.slice(0, -1).join(' ') === name && one.length > 0);
      expect(listed.map((one) => one.trim())).toEqual(below.map((one) => one.at(-1)));
    },
  );

  it('is what egvkit alone prints', async () => {
    const { out } = await run([]);
    expect(out).toMatch(/^Reads Dexcom receivers/);
    for (const words of [['-h'], ['--help'], ['help']]) {
      expect(await run(words)).toEqual({ out, err: '', exitCode: 0 });
    }
    // After `--` there are only words.
    expect((await run(['decode', 'page', '--', '-h'])).err).toMatch(/Cannot read -h/);
  });

  it('of a command that does not exist is an error', async () => {
    const { out, err, exitCode } = await run(['help', 'share', 'folowers']);
    expect([out, exitCode]).toEqual(['', 2]);
    expect(err).toMatch(/^egvkit: Unknown command "folowers"\. Did you mean followers\?\n/);
    expect((await run(['help', 'read', 'egv'])).err).toBe('egvkit: Unexpected argument "egv".\n');
  });

  it('knows every option that its examples name', async () => {
    for (const path of PATHS) {
      const { out } = await run([...path, '--help']);
      const example = /\nExamples?:\n([\s\S]*?)\n\n/.exec(out)?.[1] ?? '';
      for (const [flag] of example.matchAll(/--[a-z-]+/g)) expect(out).toContain(`  ${flag} `);
    }
  });
});

it('tells its version', async () => {
  const manifest = await readFile(join(import.meta.dirname, '../package.json'), 'utf8');
  const { version } = JSON.parse(manifest) as { version: string };
  for (const word of ['--version', 'version']) {
    expect(await run([word])).toEqual({ out: `${version}\n`, err: '', exitCode: 0 });
  }
});
