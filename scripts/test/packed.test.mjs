// The packed tarballs, unpacked as npm would install them, in the oldest and the newest Node.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { filesOf } from '../package-metadata.mjs';
import { inRoot, readManifest, workspacePackages } from '../workspace.mjs';

const packages = workspacePackages().filter(({ manifest }) => !manifest.private);
const folder = mkdtempSync(join(tmpdir(), 'egvkit-packed-'));
const modules = join(folder, 'node_modules');

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;

/** Installs a package from its archive, and its dependencies from the workspace. */
function install(/** @type {string} */ archive) {
  const files = filesOf(readFileSync(archive));
  const manifest = JSON.parse(files.get('package.json') ?? '');
  const home = join(modules, manifest.name);
  for (const [path, text] of files) {
    mkdirSync(dirname(join(home, path)), { recursive: true });
    writeFileSync(join(home, path), text);
  }
  return manifest;
}

beforeAll(() => {
  const filters = packages.flatMap(({ name }) => ['--filter', name]);
  const packing = spawnSync(
    'pnpm',
    ['--recursive', ...filters, 'pack', '--pack-destination', folder],
    { cwd: inRoot('.'), encoding: 'utf8', shell: process.platform === 'win32' },
  );
  expect(packing.status, packing.stderr + packing.stdout).toBe(0);
  const archives = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
  expect(archives).toHaveLength(packages.length);
  const manifests = archives.map((name) => install(join(folder, name)));
  const ours = new Set(manifests.map(({ name }) => name));
  for (const { name, dependencies = {}, optionalDependencies = {} } of manifests) {
    const source = packages.find((each) => each.name === name)?.folder ?? '';
    for (const dependency of Object.keys({ ...dependencies, ...optionalDependencies })) {
      const link = join(modules, dependency);
      if (ours.has(dependency)) continue;
      mkdirSync(dirname(link), { recursive: true });
      rmSync(link, { force: true });
      symlinkSync(inRoot(join(source, 'node_modules', dependency)), link, 'junction');
    }
  }
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const entries = packages.flatMap(({ name, manifest }) =>
  Object.entries(manifest.exports ?? {})
    .filter(([, target]) => typeof target === 'object')
    .map(([path]) => name + path.slice(1)),
);

describe.each([
  ['the oldest Node', inRoot('runtimes/node_modules/node-oldest/bin/node')],
  ['the newest Node', inRoot('node_modules/node/bin/node')],
])('in %s, the packed packages', (_, node) => {
  const run = (/** @type {string[]} */ ...args) =>
    spawnSync(node, args, { cwd: folder, encoding: 'utf8' });

  it('can be imported by every name they export', () => {
    const script = `for (const name of ${JSON.stringify(entries)}) {
      const names = Object.keys(await import(name));
      if (names.length === 0) throw new Error(name + ' exports nothing');
      console.log(name);
    }`;
    const { stdout, stderr } = run('--no-warnings', '--input-type=module', '-e', script);
    expect(stderr).toBe('');
    expect(stdout.trim().split('\n')).toEqual(entries);
  });
});

/** Entries that need the types of Node.js, and nothing of a page. */
const ofNode = (/** @type {string} */ entry) =>
  /\/(node|pty|server)$|\/node-files$|\/receiver-serial$/.test(entry);

/** Options of calls as strict programs pass them on: there, and possibly undefined. */
const WRAPPER = `
import { createNightscoutSite } from '@egvkit/nightscout-emulator';
import { Receiver } from '@egvkit/receiver';
import { openSerial } from '@egvkit/receiver-serial';
import { createRelay } from '@egvkit/relay';
import { createShareService } from '@egvkit/share-emulator';
import { ShareClient, watchReadings } from '@egvkit/share-http';
import { memoryJournal, receiverSource, runUpload, shareDestination } from '@egvkit/uploader';

interface Options {
  readonly signal?: AbortSignal | undefined;
  readonly since?: Date | undefined;
  readonly count?: number | undefined;
  readonly text?: string | undefined;
  readonly choice?: boolean | undefined;
}

export async function all({ signal, since, count, text, choice }: Options) {
  const transport = await openSerial(text, { signal, attempts: count });
  const receiver = await Receiver.open(transport, { signal, allowWrites: choice });
  await receiver.identify({ signal });
  for await (const record of receiver.records('egv', { signal, since })) console.log(record);
  for await (const page of receiver.pages('egv', { signal })) console.log(page);
  const share = new ShareClient({ region: 'us', accountName: 'a', password: 'b', timeoutMs: count });
  for await (const reading of watchReadings(share, { signal, sinceMs: count })) console.log(reading);
  const [source, destination] = [receiverSource(receiver), shareDestination(share)];
  const upload = { source, destination, journal: memoryJournal() };
  await runUpload({ ...upload, signal, windowMs: count, assignReceiver: choice });
  createNightscoutSite({ apiSecret: text });
  createRelay({ pages: [], timeoutMs: count });
  createShareService({ accounts: undefined });
}
`;

describe.each([
  ['NodeNext', 'NodeNext'],
  ['ESNext', 'Bundler'],
])('the types of the packed packages, as modules of %s resolved by %s', (module, resolution) => {
  const tsc = inRoot('node_modules/typescript/bin/tsc');
  /** Checks a file with every option that is stricter than the defaults, and all declarations. */
  const check = (
    /** @type {string} */ text,
    /** @type {string} */ lib,
    /** @type {readonly string[]} */ types,
  ) => {
    writeFileSync(join(folder, 'consumer.ts'), text);
    const compilerOptions = {
      ...{ strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true },
      ...{ verbatimModuleSyntax: true, skipLibCheck: false, noEmit: true },
      ...{ module, moduleResolution: resolution, target: 'ES2022', lib: lib.split(',') },
      ...{ types, typeRoots: [inRoot('node_modules/@types')] },
    };
    const config = JSON.stringify({ compilerOptions, files: ['consumer.ts'] });
    writeFileSync(join(folder, 'tsconfig.json'), config);
    const { stdout } = spawnSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' });
    return stdout;
  };
  const importsOf = (/** @type {readonly string[]} */ names) =>
    names.map((name, i) => `export * as e${i} from '${name}';`).join('\n');

  it('are whole in a page, without those of Node', () => {
    const ofPages = entries.filter((entry) => !ofNode(entry));
    expect(check(importsOf(ofPages), 'ES2022,DOM', [])).toBe('');
  }, 60_000);

  it('are whole in Node', () => {
    expect(check(importsOf(entries), 'ES2022,DOM', ['node'])).toBe('');
  }, 60_000);

  it('take options that may be undefined', () => {
    expect(check(WRAPPER, 'ES2022,DOM', ['node'])).toBe('');
  }, 60_000);
});

describe.each([
  ['the oldest Node', inRoot('runtimes/node_modules/node-oldest-egvkit/bin/node')],
  ['the newest Node', inRoot('node_modules/node/bin/node')],
])('in %s that the command is for', (_, node) => {
  const run = (/** @type {string[]} */ ...args) => {
    const { bin } = JSON.parse(readFileSync(join(modules, 'egvkit/package.json'), 'utf8'));
    const program = join(modules, 'egvkit', bin.egvkit);
    return spawnSync(node, [program, ...args], { cwd: folder, encoding: 'utf8' });
  };

  it('the packed command tells its version', () => {
    const { version } = readManifest('packages/cli');
    expect(run('--version')).toMatchObject({ stdout: `${version}\n`, stderr: '', status: 0 });
  });

  it('the packed command serves the page, and passes a call on to the emulated service', async () => {
    const program = join(modules, 'egvkit/bin/egvkit.js');
    const child = spawn(node, [program, 'web', '--demo', '--no-open', '--json'], { cwd: folder });
    onTestFinished(() => void child.kill('SIGKILL'));
    const [out] = await once(child.stdout, 'data');
    const { address, emulated } = JSON.parse(String(out));
    const page = await fetch(address);
    const html = await page.text();
    for (const [, path = ''] of html.matchAll(/(?:src|href)="(.+?)"/g)) {
      expect((await fetch(new URL(path, address))).status).toBe(200);
    }
    const cookie = page.headers.get('set-cookie')?.split(';')[0] ?? '';
    const { host } = new URL(emulated.origin);
    const login = 'ShareWebServices/Services/General/AuthenticatePublisherAccount';
    const answer = await fetch(`${address}${host}/${login}`, {
      method: 'POST',
      headers: {
        cookie,
        'content-type': 'application/json',
        origin: new URL(address).origin,
        'sec-fetch-site': 'same-origin',
      },
      body: JSON.stringify({
        accountName: emulated.account.name,
        password: emulated.account.password,
        applicationId: 'd8665ade-9673-4e27-9ff6-92db4ce13d13',
      }),
    });
    expect([answer.status, await answer.json()]).toEqual([200, expect.stringMatching(UUID)]);
    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it('the packed command runs the demo', () => {
    const { stdout, status } = run('demo', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, checked: { missing: 0, different: 0 } });
    expect(status).toBe(0);
  });
});
