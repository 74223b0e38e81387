import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { globSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import {
  EMULATED_SERIAL_NUMBER,
  EmulatedReceiver,
  generateDatabase,
  RECEIVER_PROFILES,
} from '@egvkit/receiver-emulator';
import { openPty } from '@egvkit/receiver-emulator/pty';
import { createShareService } from '@egvkit/share-emulator';
import { serveShare } from '@egvkit/share-emulator/node';
import { describe, expect, it, onTestFinished } from 'vitest';

const HERE = join(import.meta.dirname, '..');
const ROOT = join(HERE, '..');
const require = createRequire(import.meta.url);

const NODE = process.platform === 'win32' ? 'bin/node.exe' : 'bin/node';
/** The lowest Node in `engines` of a package, and the newest. */
const nodesOf = (lowest: string) => [
  join(HERE, 'node_modules', lowest, NODE),
  join(ROOT, 'node_modules/node', NODE),
];
const LIBRARY_NODES = nodesOf('node-oldest');
const COMMAND_NODES = nodesOf('node-oldest-egvkit');

const DOCUMENTS = ['README.md', 'docs/*.md', 'packages/*/README.md'].flatMap((pattern) =>
  globSync(pattern, { cwd: ROOT }),
);

interface Snippet {
  readonly document: string;
  readonly language: string;
  readonly code: string;
}

const SNIPPETS: readonly Snippet[] = DOCUMENTS.flatMap((document) => {
  const markdown = readFileSync(join(ROOT, document), 'utf8');
  return [...markdown.matchAll(/^```(\w+)\n([\s\S]*?)^```/gm)].map(
    ([, language = '', code = '']) => ({ document, language, code }),
  );
});

/** A folder from which the packages can be imported, gone at the end of the test. */
async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(HERE, 'node_modules/.snippets-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Runs a program to its end; what it wrote to standard output, line by line. */
async function run(
  node: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): Promise<string[]> {
  const child = spawn(node, args, { ...options, stdio: ['ignore', 'pipe', 'inherit'] });
  const [out, [exitCode]] = await Promise.all([text(child.stdout), once(child, 'close')]);
  expect(exitCode).toBe(0);
  return out.trim().split('\n');
}

it('runs on the lowest Node that the manifests ask for', () => {
  const enginesOf = (name: string): string =>
    JSON.parse(readFileSync(require.resolve(`${name}/package.json`), 'utf8')).engines.node;
  for (const [[node = ''], name] of [
    [LIBRARY_NODES, '@egvkit/uploader'],
    [COMMAND_NODES, 'egvkit'],
  ] as const) {
    const { stdout } = spawnSync(node, ['--version'], { encoding: 'utf8' });
    const [major, minor = '0'] = enginesOf(name).replace('>=', '').split('.');
    expect(stdout.trim()).toBe(`v${major}.${minor}.0`);
  }
});

describe('the script of the README', () => {
  const printed = SNIPPETS.find(
    ({ document, language }) => document === 'README.md' && language === 'js',
  );

  it('is the one in runtimes, in under 40 lines', async () => {
    const code = await readFile(join(HERE, 'src/readme-script.ts'), 'utf8');
    expect(code.trimEnd().split('\n').length).toBeLessThan(40);
    expect(printed?.code).toBe(code);
  });

  it.each(LIBRARY_NODES)(
    'uploads a day, and nothing again, as printed, on %s',
    async (node) => {
      const profile = RECEIVER_PROFILES.g4;
      const database = generateDatabase({ profile, seed: 3, days: 0.9, nowMs: Date.now() });
      await using port = await openPty(new EmulatedReceiver({ profile, database }));
      const account = { name: 'wearer', password: 'a password', receiver: EMULATED_SERIAL_NUMBER };
      const service = createShareService({ accounts: [account] });
      await using server = await serveShare(service);
      const cwd = await makeFolder();
      await writeFile(join(cwd, 'script.mjs'), printed?.code ?? '');
      const env = {
        RECEIVER_PORT: port.path,
        SHARE_URL: server.origin,
        DEXCOM_USERNAME: account.name,
        DEXCOM_PASSWORD: account.password,
      };
      const first = await run(node, ['script.mjs'], { cwd, env });
      const stored = service.readings(account.name).length;
      expect(stored).toBeGreaterThan(200);
      expect(first[0]).toMatch(new RegExp(`^${stored} readings uploaded, \\d+ records left out$`));
      expect(first[1]).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z \d+ [A-Z]\w+$/);
      expect((await run(node, ['script.mjs'], { cwd, env }))[0]).toMatch(/^0 readings uploaded/);
      expect(service.readings(account.name)).toHaveLength(stored);
    },
    60_000,
  );
});

describe('the code in README and docs', () => {
  const modules = SNIPPETS.filter(({ language }) => language === 'js' || language === 'ts');

  it.each(modules)('can be read by the lowest Node as printed: $document', async (snippet) => {
    // The relay is TypeScript: it is for Deno and Bun, and runtimes/ runs it there.
    if (snippet.code.startsWith('// Passes the calls of your own web pages on')) return;
    const cwd = await makeFolder();
    const file = join(cwd, 'snippet.mjs');
    await writeFile(file, snippet.code);
    const { stderr } = spawnSync(LIBRARY_NODES[0] ?? '', ['--check', file], { encoding: 'utf8' });
    expect(stderr).toBe('');
  });

  const whole = modules.filter(({ code }) =>
    /^(?:const|await|import).*(?:openPty|serveShare)\(/m.test(code),
  );
  it.each(LIBRARY_NODES.flatMap((node) => whole.map((one) => ({ ...one, node }))))(
    'runs as printed where it needs nothing else: $document on $node',
    async ({ code, node }) => {
      const cwd = await makeFolder();
      const file = join(cwd, 'snippet.mjs');
      // SQLite comes with Node 22.16.
      const usesSqlite = code.includes('sqliteShareStore');
      if (usesSqlite && node === LIBRARY_NODES[0]) return;
      await writeFile(file, code.replace('8080', '0'));
      await run(node, [file], { cwd, env: {} });
    },
    60_000,
  );
});

describe('the command lines in README and docs', () => {
  const lines = SNIPPETS.filter(({ language }) => language === 'sh').flatMap(({ document, code }) =>
    code
      .replaceAll('\\\n', ' ')
      .split('\n')
      .map((line) => line.replace(/ +#.*$/, '').trim())
      .filter((line) => line.startsWith('npx egvkit '))
      .map((line) => ({ document, line, words: line.split(/ +/).slice(2) })),
  );
  const egvkit = require.resolve('egvkit/package.json').replace(/package\.json$/, 'bin/egvkit.js');

  it('are there', () => {
    expect(lines.length).toBeGreaterThan(10);
  });

  it.each(lines)('name a command and options that there are: $line', ({ words }) => {
    const isHelp = words[0] === 'help';
    const args = isHelp ? words : [...words, '--help'];
    const { stdout } = spawnSync(process.execPath, [egvkit, ...args], { encoding: 'utf8' });
    expect(stdout).toContain(`Usage: egvkit ${words[isHelp ? 1 : 0]}`);
    for (const flag of words.filter((one) => one.startsWith('--'))) {
      expect(stdout).toContain(`  ${flag}`);
    }
  });

  it.each(COMMAND_NODES)(
    'try egvkit and explain it, as printed, on %s',
    async (node) => {
      const cwd = await makeFolder();
      const printed = lines.map(({ words }) => words.join(' '));
      for (const words of ['demo', 'help share followers invite']) {
        expect(printed).toContain(words);
        const out = await run(node, [egvkit, ...words.split(' ')], { cwd, env: {} });
        expect(out.length).toBeGreaterThan(0);
      }
    },
    60_000,
  );
});
