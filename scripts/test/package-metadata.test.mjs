import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { filesOf, missingFrom } from '../package-metadata.mjs';
import { sourceOf } from '../repository.mjs';

const WORKSPACE = { license: 'MIT', ...sourceOf('someone/egvkit') };
const MANIFEST = {
  description: 'Something.',
  license: 'MIT',
  keywords: ['dexcom'],
  publishConfig: { access: 'public', provenance: true },
  ...sourceOf('someone/egvkit', 'packages/one'),
};

/** @param {object} manifest @param {string} [license] */
const packed = (manifest, license = 'MIT License\n') =>
  new Map([
    ['package.json', JSON.stringify(manifest)],
    ['LICENSE', license],
  ]);

describe('the metadata of a package', () => {
  it('is complete', () => {
    expect(missingFrom(packed(MANIFEST), 'packages/one', WORKSPACE)).toEqual([]);
  });

  it.each([
    'license',
    'keywords',
    'description',
    'publishConfig',
    'homepage',
    'bugs',
    'repository',
  ])('is not complete without %s', (key) => {
    const missing = missingFrom(
      packed({ ...MANIFEST, [key]: undefined }),
      'packages/one',
      WORKSPACE,
    );
    expect(missing).toEqual([expect.stringContaining(`"${key}"`)]);
  });

  it('is not complete with the source of another package, or without the licence', () => {
    const missing = missingFrom(packed(MANIFEST, ''), 'packages/two', WORKSPACE);
    expect(missing).toEqual([
      expect.stringContaining('"homepage"'),
      expect.stringContaining('"repository"'),
      'The archive has no LICENSE.',
    ]);
  });
});

describe('the files of an archive', () => {
  it('are read with their contents', () => {
    /** @param {string} name @param {string} content */
    const entry = (name, content) => {
      const bytes = Buffer.alloc(512 + Math.ceil(content.length / 512) * 512);
      bytes.write(name, 0);
      bytes.write(content.length.toString(8).padStart(11, '0'), 124);
      bytes.write(content, 512);
      return bytes;
    };
    const long = 'x'.repeat(1300);
    const entries = [
      entry('package/LICENSE', 'MIT'),
      entry('package/a/b', long),
      entry('package/c', ''),
    ];
    const files = filesOf(gzipSync(Buffer.concat([...entries, Buffer.alloc(1024)])));
    expect([...files]).toEqual([
      ['LICENSE', 'MIT'],
      ['a/b', long],
      ['c', ''],
    ]);
  });
});
