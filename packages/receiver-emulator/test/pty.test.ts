import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { openPty } from '../src/pty.ts';
import { openClient, pattern, puppet } from './pty-client.ts';

const ALL_BYTES = Uint8Array.from({ length: 256 }, (_, i) => i);
const PTY_MODULE = new URL('../src/pty.ts', import.meta.url).href;

/** A Node process of its own that runs `code`. */
function run(code: string) {
  return spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
}

async function untilMissing(path: string): Promise<void> {
  while (existsSync(path)) await sleep(2);
}

describe.skipIf(process.platform === 'win32')('a port', () => {
  it('carries all 256 byte values both ways, unchanged and without an echo', async () => {
    const { device, heard, wire } = puppet();
    await using port = await openPty(device);
    const client = openClient(port.path);
    await client.write(ALL_BYTES);
    expect(await heard(256)).toEqual(ALL_BYTES);
    wire().send(ALL_BYTES);
    expect(await client.read(256)).toEqual(ALL_BYTES);
    await sleep(20);
    expect(await heard(256)).toHaveLength(256);
    client.close();
  });

  it.each([2118, 65_536, 300_000])('brings a reply of %d bytes whole', async (length) => {
    const { device, wire } = puppet();
    await using port = await openPty(device);
    const client = openClient(port.path);
    const reply = pattern(length);
    wire().send(reply);
    expect(Buffer.compare(await client.read(length), reply)).toBe(0);
    client.close();
  });

  it('takes 64 KiB whole from the program', async () => {
    const { device, heard } = puppet();
    await using port = await openPty(device);
    const client = openClient(port.path);
    const request = pattern(65_536);
    await client.write(request);
    expect(Buffer.compare(await heard(request.length), request)).toBe(0);
    client.close();
  });

  it('keeps what the device sends apart from the array it was in', async () => {
    const { device, wire } = puppet();
    await using port = await openPty(device);
    const client = openClient(port.path);
    const page = Uint8Array.of(1, 2, 3);
    wire().send(page);
    page.fill(0);
    expect(await client.read(3)).toEqual(Uint8Array.of(1, 2, 3));
    client.close();
  });

  it('can be opened again after the program closed it, as often as one likes', async () => {
    const { device, heard, detached } = puppet();
    await using port = await openPty(device);
    for (let round = 1; round <= 3; round++) {
      const client = openClient(port.path);
      await client.write(Uint8Array.of(round));
      await heard(round);
      client.close();
      await sleep(5);
    }
    expect(await heard(3)).toEqual(Uint8Array.of(1, 2, 3));
    expect(detached()).toBe(0);
  });

  it('gives a program nothing that was sent to the one before it', async () => {
    const { device, heard, wire } = puppet();
    await using port = await openPty(device);
    const before = openClient(port.path);
    await before.write(Uint8Array.of(1));
    await heard(1);
    wire().send(pattern(20_000_000));
    await sleep(20);
    before.close();
    // So long may a busy computer take to get through all that, and to see that nobody is there.
    await sleep(2000);
    wire().send(Uint8Array.of(5, 6));
    await sleep(50);
    const client = openClient(port.path);
    wire().send(Uint8Array.of(7));
    expect(await client.read(1)).toEqual(Uint8Array.of(7));
    client.close();
  });

  it('survives a program that is killed while it has the port open', async () => {
    const { device, heard, wire } = puppet();
    await using port = await openPty(device);
    const program = run(`
      import { openSync, writeSync } from 'node:fs';
      writeSync(openSync(${JSON.stringify(port.path)}, 'r+'), 'x');
      setInterval(() => {}, 1000);
    `);
    await heard(1);
    program.kill('SIGKILL');
    await once(program, 'exit');
    const client = openClient(port.path);
    wire().send(Uint8Array.of(7));
    expect(await client.read(1)).toEqual(Uint8Array.of(7));
    client.close();
  });
});

describe.skipIf(process.platform === 'win32')('the end of a port', () => {
  it('comes with closing, once, also when nobody has read what the device sent', async () => {
    const { device, detached, wire } = puppet();
    const port = await openPty(device);
    wire().send(pattern(1_000_000));
    await Promise.all([port.close(), port.close()]);
    await port.ended;
    wire().send(Uint8Array.of(1));
    wire().unplug();
    await port.close();
    expect(existsSync(port.path)).toBe(false);
    expect(detached()).toBe(1);
  });

  it('comes after the bytes that were sent, when the device unplugs itself', async () => {
    const { device, detached, wire } = puppet();
    const port = await openPty(device);
    const client = openClient(port.path);
    wire().send(pattern(2118));
    wire().unplug();
    expect(await client.read(2118)).toEqual(pattern(2118));
    await client.untilGone();
    await port.ended;
    expect(existsSync(port.path)).toBe(false);
    expect(detached()).toBe(1);
    await port.close();
    expect(detached()).toBe(1);
    client.close();
  });

  it('is seen although a program was started meanwhile, which inherits what is open', async () => {
    const { device, wire } = puppet();
    const port = await openPty(device);
    const other = run('setInterval(() => {}, 1000); console.log("up")');
    await once(other.stdout, 'data');
    const client = openClient(port.path);
    wire().unplug();
    await client.untilGone();
    // While it is open here, no other test is given its number.
    await untilMissing(port.path);
    client.close();
    expect(other.exitCode).toBeNull();
    other.kill('SIGKILL');
  });

  it('comes when the emulator is killed', async () => {
    const emulator = run(`
      const { openPty } = await import(${JSON.stringify(PTY_MODULE)});
      const port = await openPty({ attach: () => ({ receive() {}, detach() {} }) });
      console.log(port.path);
    `);
    const [line] = (await once(emulator.stdout, 'data')) as [Buffer];
    const path = line.toString().trim();
    const client = openClient(path);
    emulator.kill('SIGKILL');
    await client.untilGone();
    // While it is open here, no other test is given its number.
    await untilMissing(path);
    client.close();
  });

  it('leaves nothing behind that keeps the emulator from ending by itself', async () => {
    const emulator = run(`
      const { openPty } = await import(${JSON.stringify(PTY_MODULE)});
      const port = await openPty({ attach: () => ({ receive() {}, detach() {} }) });
      await port.close();
      console.log('closed');
    `);
    let said = '';
    emulator.stdout.on('data', (bytes: Buffer) => {
      said += bytes.toString();
    });
    expect(await once(emulator, 'close')).toEqual([0, null]);
    expect(said).toBe('closed\n');
  });
});

describe.skipIf(process.platform === 'win32')('a link', () => {
  it('leads to the port, replaces a stale one and goes with the port', async () => {
    const link = join(mkdtempSync(join(tmpdir(), 'pty-')), 'receiver');
    symlinkSync('/dev/pts/no-such-port', link);
    const { device, heard } = puppet();
    const port = await openPty(device, { link });
    expect(readlinkSync(link)).toBe(port.path);
    const client = openClient(link);
    await client.write(Uint8Array.of(1));
    await heard(1);
    client.close();
    await port.close();
    expect(existsSync(link)).toBe(false);
    rmSync(join(link, '..'), { recursive: true });
  });

  it('never replaces a file', async () => {
    const link = join(mkdtempSync(join(tmpdir(), 'pty-')), 'receiver');
    writeFileSync(link, 'precious');
    const { device, detached } = puppet();
    await expect(openPty(device, { link })).rejects.toMatchObject({
      code: 'linkTaken',
      data: { link },
    });
    expect(existsSync(link)).toBe(true);
    expect(detached()).toBe(1);
    rmSync(join(link, '..'), { recursive: true });
  });
});

describe('where there are no pseudo-terminals', () => {
  it('says so on Windows', async () => {
    await expect(openPty(puppet().device, { platform: 'win32' })).rejects.toMatchObject({
      name: 'PtyError',
      code: 'ptyUnavailable',
      message: 'No pseudo-terminal can be opened: Windows has none that is a serial port.',
    });
  });

  it('names the optional dependency when it is missing', async () => {
    await expect(
      openPty(puppet().device, { platform: 'linux', nodePty: 'no-such-pty' }),
    ).rejects.toMatchObject({
      code: 'ptyUnavailable',
      message: expect.stringMatching(/Cannot find package 'no-such-pty'/),
      help: expect.stringContaining('@lydell/node-pty'),
    });
  });
});
