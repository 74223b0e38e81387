import { ReceiverError } from '@egvkit/receiver/transport';
import { describe, expect, it, vi } from 'vitest';
import {
  type OpenSerialOptions,
  openSerial,
  type PortListing,
  type SerialRetry,
} from '../src/index.ts';
import { FakePort } from './fake-port.ts';

const RECEIVER: PortListing = { path: '/dev/ttyACM0', vendorId: '22a3', productId: '0047' };
const BUSY = 'Error: Device or resource busy, cannot open /dev/ttyACM0';
const MISSING = 'Error: No such file or directory, cannot open /dev/ttyACM0';

/** openSerial in a world without time: each attempt opens or fails as told. */
function world(
  outcomes: readonly (FakePort | string)[],
  { lists = [[RECEIVER]] }: { lists?: readonly (readonly PortListing[])[] } = {},
) {
  const opened: string[] = [];
  const slept: number[] = [];
  const retries: SerialRetry[] = [];
  let listed = 0;
  const options = {
    list: async () => lists[Math.min(listed++, lists.length - 1)]!,
    open: async ({ path }) => {
      const outcome = outcomes[Math.min(opened.push(path), outcomes.length) - 1]!;
      if (typeof outcome === 'string') throw new Error(outcome);
      return outcome;
    },
    sleep: async (ms) => void slept.push(ms),
    onRetry: (retry) => void retries.push(retry),
  } satisfies OpenSerialOptions;
  return { options, opened, slept, retries, listed: () => listed };
}

describe('finding the port', () => {
  it('opens the one receiver there is, at 115200 8N1 by default', async () => {
    const port = new FakePort();
    const open = vi.fn(async () => port);
    const transport = await openSerial(undefined, { ...world([]).options, open });
    expect(transport.path).toBe('/dev/ttyACM0');
    expect(open.mock.calls).toEqual([
      [{ path: '/dev/ttyACM0', baudRate: 115_200, dataBits: 8, stopBits: 1 }],
    ]);
  });

  it.each(['', ' '])('says that a name that is "%s" is none', async (path) => {
    await expect(openSerial(path, world([]).options)).rejects.toMatchObject({
      code: 'outOfRange',
      message: expect.stringContaining('The name of the port is empty; it must be one like'),
    });
  });

  it('opens the named port without looking for others', async () => {
    const { options, opened, listed } = world([new FakePort()]);
    const transport = await openSerial('COM7', options);
    expect([transport.path, opened, listed()]).toEqual(['COM7', ['COM7'], 0]);
  });

  it.each([
    [[], 'noReceiver', { seen: 0, unidentified: [] }],
    [[{ path: '/dev/ttyS0' }], 'noReceiver', { seen: 1, unidentified: [] }],
    [[{ path: '/dev/ttyACM0' }], 'noReceiver', { seen: 1, unidentified: ['/dev/ttyACM0'] }],
    [
      [RECEIVER, { ...RECEIVER, path: '/dev/ttyACM1' }],
      'severalReceivers',
      { paths: ['/dev/ttyACM0', '/dev/ttyACM1'] },
    ],
    [
      [{ ...RECEIVER, productId: '0048' }],
      'unsupportedReceiver',
      { path: '/dev/ttyACM0', product: 'G7 receiver' },
    ],
  ])('reports at once what it finds in %j', async (list, code, data) => {
    const { options, retries } = world([new FakePort()], { lists: [list] });
    await expect(openSerial(undefined, options)).rejects.toMatchObject({ code, data });
    expect(retries).toEqual([]);
  });

  it('takes the receiver it can read, where a G7 receiver is plugged in too', async () => {
    const g7 = { ...RECEIVER, path: '/dev/ttyACM1', productId: '0048' };
    const { options } = world([new FakePort()], { lists: [[g7, RECEIVER]] });
    expect((await openSerial(undefined, options)).path).toBe('/dev/ttyACM0');
  });
});

describe('retrying', () => {
  it('waits 2 s after a busy port and tells about it', async () => {
    const { options, slept, retries } = world([BUSY, BUSY, new FakePort()]);
    await openSerial('/dev/ttyACM0', options);
    expect(slept).toEqual([2000, 2000, 100]);
    expect(retries).toMatchObject([
      { attempt: 1, attempts: 8, delayMs: 2000, error: { code: 'portBusy' } },
      { attempt: 2, attempts: 8, delayMs: 2000, error: { code: 'portBusy' } },
    ]);
  });

  it('gives up after 8 attempts with the last error', async () => {
    const { options, opened, slept } = world([BUSY]);
    await expect(openSerial('/dev/ttyACM0', options)).rejects.toMatchObject({ code: 'portBusy' });
    expect(opened).toHaveLength(8);
    expect(slept).toHaveLength(7);
  });

  it('tries as often as it is told', async () => {
    const { options, opened, slept } = world([BUSY]);
    await expect(
      openSerial('COM3', { ...options, attempts: 2, delayMs: 50 }),
    ).rejects.toMatchObject({ code: 'portBusy' });
    expect([opened.length, slept]).toEqual([2, [50]]);
    await expect(openSerial('COM3', { ...options, attempts: 0 })).rejects.toMatchObject({
      code: 'outOfRange',
    });
  });

  it('follows a receiver that re-attaches under another path', async () => {
    const moved = { ...RECEIVER, path: '/dev/ttyACM1' };
    const { options, opened } = world([MISSING, new FakePort()], {
      lists: [[RECEIVER], [], [moved]],
    });
    const transport = await openSerial(undefined, options);
    expect(transport.path).toBe('/dev/ttyACM1');
    expect(opened).toEqual(['/dev/ttyACM0', '/dev/ttyACM1']);
  });

  it('tries again when the receiver goes while the port settles', async () => {
    const flaky = new FakePort();
    const good = new FakePort();
    const { options, retries } = world([flaky, good]);
    const sleep = async (ms: number) => {
      if (ms === 100 && flaky.isOpen) flaky.disconnect();
    };
    const transport = await openSerial('/dev/ttyACM0', { ...options, sleep });
    good.emit('data', Buffer.of(1));
    expect(await transport.read(0)).toEqual(Uint8Array.of(1));
    expect(retries).toMatchObject([{ error: { code: 'unplugged' } }]);
  });

  it.each([
    [MISSING, 'portNotFound'],
    ['Error: Permission denied, cannot open /dev/ttyACM0', 'portDenied'],
    ['Error: Inappropriate ioctl for device setting custom baud rate of 115200', 'notASerialPort'],
  ])('reports at once, for a named port: %s', async (message, code) => {
    const { options, opened } = world([message]);
    await expect(openSerial('/dev/ttyACM0', options)).rejects.toMatchObject({ code });
    expect(opened).toHaveLength(1);
  });
});

describe('settling', () => {
  it('discards what is pending 100 ms after opening, and nothing later', async () => {
    const port = new FakePort();
    const { options } = world([port]);
    const sleep = async () => void port.emit('data', Buffer.from('AT\r'));
    const transport = await openSerial('/dev/ttyACM0', { ...options, sleep });
    expect(await transport.read(0)).toEqual(Uint8Array.of());
    port.emit('data', Buffer.of(1));
    expect(await transport.read(0)).toEqual(Uint8Array.of(1));
  });
});

describe('aborting', () => {
  const reason = new Error('enough');

  it('opens nothing when it is aborted beforehand', async () => {
    const { options, opened } = world([new FakePort()]);
    const signal = AbortSignal.abort(reason);
    await expect(openSerial('COM3', { ...options, signal })).rejects.toBe(reason);
    expect(opened).toEqual([]);
  });

  it('ends the wait for the next attempt at once', async () => {
    const { options } = world([BUSY]);
    const abort = new AbortController();
    const { sleep: _, ...withRealSleep } = options;
    const opening = openSerial('COM3', {
      ...withRealSleep,
      signal: abort.signal,
      onRetry: () => setImmediate(() => abort.abort(reason)),
    });
    await expect(opening).rejects.toBe(reason);
  });

  it('closes a port that opens only after the abort', async () => {
    const port = new FakePort();
    const abort = new AbortController();
    let finish = (_: FakePort) => {};
    const open = () => new Promise<FakePort>((resolve) => (finish = resolve));
    const opening = openSerial('COM3', { ...world([]).options, open, signal: abort.signal });
    abort.abort(reason);
    await expect(opening).rejects.toBe(reason);
    finish(port);
    await vi.waitFor(() => expect(port.isOpen).toBe(false));
  });

  it('closes the port when it is aborted while the port settles', async () => {
    const port = new FakePort();
    const { options } = world([port]);
    const sleep = () => Promise.reject(reason);
    await expect(openSerial('COM3', { ...options, sleep })).rejects.toBe(reason);
    expect(port.isOpen).toBe(false);
  });
});

it('passes a mistake of the caller on as it is', async () => {
  const mistake = new RangeError('a bug in onRetry');
  const { options } = world([BUSY]);
  const onRetry = () => {
    throw mistake;
  };
  await expect(openSerial('COM3', { ...options, onRetry })).rejects.toBe(mistake);
  expect(mistake).not.toBeInstanceOf(ReceiverError);
});
