import { describe, expect, test } from 'vitest';
import { brokenRules, missingScripts } from '../house-rules.mjs';

// Put together, so that this file keeps the rules that it tests.
const onlyOne = `test.${'only'}('x', () => {});`;
const unfinished = `// ${'TO'}DO later`;
const machinePath = `read('${'/wo'}rk/main/x')`;

describe('a rule is broken by', () => {
  test.each([
    ['packages/uploader/test/plan.test.ts', onlyOne],
    ['packages/uploader/test/plan.test.ts', `describe.${'skip'}('x', () => {});`],
    ['packages/uploader/src/plan.ts', unfinished],
    ['README.md', `See ..${'/sha'}red/spec.md`],
    ['.ci/run', machinePath],
    ['packages/protocol/src/clock.ts', 'export const now = () => Date.now();'],
    ['packages/protocol/src/clock.ts', 'const today = new Date();'],
    ['packages/protocol/src/clock.ts', 'date.getHours()'],
    ['packages/protocol/src/crc16.ts', 'export async function crc() {}'],
    ['packages/protocol/src/crc16.ts', "import { x } from 'node:fs';"],
    ['packages/protocol/src/crc16.ts', 'console.log(1)'],
    ['packages/protocol/src/crc16.ts', 'process.env.HOME'],
    ['packages/protocol/src/crc16.ts', 'Buffer.from([])'],
    ['packages/share-http/src/client.ts', `/** ${'What'} it gives. */`],
    [
      'packages/share-http/src/client.ts',
      `/** Gives it.\n *\n * @returns ${'whether'} it is there */`,
    ],
    ['packages/share-http/src/client.ts', `/** Gives it.\n * @param it ${'Where'} it is. */`],
  ])('%s: %s', (path, line) => {
    expect(brokenRules(path, `first line\n${line}\n`)).toEqual([
      expect.stringMatching(`^${path}:2: `),
    ]);
  });
});

describe('no rule is broken by', () => {
  test.each([
    ['packages/uploader/src/page-run.ts', 'await port.post(Date.now());'],
    ['packages/protocol/src/clock.ts', '// The caller has to await it; see process.env.'],
    ['packages/protocol/src/clock.ts', '/** Not\n * async. */\nnew Date(unixMs).getUTCHours()'],
    ['packages/uploader/test/plan.test.ts', 'test.skipIf(noPty)("x", () => {});'],
    [
      'packages/share-http/src/client.ts',
      '// What a comment says is free.\n/** Finds out what it is. */',
    ],
    ['README.md', 'https://example.org/home/page and packages/Users/x'],
  ])('%s: %s', (path, text) => {
    expect(brokenRules(path, text)).toEqual([]);
  });
});

test('a published package without its own check is reported', () => {
  const manifest = { name: '@egvkit/new', scripts: { build: 'tsc -b', test: 'vitest run' } };
  const each = { name: '@egvkit/new', folder: 'packages/new', manifest };
  expect(missingScripts(each)).toEqual(['packages/new/package.json: has no script check:package']);
  expect(missingScripts({ ...each, manifest: { ...manifest, private: true } })).toEqual([]);
});
