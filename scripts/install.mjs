// Installs the dependencies when they are missing or no longer what the lockfile says.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { explainInstallFailure } from './install-failure.mjs';
import { showProgress } from './progress.mjs';
import { pinnedNode, stopTogether } from './toolchain.mjs';
import { inRoot, readManifest, root, workspacePackages } from './workspace.mjs';

/**
 * Extent of an installation. `start`: only what `npm start` needs, so that the first minute with
 * this workspace is quick. `everything`: all the rest, such as the runtimes of the tests, which are
 * large.
 *
 * @typedef {'start' | 'everything'} Extent
 */

/** @type {Record<Extent, string[]>} */
const extentFlags = {
  start: [
    '--filter=egvkit-workspace',
    '--filter=egvkit...',
    // With a filter pnpm first checks the age of everything, and then, by its own measure, asks a
    // proxy for so much at once that some of it was seen to wait for a minute.
    '--network-concurrency=16',
  ],
  everything: [],
};

const stampFile = inRoot('node_modules/.egvkit-installed');

const installerEnvironment = {
  ...process.env,
  // `npm start --silent` hands its silence down, and then nobody could say what went wrong.
  npm_config_loglevel: 'warn',
  // Without a network npm and pnpm would wait for minutes before they say so.
  npm_config_fetch_retry_mintimeout: '1000',
  npm_config_fetch_retry_maxtimeout: '5000',
  pnpm_config_fetch_retry_mintimeout: '1000',
  pnpm_config_fetch_retry_maxtimeout: '5000',
};

/** Hash of everything that the installation depends on. */
function wantedStamp() {
  const files = [
    'pnpm-lock.yaml',
    'pnpm-workspace.yaml',
    'package.json',
    ...workspacePackages().map(({ folder }) => `${folder}/package.json`),
  ];
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}`);
  for (const file of files) hash.update(`\n${file}\n`).update(readFileSync(inRoot(file)));
  return hash.digest('hex');
}

/** @param {string} stamp @param {Extent} extent */
function isInstalled(stamp, extent) {
  if (!existsSync(pinnedNode) || !existsSync(stampFile)) return false;
  const found = readFileSync(stampFile, 'utf8');
  return found === `everything ${stamp}` || found === `${extent} ${stamp}`;
}

/** Command that starts the pinned pnpm: the installed one if it is there, else by npx. */
function pnpmCommand() {
  const version = readManifest('.').packageManager?.replace(/^pnpm@|\+.*$/g, '');
  const installed = inRoot('node_modules/pnpm/package.json');
  if (existsSync(installed) && JSON.parse(readFileSync(installed, 'utf8')).version === version) {
    return [process.execPath, inRoot('node_modules/pnpm/bin/pnpm.mjs')];
  }
  return ['npx', '--yes', `pnpm@${version}`];
}

/** @param {string} chunk Output that pnpm printed just now. */
function howFar(chunk) {
  if (/Will retry in/.test(chunk)) return 'the registry does not answer, trying again';
  const count = [...chunk.matchAll(/resolved (\d+).*?added (\d+)/g)].at(-1);
  return count && `${count[2]} of ${count[1]} packages`;
}

/**
 * @param {Extent} extent
 * @param {(detail: string) => void} onDetail
 * @returns {Promise<{ ok: boolean, output: string }>}
 */
function runInstaller(extent, onDetail) {
  const [program = '', ...args] = pnpmCommand();
  // On Windows npx is a batch file, which only a shell starts.
  const shell = process.platform === 'win32' && program === 'npx';
  return new Promise((resolve) => {
    let output = '';
    const child = spawn(
      program,
      [...args, 'install', '--frozen-lockfile', '--reporter=append-only', ...extentFlags[extent]],
      { cwd: root, env: installerEnvironment, shell, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    stopTogether(child);
    const collect = (/** @type {Buffer} */ chunk) => {
      output += chunk;
      const detail = howFar(String(chunk));
      if (detail !== undefined) onDetail(detail);
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('error', (error) => resolve({ ok: false, output: `${output}${error.message}\n` }));
    child.on('close', (code) => resolve({ ok: code === 0, output }));
  });
}

/**
 * @param {Extent} extent
 * @returns {Promise<boolean>} False when it failed; why has been said.
 */
export async function ensureInstalled(extent) {
  const stamp = wantedStamp();
  if (isInstalled(stamp, extent)) return true;

  const progress = showProgress('installing what it needs', { quietSeconds: 0 });
  const { ok, output } = await runInstaller(extent, progress.detail);
  progress.end();
  if (ok && existsSync(pinnedNode)) {
    writeFileSync(stampFile, `${extent} ${stamp}`);
    return true;
  }
  console.error(explainInstallFailure(output));
  return false;
}
