import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { MAIN, startOnTerminal } from './support/terminal.ts';
import { makeFolder } from './support/world.ts';

const INDEX = pathToFileURL(join(import.meta.dirname, '../dist/io/process.js')).href;

/** Runs a command line of the shell in which `$0 "$@"` is a program that does this. */
async function shell(line: string, body: string) {
  const program = `import { runProcess } from '${INDEX}';
    await runProcess(async (args, io) => { ${body} });`;
  const args = ['-o', 'pipefail', '-c', line, process.execPath, '--input-type=module', '-e'];
  return await promisify(execFile)('/bin/bash', [...args, program], { timeout: 20_000 });
}

/** Runs a command line of the shell in which `$0` is Node.js, however it ends. */
async function failing(line: string) {
  const run = promisify(execFile)('/bin/bash', ['-c', line, process.execPath], { timeout: 20_000 });
  return await run.then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }) =>
      ({ code, stdout, stderr }) as {
        code: number;
        stdout: string;
        stderr: string;
      },
  );
}

describe('an interrupted program', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    'ends by %s although something in it goes on and does not listen',
    async (signal) => {
      const program = `import { runProcess } from '${INDEX}';
        await runProcess(async (args, io) => {
          setInterval(() => {}, 1000);
          io.write('runs');
          await new Promise((resolve) => io.signal.addEventListener('abort', resolve));
          return 130;
        });`;
      const child = spawn(process.execPath, ['--input-type=module', '-e', program]);
      onTestFinished(() => void child.kill('SIGKILL'));
      await once(child.stdout, 'data');
      child.kill(signal);
      expect(await once(child, 'exit')).toEqual([130, null]);
    },
  );
});

describe('a program in a pipe', { timeout: 30_000 }, () => {
  it('ends at once, quietly and well when nobody reads on', async () => {
    const body = `for (;;) { io.write('line\\n'); await io.sleep(10); }`;
    // Rejects if either of them fails.
    const { stdout, stderr } = await shell('"$0" "$@" | head -1', body);
    expect([stdout, stderr]).toEqual(['line\n', '']);
  });

  it('goes on when only its troubles are no longer read', async () => {
    await using folder = await makeFolder();
    const out = join(folder.path, 'out');
    const body = `
      for (let i = 0; i < 20; i++) { io.writeError('trouble\\n'); await io.sleep(20); }
      io.write('done\\n');
      return 0;`;
    const { stdout } = await shell(`"$0" "$@" 2>&1 >'${out}' | head -1`, body);
    expect([stdout, await readFile(out, 'utf8')]).toEqual(['trouble\n', 'done\n']);
  });

  it.each([
    ['--help', 1],
    ['info --port --json', 1],
    ['info --port /dev/null --verbose', 3],
  ])('%s > /dev/full says in a sentence at most that it could not', async (words, exitCode) => {
    const line = `"$0" ${MAIN} ${words} >/dev/full`;
    const { code, stderr } = await failing(line);
    expect(code).toBe(exitCode);
    expect(stderr).not.toMatch(/\n {4}at .*node:(?:events|internal\/fs)/);
    if (exitCode === 1 && !words.includes('--verbose')) {
      expect(stderr).toBe('egvkit: The results cannot be written to standard output (ENOSPC).\n');
    }
  });

  it.each(['info --port /dev/null --verbose', 'info --port --json'])(
    '%s 2> /dev/full ends as it would',
    async (words) => {
      const told = await failing(`"$0" ${MAIN} ${words} </dev/null`);
      const untold = await failing(`"$0" ${MAIN} ${words} </dev/null 2>/dev/full`);
      expect([untold.code, untold.stdout]).toEqual([told.code, told.stdout]);
      const neither = await failing(`"$0" ${MAIN} ${words} </dev/null >/dev/full 2>&1`);
      expect(neither.code).toBeGreaterThan(0);
    },
  );

  it('spells out control characters, and leaves JSON as it is', async () => {
    const body = `
      const text = 'a\\u001b[31m\\r\\u009b2K\\u007f\\u2028\\u2029\\tb';
      io.write(text + '\\n' + JSON.stringify({ text }) + '\\n');
      io.writeError(text);
      io.draw('\\u001b[1mstyle\\u001b[0m');
      return 0;`;
    const { stdout, stderr } = await shell('"$0" "$@"', body);
    const [prose, json, drawn] = stdout.split('\n');
    const spelled = 'a\\u001b[31m\\u000d\\u009b2K\\u007f\\u2028\\u2029\tb';
    expect([prose, stderr]).toEqual([spelled, spelled]);
    expect(JSON.parse(json ?? '')).toEqual({ text: 'a\u001b[31m\r\u009b2K\u007f\u2028\u2029\tb' });
    expect(json).not.toMatch(/\p{Cc}/u);
    expect(drawn).toBe('\u001b[1mstyle\u001b[0m');
  });
});

/** The oldest Node.js there may be, where the runtimes are installed: its `styleText` asks nobody. */
const OLDEST = join(import.meta.dirname, '../../../runtimes/node_modules/node-oldest/bin/node');

describe('a style', { timeout: 30_000 }, () => {
  for (const node of [process.execPath, OLDEST].filter((path) => existsSync(path))) {
    for (const [env, onTerminal, inPipe] of [
      [{}, true, false],
      [{ NO_COLOR: '1' }, false, false],
      [{ TERM: 'dumb' }, false, false],
      [{ FORCE_COLOR: '1' }, true, true],
      [{ FORCE_COLOR: '0' }, false, false],
    ] as const) {
      it(`is shown where it is wanted: ${JSON.stringify(env)}, ${node}`, async () => {
        const program = `import { runProcess } from '${INDEX}';
          await runProcess(async (args, io) => void io.draw(io.style('red', 'text')));`;
        for (const [line, styled] of [
          ['"$0" "$@"', onTerminal],
          ['"$0" "$@" | cat', inPipe],
        ] as const) {
          const args = ['-c', line, node, '--input-type=module', '-e', program];
          const terminal = startOnTerminal('/bin/bash', args, env);
          await terminal.ended;
          expect(terminal.shown()).toBe(styled ? '\u001b[31mtext\u001b[39m' : 'text');
        }
      });
    }
  }
});
