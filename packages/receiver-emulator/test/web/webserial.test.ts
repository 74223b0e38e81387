import { describe, expect, it } from 'vitest';
import {
  EmulatedSerial,
  SERIAL_FAILURES,
  type SerialFailure,
  type SerialPlugOptions,
} from '../../src/webserial.ts';
import type { Wire } from '../../src/wire.ts';

const SETTINGS = { baudRate: 115_200, bufferSize: 65_536 };
const pause = (ms = 0) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** A port with a device that does what the test says. */
function plugged(options: SerialPlugOptions = {}, serial = new EmulatedSerial()) {
  const received: number[] = [];
  let wire: Wire | undefined;
  const device = {
    attach: (given: Wire) => {
      wire = given;
      return { receive: (bytes: Uint8Array) => void received.push(...bytes), detach() {} };
    },
  };
  const cable = serial.plug(device, { granted: true, ...options });
  const say = (...bytes: number[]) => wire?.send(Uint8Array.from(bytes));
  return { serial, cable, port: cable.port, device, received, say };
}

const bytesOf = async (reader: ReadableStreamDefaultReader<Uint8Array>) => {
  const { value } = await reader.read();
  return [...(value ?? [])];
};

describe('open', () => {
  it('is refused while the port is open, or opening', async () => {
    const { port } = plugged();
    const [, second] = await Promise.allSettled([port.open(SETTINGS), port.open(SETTINGS)]);
    expect(second).toMatchObject({ reason: { name: 'InvalidStateError' } });
    await expect(port.open(SETTINGS)).rejects.toMatchObject({ name: 'InvalidStateError' });
  });

  it('fails with NetworkError where another program has the port', async () => {
    const { port, cable } = plugged({ held: true });
    await expect(port.open(SETTINGS)).rejects.toMatchObject({
      name: 'NetworkError',
      message: 'Failed to open serial port.',
    });
    cable.behaviour.held = false;
    await port.open(SETTINGS);
  });

  it.each([
    { baudRate: 0 },
    { baudRate: 9600, bufferSize: 0 },
    { baudRate: 9600, bufferSize: 16_777_217 },
  ])('takes no %j', async (settings) => {
    await expect(plugged().port.open(settings)).rejects.toBeInstanceOf(TypeError);
  });

  it('has room for 255 bytes if nothing else is asked for (browser §17)', async () => {
    const { port, say } = plugged({ overrun: 'told' });
    await port.open({ baudRate: 115_200 });
    say(...new Array(300).fill(1));
    expect(await bytesOf(port.readable!.getReader())).toHaveLength(255);
  });

  it('gives streams, which are not there before and afterwards', async () => {
    const { port } = plugged();
    expect([port.readable, port.writable]).toEqual([null, null]);
    await port.open(SETTINGS);
    expect([port.readable, port.writable]).toEqual([expect.anything(), expect.anything()]);
    expect(port.readable).toBe(port.readable);
    await port.close();
    expect([port.readable, port.writable]).toEqual([null, null]);
  });
});

describe('the readable stream (browser §14)', () => {
  const failures = Object.entries(SERIAL_FAILURES) as [
    SerialFailure,
    (typeof SERIAL_FAILURES)[SerialFailure],
  ][];

  it.each(failures)('fails with %s after what had arrived', async (failure, { name, isFatal }) => {
    const { port, cable, say } = plugged();
    await port.open(SETTINGS);
    const stream = port.readable;
    const reader = stream!.getReader();
    say(1, 2);
    cable.fail(failure);
    expect(await bytesOf(reader)).toEqual([1, 2]);
    await expect(reader.read()).rejects.toMatchObject({ name });
    reader.releaseLock();
    if (isFatal) {
      expect(port.readable).toBeNull();
      return;
    }
    expect(port.readable).not.toBe(stream);
    say(3);
    expect(await bytesOf(port.readable!.getReader())).toEqual([3]);
  });

  it('gives chunks of a size', async () => {
    const { port, say } = plugged({ chunkBytes: 2 });
    await port.open(SETTINGS);
    const reader = port.readable!.getReader();
    say(1, 2, 3);
    expect([await bytesOf(reader), await bytesOf(reader)]).toEqual([[1, 2], [3]]);
  });

  it('is replaced by another after it was cancelled', async () => {
    const { port, say } = plugged();
    await port.open(SETTINGS);
    const stream = port.readable!;
    await stream.cancel();
    say(1);
    expect(port.readable).not.toBe(stream);
    expect(await bytesOf(port.readable!.getReader())).toEqual([1]);
  });

  it.each([
    ['told', 4, 'BufferOverrunError'],
    ['silent', 4, undefined],
    ['kept', 10, undefined],
  ] as const)(
    'where an overrun is %s, has %i of ten bytes in room for 4',
    async (overrun, kept, name) => {
      const { port, say } = plugged({ overrun });
      await port.open({ baudRate: 9600, bufferSize: 4 });
      say(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
      const reader = port.readable!.getReader();
      expect(await bytesOf(reader)).toHaveLength(kept);
      const next = reader.read();
      if (name) await expect(next).rejects.toMatchObject({ name });
      else expect(await Promise.race([next, pause(5)])).toBeUndefined();
    },
  );
});

describe('the writable stream', () => {
  it('is done with a chunk when the buffer has it, not the device (browser §20)', async () => {
    const { port, received } = plugged({ stopped: true });
    await port.open({ baudRate: 9600, bufferSize: 4 });
    const writer = port.writable!.getWriter();
    await writer.write(Uint8Array.of(1, 2, 3, 4));
    expect(received).toEqual([]);
    const stuck = writer.write(Uint8Array.of(5));
    stuck.catch(() => {});
    expect(await Promise.race([stuck, pause(5).then(() => 'waits')])).toBe('waits');
    await writer.abort(new Error('enough'));
    await expect(stuck).rejects.toThrow('enough');
  });

  it('waits on closing for a device that takes nothing', async () => {
    const { port } = plugged({ stopped: true });
    await port.open(SETTINGS);
    const writer = port.writable!.getWriter();
    await writer.write(Uint8Array.of(1));
    expect(await Promise.race([writer.close(), pause(5).then(() => 'waits')])).toBe('waits');
  });
});

describe('close (browser §19)', () => {
  it.each(['readable', 'writable'] as const)('fails while %s is locked', async (stream) => {
    const { port } = plugged();
    await port.open(SETTINGS);
    const lock = stream === 'readable' ? port.readable!.getReader() : port.writable!.getWriter();
    await expect(port.close()).rejects.toBeInstanceOf(TypeError);
    lock.releaseLock();
    await port.close();
    await port.open(SETTINGS);
  });

  it('fails on a port that is not open', async () => {
    await expect(plugged().port.close()).rejects.toMatchObject({ name: 'InvalidStateError' });
  });
});

describe('a pulled cable (browser §4, §6)', () => {
  it('fails the streams, and then sends disconnect to the port and the page', async () => {
    const { serial, cable, port } = plugged();
    await port.open(SETTINGS);
    const seen: string[] = [];
    port.addEventListener('disconnect', () => seen.push('port'));
    port.ondisconnect = () => seen.push('port on');
    serial.addEventListener('disconnect', ({ target }) => seen.push(`page ${target === port}`));
    serial.ondisconnect = () => seen.push('page on');
    port
      .readable!.getReader()
      .read()
      .catch(({ name }) => seen.push(name));
    cable.unplug();
    cable.unplug();
    expect(port.connected).toBe(false);
    await pause(40);
    expect(seen).toEqual(['NetworkError', 'port', 'port on', 'page true', 'page on']);
    await expect(port.open(SETTINGS)).rejects.toMatchObject({ name: 'InvalidStateError' });
    await port.close();
    await expect(port.open(SETTINGS)).rejects.toMatchObject({ name: 'NetworkError' });
  });

  it('shows on Windows as failures of every new stream, until it is closed (browser §15)', async () => {
    const { serial, cable, port } = plugged({ unplugsAs: 'system' });
    let gone = 0;
    serial.ondisconnect = () => gone++;
    await port.open(SETTINGS);
    const writer = port.writable!.getWriter();
    cable.unplug();
    await expect(writer.write(Uint8Array.of(1))).rejects.toMatchObject({ name: 'UnknownError' });
    for (let i = 0; i < 10; i++) {
      const reader = port.readable!.getReader();
      await expect(reader.read()).rejects.toMatchObject({ name: 'UnknownError' });
    }
    const again = port.writable!.getWriter();
    await expect(again.write(Uint8Array.of(1))).rejects.toMatchObject({ name: 'UnknownError' });
    await pause(40);
    expect(gone).toBe(1);
    await port.close();
    expect(port.readable).toBeNull();
  });

  it('takes the permission away, except on Windows (browser §0.3)', async () => {
    const there = plugged();
    there.cable.unplug();
    there.serial.plug(there.device);
    expect(await there.serial.getPorts()).toEqual([]);
    const windows = plugged({}, new EmulatedSerial({ grantsLast: true }));
    let connected = 0;
    windows.serial.onconnect = () => connected++;
    windows.cable.unplug();
    const { port } = windows.serial.plug(windows.device);
    expect(await windows.serial.getPorts()).toEqual([port]);
    expect(connected).toBe(1);
  });
});

it('has no signals before it is open, and takes them then', async () => {
  const { port } = plugged();
  await expect(port.setSignals()).rejects.toMatchObject({ name: 'InvalidStateError' });
  await expect(port.getSignals()).rejects.toMatchObject({ name: 'InvalidStateError' });
  await port.open(SETTINGS);
  await port.setSignals();
  expect(await port.getSignals()).toMatchObject({ clearToSend: false });
  expect(port.signalsSet).toBe(1);
});

it('is not opened any more once it is forgotten', async () => {
  const { serial, port } = plugged();
  await port.open(SETTINGS);
  const read = port.readable!.getReader().read();
  await Promise.all([expect(read).rejects.toMatchObject({ name: 'NetworkError' }), port.forget()]);
  expect(await serial.getPorts()).toEqual([]);
  await expect(port.open(SETTINGS)).rejects.toMatchObject({ name: 'InvalidStateError' });
});

describe('the chooser (browser §9, §10)', () => {
  it.each([
    [{ clicked: () => false }, 'SecurityError', /user gesture/],
    [{ allowed: false }, 'SecurityError', /permissions policy/],
    [{ choose: () => undefined }, 'NotFoundError', /No port selected/],
  ])('fails where %j, with %s', async (options, name, message) => {
    const { serial } = plugged({ granted: false }, new EmulatedSerial(options));
    await expect(serial.requestPort()).rejects.toMatchObject({
      name,
      message: expect.stringMatching(message),
    });
  });
});
