// Packs the package in the current folder as it would be published, and has publint and
// are-the-types-wrong look at that, not at the folder; then for its licence and where it comes from.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { filesOf, missingFrom } from './package-metadata.mjs';
import { root } from './workspace.mjs';

const folder = mkdtempSync(join(tmpdir(), 'egvkit-pack-'));

/** @param {string} path of the archive */
function hasMetadata(path) {
  const workspace = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  const directory = relative(root, process.cwd()).replaceAll(sep, '/');
  const missing = missingFrom(filesOf(readFileSync(path)), directory, workspace);
  for (const sentence of missing) console.error(sentence);
  return missing.length === 0;
}

/** @param {string} program @param {string[]} args */
function run(program, args) {
  const shell = process.platform === 'win32';
  const { status, error } = spawnSync(program, args, { stdio: 'inherit', shell });
  if (error) throw error;
  return status === 0;
}

try {
  const packed = run('pnpm', ['pack', '--pack-destination', folder]);
  const [archive] = readdirSync(folder);
  if (!packed || archive === undefined) throw new Error('pnpm pack made no archive.');
  const path = join(folder, archive);
  const verdicts = [
    run('publint', ['run', path, '--strict']),
    run('attw', [path, '--profile', 'esm-only', '--no-emoji', '--format', 'ascii']),
    hasMetadata(path),
  ];
  if (verdicts.includes(false)) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
