import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../../..');
const EGVKIT = join(ROOT, 'packages/cli/bin/egvkit.js');
const MAIN = join(ROOT, 'packages/cli/dist/main.js');

/** Makes a Node.js believe that it is another one. */
const pretend = (version: string) =>
  `data:text/javascript,Object.defineProperty(process,'versions',{value:{...process.versions,node:'${version}'}})`;

function start(program: string, version: string) {
  const args = ['--import', pretend(version), program, '--help'];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  return { status, stdout, stderr };
}

describe.each([EGVKIT, MAIN])('%s', (program) => {
  it.each(['18.0.0', '20.20.2', '21.7.3', '22.0.0', '22.11.0'])(
    'says what it needs on Node.js %s',
    (version) => {
      expect(start(program, version)).toEqual({
        status: 1,
        stdout: '',
        stderr:
          `egvkit needs Node.js 22.12 or newer, and this is Node.js ${version}. ` +
          'Install a newer one and try again.\n',
      });
    },
  );

  it.each(['22.12.0', '23.0.0', '24.21.0', '100.0.0'])('runs on Node.js %s', (version) => {
    const { status, stderr } = start(program, version);
    expect([status, stderr]).toEqual([0, '']);
  });
});
