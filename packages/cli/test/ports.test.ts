import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openPty } from '@egvkit/receiver-emulator/pty';
import { afterEach, describe, expect, it } from 'vitest';
import { makeFolder, run } from './support/world.ts';

const PATH = process.env.PATH ?? '';

afterEach(() => {
  process.env.PATH = PATH;
});

describe.skipIf(process.platform === 'win32')('a port with something else on it', () => {
  it.each([
    ['an echo', 5, (bytes: Uint8Array) => bytes],
    ['an Arduino that says something', 6, () => new TextEncoder().encode('unknown command\r\n')],
  ])('%s may be another device', { timeout: 15_000 }, async (_name, expected, answer) => {
    await using port = await openPty({
      attach: (wire) => ({ receive: (bytes) => wire.send(answer(bytes)), detach() {} }),
    });
    const { exitCode, err } = await run(['info', '--port', port.path]);
    expect(exitCode).toBe(expected);
    expect(err).toContain('It may also be another device than a receiver');
  });
});

describe.skipIf(process.platform !== 'linux')('a port of which the system tells nothing', () => {
  it('is named, with what to type', async () => {
    await using folder = await makeFolder();
    const udevadm = join(folder.path, 'udevadm');
    const lines = ['P: /devices/tty/ttyACM0', 'N: ttyACM0', 'E: DEVNAME=/dev/ttyACM0', ''];
    await writeFile(udevadm, `#!/bin/sh\nprintf '%s\\n' '${lines.join("' '")}'\n`);
    await chmod(udevadm, 0o755);
    process.env.PATH = `${folder.path}:${PATH}`;

    const { exitCode, err } = await run(['info']);
    expect(exitCode).toBe(3);
    expect(err).toContain(
      'No receiver was recognised: the system does not know the device on /dev/ttyACM0.',
    );
    expect(err).toContain('--port /dev/ttyACM0');
    expect(err).not.toContain('No receiver is connected');

    const { out } = await run(['receivers']);
    expect(out).toMatch(/^\/dev\/ttyACM0 .*--port \/dev\/ttyACM0\n$/);
  });
});
