import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  FileError,
  makePrivateFolder,
  readRegularFile,
  reasonOf,
  replaceFile,
} from '../src/index.ts';

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'egvkit-files-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

const SMALL = { maxBytes: 1000 };

/** Everything that a path can lead to and that is no regular file. */
const OTHERS: readonly [string, (path: string) => unknown][] = [
  ['a directory', (path) => mkdir(path)],
  ['a pipe', (path) => spawnSync('mkfifo', [path])],
  ['a socket', (path) => listen(path)],
  ['a device', (path) => symlink('/dev/zero', path)],
];

async function listen(path: string): Promise<void> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(path, done));
  onTestFinished(() => new Promise((done) => server.close(() => done())));
}

describe('making a folder', () => {
  it.runIf(process.platform === 'linux')(
    'fails where none can be made, and does not try for good',
    async () => {
      const error = await makePrivateFolder('/proc/egvkit/folder').catch((thrown) => thrown);
      expect(reasonOf(error)).toBe('no folder can be made there');
    },
  );

  it('makes those above it, and leaves one that is there', async () => {
    const folder = await makeFolder();
    const path = join(folder, 'a', 'b');
    await makePrivateFolder(path);
    await chmod(path, 0o755);
    await makePrivateFolder(path);
    const modes = [join(folder, 'a'), path].map(async (one) => (await stat(one)).mode & 0o777);
    expect(await Promise.all(modes)).toEqual([0o700, 0o755]);
  });

  it.each([
    ['a file', (path: string) => writeFile(path, '')],
    ['a link to nothing', (path: string) => symlink('nothing', path)],
  ])('fails where %s is in its place or above it', async (_, put) => {
    const path = join(await makeFolder(), 'taken');
    await put(path);
    for (const taken of [path, join(path, 'below', 'it')]) {
      const error = await makePrivateFolder(taken).catch((thrown) => thrown);
      expect(reasonOf(error)).toBe('part of its path is not a directory');
    }
  });
});

describe('reading a file', () => {
  it('gives all of it, through links, or nothing where there is none', async () => {
    const path = join(await makeFolder(), 'file');
    expect(await readRegularFile(path, SMALL)).toBeUndefined();
    const content = randomBytes(1000);
    await writeFile(path, content);
    await symlink('file', `${path}.link`);
    expect(await readRegularFile(`${path}.link`, SMALL)).toEqual(content);
  });

  it.each(OTHERS)('refuses %s at once', async (kind, make) => {
    const path = join(await makeFolder(), 'it');
    await make(path);
    await expect(readRegularFile(path, SMALL)).rejects.toMatchObject({
      name: 'FileError',
      reason: `it is ${kind}, not a regular file`,
    });
  });

  it('reads no more than is allowed, whatever size the file says it has', async () => {
    const path = join(await makeFolder(), 'file');
    await writeFile(path, Buffer.alloc(1001));
    await expect(readRegularFile(path, SMALL)).rejects.toThrow('longer than 1000 bytes');
    if (process.platform !== 'linux') return;
    // Files of /proc say that they are empty.
    expect(await readRegularFile('/proc/self/stat', SMALL)).not.toHaveLength(0);
    const refused = readRegularFile('/proc/self/smaps', { maxBytes: 5000 });
    await expect(refused).rejects.toThrow('longer than 5000 bytes');
  });

  it('stops with the signal', async () => {
    const path = join(await makeFolder(), 'file');
    await writeFile(path, 'text');
    const signal = AbortSignal.abort(new Error('stop'));
    await expect(readRegularFile(path, { ...SMALL, signal })).rejects.toThrow('stop');
  });
});

describe('replacing a file', () => {
  it('makes it for its owner only, in a folder that is too, and leaves nothing beside it', async () => {
    const folder = join(await makeFolder(), 'a', 'b');
    await makePrivateFolder(folder);
    for (const text of ['old', 'new']) await replaceFile(join(folder, 'file'), text);
    expect(await readFile(join(folder, 'file'), 'utf8')).toBe('new');
    expect(await readdir(folder)).toEqual(['file']);
    if (process.platform === 'win32') return; // has no such modes
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect((await stat(join(folder, 'file'))).mode & 0o777).toBe(0o600);
  });

  it('takes its permissions from nobody: neither an open file before it nor the umask', async () => {
    const path = join(await makeFolder(), 'file');
    await writeFile(path, 'old');
    await chmod(path, 0o666);
    await replaceFile(path, 'new');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('reaches the target of links, also one that is yet to be made', async () => {
    const folder = await makeFolder();
    await mkdir(join(folder, 'there'));
    await symlink('there/file', join(folder, 'one'));
    await symlink('one', join(folder, 'two'));
    for (const text of ['first', 'second']) {
      await replaceFile(join(folder, 'two'), text);
      expect(await readFile(join(folder, 'there/file'), 'utf8')).toBe(text);
      expect(await readlink(join(folder, 'two'))).toBe('one');
    }
    expect(await readdir(join(folder, 'there'))).toEqual(['file']);
  });

  it('refuses links that lead in a circle', async () => {
    const folder = await makeFolder();
    await symlink('two', join(folder, 'one'));
    await symlink('one', join(folder, 'two'));
    await expect(replaceFile(join(folder, 'one'), 'x')).rejects.toThrow('in a circle');
  });

  it.each(OTHERS)('refuses %s and leaves it there', async (kind, make) => {
    const folder = await makeFolder();
    const path = join(folder, 'it');
    await make(path);
    const before = await lstat(path);
    await expect(replaceFile(path, 'x')).rejects.toThrow(`it is ${kind}, not a regular file`);
    expect((await lstat(path)).ino).toBe(before.ino);
    expect(await readdir(folder)).toEqual(['it']);
  });
});

it('says why a file cannot be used', () => {
  const of = (code: string) => reasonOf(Object.assign(new Error('x'), { code }));
  expect(of('ENOSPC')).toBe('the disk is full');
  expect(of('EFBIG')).toBe('it would be larger than the system allows');
  expect(of('EWHAT')).toBe('the system says EWHAT');
  expect(reasonOf(new FileError('a', 'it is b'))).toBe('it is b');
  expect(reasonOf(new TypeError('a mistake'))).toBeUndefined();
});
