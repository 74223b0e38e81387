// The Chromium in which browser tests run: any that is installed, else one that is fetched.
import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { showProgress } from './progress.mjs';
import { pinnedNode, stopTogether } from './toolchain.mjs';
import { inRoot } from './workspace.mjs';

/** Names the program to use in place of any that would be found. */
const variable = 'EGVKIT_CHROMIUM';

/** For `launch` of playwright-core: alone, with nothing but what it is told to do. */
export const chromiumFlags = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Its sandbox cannot be set up by root, which is whom containers run as.
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
];

/** @type {Partial<Record<NodeJS.Platform, () => string[]>>} */
const places = {
  linux: () => [
    ...['chromium', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'].map(
      (name) => `/usr/bin/${name}`,
    ),
    '/opt/google/chrome/chrome',
    '/opt/microsoft/msedge/msedge',
  ],
  darwin: () =>
    ['Google Chrome', 'Chromium', 'Microsoft Edge'].flatMap((name) =>
      ['/Applications', join(homedir(), 'Applications')].map((folder) =>
        join(folder, `${name}.app/Contents/MacOS/${name}`),
      ),
    ),
  win32: () =>
    ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA']
      .map((name) => process.env[name] ?? '')
      .filter((folder) => folder !== '')
      .flatMap((folder) => [
        join(folder, 'Google/Chrome/Application/chrome.exe'),
        join(folder, 'Microsoft/Edge/Application/msedge.exe'),
      ]),
};

function isProgram(/** @type {string} */ path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * @returns {string | undefined} The program to start; undefined if playwright-core has fetched one
 *   that it finds by itself, or there is none.
 */
export function findChromium() {
  const named = process.env[variable];
  if (named) return named;
  return places[process.platform]?.().find(isProgram);
}

/**
 * @typedef {object} Way How a Chromium may be had.
 * @property {string} program
 * @property {string[]} args
 * @property {() => boolean} isThere Whether it is there when the program has ended well.
 */

/** @returns {Way[]} The gentlest first. */
function waysToGetOne() {
  const manifest = createRequire(inRoot('runtimes/package.json')).resolve(
    'playwright-core/package.json',
  );
  const isRootOfDebian = process.getuid?.() === 0 && isProgram('/usr/bin/apt-get');
  const install = 'apt-get install --yes --no-install-recommends chromium';
  return [
    {
      program: pinnedNode,
      args: [join(dirname(manifest), 'cli.js'), 'install', 'chromium-headless-shell'],
      isThere: () => true,
    },
    ...(isRootOfDebian
      ? [
          {
            program: '/bin/sh',
            args: ['-c', `apt-get update && ${install}`],
            // Where Chromium comes as a snap, the package of that name is empty.
            isThere: () => findChromium() !== undefined,
          },
        ]
      : []),
  ];
}

const environment = {
  ...process.env,
  DEBIAN_FRONTEND: 'noninteractive',
  // Without a network to wait for it would be half a minute for each of its addresses.
  PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: '10000',
};

/** @param {Way} way @returns {Promise<{ ok: boolean, output: string }>} */
function go({ program, args, isThere }) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
    stopTogether(child);
    let output = '';
    const collect = (/** @type {Buffer} */ chunk) => {
      output += chunk;
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('error', (error) => resolve({ ok: false, output: `${output}${error.message}\n` }));
    child.on('close', (code) => resolve({ ok: code === 0 && isThere(), output }));
  });
}

const shownLines = 8;

/** @param {string[]} lines Reason, and output of the command that failed. */
function explainMissing(lines) {
  return [
    'egvkit: there is no Chromium for the browser tests, which will fail. Install Chromium, Chrome',
    `or Edge, or say in ${variable} where one is, and run the tests again.`,
    ...lines.map((line) => `  ${line}`),
  ].join('\n');
}

/** Fetches a Chromium if there is none, and tells what to do if that fails: the tests will then. */
export async function ensureChromium() {
  const found = findChromium();
  if (found !== undefined) {
    if (isProgram(found)) return;
    console.error(explainMissing([`${variable} is ${found}, which is not a program.`]));
    return;
  }
  const progress = showProgress('fetching Chromium for the browser tests');
  const lines = [];
  for (const way of waysToGetOne()) {
    const { ok, output } = await go(way);
    if (ok) {
      lines.length = 0;
      break;
    }
    lines.push(...output.trimEnd().split('\n').slice(-shownLines));
  }
  progress.end();
  if (lines.length > 0) console.error(explainMissing(lines));
}
