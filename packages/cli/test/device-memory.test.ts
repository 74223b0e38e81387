import { spawnSync } from 'node:child_process';
import {
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { fileDeviceMemory } from '../src/io/device-memory.ts';
import { makeWorld, run } from './support/world.ts';

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'egvkit-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

describe('fileDeviceMemory', () => {
  it('remembers receivers over a restart, each by its serial number', async () => {
    const folder = join(await temporaryFolder(), 'new');
    await fileDeviceMemory(folder).save('SM00000001', { pagesPerRequest: 1 });
    await fileDeviceMemory(folder).save('SM00000002', { pagesPerRequest: 4 });
    expect(await fileDeviceMemory(folder).load('SM00000001')).toEqual({ pagesPerRequest: 1 });
    expect(await fileDeviceMemory(folder).load('SM00000003')).toBeUndefined();
    expect((await stat(join(folder, 'receivers.json'))).mode & 0o777).toBe(0o600);
  });

  it('does without a file that is damaged, or a folder that cannot be written', async () => {
    const folder = await temporaryFolder();
    for (const text of ['{"SM00000001":', '[]', '{"SM00000001":{"pagesPerRequest":9}}', 'null']) {
      await writeFile(join(folder, 'receivers.json'), text);
      expect(await fileDeviceMemory(folder).load('SM00000001')).toBeUndefined();
    }
    spawnSync('mkfifo', [join(folder, 'pipe')]);
    for (const place of ['pipe', '/dev/zero']) {
      await rm(join(folder, 'receivers.json'));
      await symlink(place, join(folder, 'receivers.json'));
      await fileDeviceMemory(folder).save('SM00000001', { pagesPerRequest: 1 });
      expect(await fileDeviceMemory(folder).load('SM00000001')).toBeUndefined();
      expect(await readlink(join(folder, 'receivers.json'))).toBe(place);
    }
    const nowhere = fileDeviceMemory('/dev/null/nowhere');
    await nowhere.save('SM00000001', { pagesPerRequest: 1 });
    expect(await nowhere.load('SM00000001')).toBeUndefined();
  });
});

it('remembers receivers in a file that is elsewhere, and follows no link beside it', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'elsewhere'), '{}');
  await symlink('elsewhere', join(folder, 'receivers.json'));
  await writeFile(join(folder, 'theirs'), 'theirs');
  await symlink('theirs', join(folder, `receivers.json.${process.pid}`));
  await fileDeviceMemory(folder).save('SM00000001', { pagesPerRequest: 1 });
  expect(await readFile(join(folder, 'elsewhere'), 'utf8')).toContain('SM00000001');
  expect(await readFile(join(folder, 'theirs'), 'utf8')).toBe('theirs');
  expect(await readlink(join(folder, 'receivers.json'))).toBe('elsewhere');
  expect(await readdir(folder)).toHaveLength(4);
});

describe('a receiver that does not answer requests for several pages', () => {
  it('is asked for one at a time by the next command', async () => {
    let refused = 0;
    await using world = await makeWorld({
      deliver: ({ command, bytes }) => {
        if (command !== 'readDatabasePages' || bytes.length < 600) return undefined;
        refused++;
        return [new Uint8Array([0x01, 0x06, 0x00, 0x04, 0x90, 0x84])];
      },
    });
    const args = ['read', 'egv', '--port', world.portPath, '--json'];
    const first = await run(args, world.env);
    expect(refused).toBeGreaterThan(0);
    const before = refused;
    const second = await run(args, world.env);
    expect(second.exitCode).toBe(0);
    const indexes = ({ out }: typeof first) =>
      out
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { index: number }).index);
    expect(indexes(first).length).toBeGreaterThan(0);
    expect(indexes(second)).toEqual(indexes(first));
    expect(refused).toBe(before);
  });
});
