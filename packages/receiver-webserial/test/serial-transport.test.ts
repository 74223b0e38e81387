import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { OpenSerialOptions } from '../src/index.ts';
import { page } from './support.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const after = (ms: number) => vi.advanceTimersByTimeAsync(ms);

/** Error of a promise if it has failed by now. */
async function errorOf(work: Promise<unknown>): Promise<unknown> {
  return await Promise.race([
    work.then(
      () => undefined,
      (error: unknown) => error,
    ),
  ]);
}

describe('reading', () => {
  it('keeps one reader, whatever times out or is aborted (browser §1)', async () => {
    const { port, peer, open } = page();
    const { readable } = port;
    expect(readable).toBeNull();
    const transport = await open();
    const stream = port.readable;
    const getReader = vi.spyOn(stream!, 'getReader');
    const timedOut = transport.read(50);
    await after(50);
    expect(await timedOut).toHaveLength(0);
    await expect(transport.read(50, AbortSignal.abort(new Error('x')))).rejects.toThrow('x');
    peer.write(Uint8Array.of(1));
    expect(await transport.read(50)).toEqual(Uint8Array.of(1));
    expect(port.readable).toBe(stream);
    expect(getReader).not.toHaveBeenCalled();
  });

  it.each([
    ['break', 'BreakError'],
    ['framing', 'FramingError'],
    ['parity', 'ParityError'],
    ['overrun', 'BufferOverrunError'],
    ['system', 'UnknownError'],
  ] as const)(
    'goes on after %s, and tells of the loss (browser §14, §16)',
    async (failure, name) => {
      const { port, cable, peer, open } = page();
      const losses: unknown[] = [];
      const transport = await open({ onLoss: (cause) => losses.push(cause) });
      const stream = port.readable;
      peer.write(Uint8Array.of(1));
      cable.fail(failure);
      await after(0);
      peer.write(Uint8Array.of(2));
      await after(0);
      expect(await transport.read(0)).toEqual(Uint8Array.of(1, 2));
      expect(port.readable).not.toBe(stream);
      expect(losses).toMatchObject([{ name }]);
    },
  );

  it('goes on for as long as a byte comes after two failures (browser §15)', async () => {
    const { cable, peer, open } = page();
    const transport = await open();
    for (let i = 0; i < 10; i++) {
      cable.fail('break');
      await after(0);
      cable.fail('system');
      await after(0);
      peer.write(Uint8Array.of(i));
      await after(0);
    }
    expect([...(await transport.read(0))]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('gives up after three failures without a byte (browser §15)', async () => {
    const { cable, open } = page();
    const transport = await open();
    for (let i = 0; i < 3; i++) {
      cable.fail('system');
      await after(0);
    }
    const read = errorOf(transport.read(1000));
    await after(200);
    expect(await read).toMatchObject({
      code: 'portFailed',
      message: 'Serial port 22A3:0047 could not be used: An unknown system error.',
      cause: { name: 'UnknownError' },
    });
  });

  it('ends a spinning port at once, as a pulled cable on Windows is (browser §15)', async () => {
    const { cable, open } = page({ unplugsAs: 'system' });
    const losses: unknown[] = [];
    const transport = await open({ onLoss: (cause) => losses.push(cause) });
    const read = errorOf(transport.read(1000));
    cable.unplug();
    await after(0);
    expect(await read).toMatchObject({ code: 'unplugged', cause: { name: 'UnknownError' } });
    expect(losses).toMatchObject([1, 2, 3].map(() => ({ name: 'UnknownError' })));
    await transport.close();
  });

  it('reads no more after a NetworkError, told by its name (browser §3, §14)', async () => {
    const { port, open } = page();
    const cause = Object.assign(new Error('x'), { name: 'NetworkError' });
    vi.spyOn(port, 'readable', 'get').mockImplementation(
      () => new ReadableStream({ start: (controller) => controller.error(cause) }),
    );
    const losses: unknown[] = [];
    const transport = await open({ onLoss: (loss) => losses.push(loss) });
    const read = errorOf(transport.read(2000));
    await after(1000);
    expect(await read).toMatchObject({ code: 'portFailed', cause });
    expect(losses).toEqual([]);
  });

  it('loses nothing of a burst of many replies while the page is busy (browser §17)', async () => {
    const { peer, open } = page({ overrun: 'told' });
    const losses: unknown[] = [];
    const transport = await open({ onLoss: (cause) => losses.push(cause) });
    for (let i = 0; i < 30; i++) peer.write(new Uint8Array(2118).fill(i));
    await after(0);
    expect(await transport.read(0)).toHaveLength(30 * 2118);
    expect(losses).toEqual([]);
  });
});

describe('bytes that are special below the page (browser §18)', () => {
  const special = [
    ...new Array(40).fill(0xff),
    ...[0xff, 0x00, 0x00, 0xff, 0xff, 0x00, 0x11, 0x13, 0xff, 0x00],
  ];

  it.each(special.map((_, i) => i + 1))(
    'arrive as sent, in reads of %i bytes',
    async (chunkBytes) => {
      const { peer, open } = page({ chunkBytes });
      const transport = await open();
      peer.write(Uint8Array.from(special));
      await after(0);
      expect([...(await transport.read(0))]).toEqual(special);
    },
  );
});

describe('a pulled cable', () => {
  it('is reported as unplugged although the read fails before the event (browser §4)', async () => {
    const { cable, open } = page({}, { disconnectMs: 900 });
    const transport = await open();
    // As in Firefox, which does not tell whether a port is connected.
    Object.defineProperty(cable.port, 'connected', { value: undefined });
    const read = errorOf(transport.read(1000));
    cable.unplug();
    await after(850);
    expect(await errorOf(transport.read(0))).toMatchObject({ code: 'busy' });
    await after(50);
    expect(await read).toMatchObject({
      code: 'unplugged',
      message: 'The connection to the receiver on Serial port 22A3:0047 was lost.',
      help: expect.stringContaining('cable'),
      cause: { name: 'NetworkError' },
    });
  });

  it('is reported at once if the browser knows', async () => {
    const { cable, open } = page({}, { disconnectMs: 150 });
    const transport = await open();
    const read = errorOf(transport.read(1000));
    cable.unplug();
    await after(0);
    expect(await read).toMatchObject({ code: 'unplugged' });
  });

  it('is reported as portFailed if no event comes within 1 s (browser §4)', async () => {
    const { cable, open } = page();
    const transport = await open();
    const read = errorOf(transport.read(2000));
    cable.fail('lost');
    await after(1000);
    expect(await read).toMatchObject({ code: 'portFailed', cause: { name: 'NetworkError' } });
  });

  it('is reported on the event alone, too', async () => {
    const { port, open } = page();
    const transport = await open();
    port.dispatchEvent(new Event('disconnect'));
    const read = errorOf(transport.read(1000));
    await after(200);
    expect(await read).toMatchObject({ code: 'unplugged' });
  });

  it('of another receiver does not affect this one (browser §7)', async () => {
    const { serial, device, peer, open } = page();
    const transport = await open();
    const other = serial.plug({ attach: () => ({ receive() {}, detach() {} }) }, { granted: true });
    other.unplug();
    await after(500);
    peer.write(Uint8Array.of(1));
    await after(0);
    expect(await transport.read(0)).toEqual(Uint8Array.of(1));
    expect(device).toBeDefined();
  });

  it('ends a write too', async () => {
    const { cable, open } = page({ stopped: true });
    const transport = await open();
    const written = errorOf(transport.write(new Uint8Array(100_000)));
    cable.unplug();
    await after(200);
    expect(await written).toMatchObject({ code: 'unplugged' });
  });
});

describe('writing', () => {
  it('settles when the browser has the bytes (browser §20)', async () => {
    const { open } = page({ stopped: true });
    const transport = await open();
    await transport.write(Uint8Array.of(1, 2, 3));
  });

  it('uses one writer, and drains no stream after a request (browser §20)', async () => {
    const { port, open, peer } = page();
    const transport = await open();
    const stream = port.writable;
    for (let i = 0; i < 5; i++) await transport.write(Uint8Array.of(i));
    expect(port.writable).toBe(stream);
    expect([...(await peer.received(5))]).toEqual([0, 1, 2, 3, 4]);
  });
});

describe('closing', () => {
  it('ends the read, unlocks both streams and closes, in that order (browser §19)', async () => {
    const { port, open } = page();
    const transport = await open();
    await transport.write(Uint8Array.of(1));
    const steps: string[] = [];
    const note = (target: object, method: string, step: string) => {
      const methods = target as Record<string, (...args: unknown[]) => unknown>;
      const original = methods[method]!;
      return vi.spyOn(methods, method).mockImplementation(function (this: unknown, ...args) {
        steps.push(step);
        return original.apply(this, args);
      });
    };
    const notes = [
      note(ReadableStreamDefaultReader.prototype, 'cancel', 'reader.cancel'),
      note(ReadableStreamDefaultReader.prototype, 'releaseLock', 'reader.releaseLock'),
      note(WritableStreamDefaultWriter.prototype, 'abort', 'writer.abort'),
      note(WritableStreamDefaultWriter.prototype, 'releaseLock', 'writer.releaseLock'),
      note(port, 'close', 'port.close'),
    ];
    await transport.close();
    for (const each of notes) each.mockRestore();
    expect(steps).toEqual([
      'reader.cancel',
      'reader.releaseLock',
      'writer.abort',
      'writer.releaseLock',
      'port.close',
    ]);
    expect(port.readable).toBeNull();
  });

  it('ends a read that waits, although the receiver is silent (browser §19)', async () => {
    const { port, open } = page();
    const transport = await open();
    const read = errorOf(transport.read(60_000));
    await transport.close();
    expect(await read).toMatchObject({ code: 'closed' });
    expect(port.readable).toBeNull();
  });

  it.each([10, 100_000])('closes a port whose receiver takes none of %i bytes', async (size) => {
    const { port, open } = page({ stopped: true });
    const transport = await open();
    const written = errorOf(transport.write(new Uint8Array(size)));
    if (size < 65_536) expect(await written).toBeUndefined();
    await transport.close();
    if (size > 65_536) expect(await written).toMatchObject({ code: 'closed' });
    expect(port.readable).toBeNull();
  });

  it('fails after 3 s if the browser does not release the port (browser §19)', async () => {
    const { open } = page({ closingHangs: true });
    let isHeld = false;
    const locks: NonNullable<OpenSerialOptions['locks']> = {
      request: async (_name, _options, hold) => {
        isHeld = true;
        await hold({});
        isHeld = false;
      },
    };
    const transport = await open({ locks });
    const closed = errorOf(transport.close());
    await after(3000);
    expect(await closed).toMatchObject({
      code: 'notReleased',
      message: 'Serial port 22A3:0047 was not released within 3000 ms.',
    });
    // Another tab cannot have it yet (browser §5).
    expect(isHeld).toBe(true);
  });

  it('can be opened again afterwards', async () => {
    const { peer, open } = page();
    await (await open()).close();
    const transport = await open();
    peer.write(Uint8Array.of(1));
    await after(0);
    expect(await transport.read(0)).toEqual(Uint8Array.of(1));
  });
});

describe('the page', () => {
  /** Stubs the event targets that a browser has and Node lacks. */
  function browserEvents() {
    const [window, document] = [new EventTarget(), new EventTarget()];
    vi.stubGlobal('addEventListener', window.addEventListener.bind(window));
    vi.stubGlobal('removeEventListener', window.removeEventListener.bind(window));
    vi.stubGlobal('document', document);
    return { window, document };
  }

  it('closes the port when the user leaves it (browser §8)', async () => {
    const { window } = browserEvents();
    const { port, open } = page();
    const transport = await open();
    window.dispatchEvent(new Event('pagehide'));
    await after(0);
    expect(port.readable).toBeNull();
    await expect(transport.read(0)).rejects.toMatchObject({ code: 'closed' });
  });

  it('notices after it was frozen that the receiver has gone meanwhile (browser §8)', async () => {
    const { document } = browserEvents();
    const { port, open } = page();
    const transport = await open();
    document.dispatchEvent(new Event('resume'));
    await after(500);
    expect(await transport.read(0)).toHaveLength(0);
    Object.defineProperty(port, 'connected', { value: false });
    document.dispatchEvent(new Event('resume'));
    await after(200);
    await expect(transport.read(0)).rejects.toMatchObject({ code: 'unplugged' });
  });

  it('keeps no listener of a closed port', async () => {
    const { window, document } = browserEvents();
    const added = [vi.spyOn(window, 'addEventListener'), vi.spyOn(document, 'addEventListener')];
    const removed = [
      vi.spyOn(window, 'removeEventListener'),
      vi.spyOn(document, 'removeEventListener'),
    ];
    vi.stubGlobal('addEventListener', window.addEventListener.bind(window));
    vi.stubGlobal('removeEventListener', window.removeEventListener.bind(window));
    await (await page().open()).close();
    expect(removed.map(({ mock }) => mock.calls)).toEqual(
      added.map(({ mock }) => mock.calls.map(([type, listener]) => [type, listener])),
    );
    expect(added.map(({ mock }) => mock.calls.length)).toEqual([1, 1]);
  });
});
