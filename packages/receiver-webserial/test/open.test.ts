import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type OpenSerialOptions, openSerial } from '../src/index.ts';
import { freeLocks, page } from './support.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Result of a promise, with the fake clock moving on until it settles. */
async function settle<T>(work: Promise<T>): Promise<T> {
  let isOver = false;
  const end = () => {
    isOver = true;
  };
  work.then(end, end);
  for (let ms = 0; ms < 60_000 && !isOver; ms += 100) await vi.advanceTimersByTimeAsync(100);
  return work;
}

describe('opening', () => {
  it('asks for 115200 8N1 and room for many replies (browser §17)', async () => {
    const { port, open } = page();
    const asked = vi.spyOn(port, 'open');
    await open();
    expect(asked.mock.calls).toEqual([
      [{ baudRate: 115_200, dataBits: 8, stopBits: 1, bufferSize: 65_536 }],
    ]);
  });

  it('leaves DTR and RTS as they are (browser §21)', async () => {
    const { port, open } = page();
    const transport = await open();
    await transport.write(Uint8Array.of(1));
    await transport.close();
    expect(port.signalsSet).toBe(0);
  });

  it('drops bytes that were pending when the port was opened (browser §2)', async () => {
    const { peer, open } = page();
    const opening = open({ settleMs: 100 });
    await vi.advanceTimersByTimeAsync(50);
    peer.write(Uint8Array.of(9, 9));
    await vi.advanceTimersByTimeAsync(50);
    const transport = await opening;
    expect(await transport.read(0)).toHaveLength(0);
    peer.write(Uint8Array.of(1));
    expect(await transport.read(1000)).toEqual(Uint8Array.of(1));
  });

  it('names the port in messages', async () => {
    const { open } = page();
    expect((await open()).path).toBe('Serial port 22A3:0047');
  });
});

describe('a port that another program holds (browser §5, §6)', () => {
  it('is retried for 16 s, each time with a call of onRetry', async () => {
    vi.stubGlobal('navigator', { userAgent: 'Mozilla/5.0 (Windows NT 10.0) Chrome/150' });
    const { open } = page({ held: true });
    const retries: unknown[] = [];
    const opening = open({ attempts: 8, onRetry: (retry) => retries.push(retry) });
    await expect(settle(opening)).rejects.toMatchObject({
      name: 'AccessError',
      code: 'held',
      retryable: true,
      message: 'Serial port 22A3:0047 is held by another program.',
    });
    expect(retries).toHaveLength(7);
    expect(retries[0]).toMatchObject({ attempt: 1, attempts: 8, delayMs: 2000 });
  });

  it('is opened once it is free', async () => {
    const { cable, open } = page({ held: true });
    const opening = open({ attempts: 8 });
    await vi.advanceTimersByTimeAsync(5000);
    cable.behaviour.held = false;
    const transport = await settle(opening);
    await transport.write(Uint8Array.of(1));
  });

  it('is opened as its new port if it was plugged in again', async () => {
    const { serial, cable, device, open } = page({ held: true }, { grantsLast: true });
    const opening = open({ attempts: 8 });
    await vi.advanceTimersByTimeAsync(1000);
    cable.unplug();
    const again = serial.plug(device);
    const transport = await settle(opening);
    expect(again.port.readable?.locked).toBe(true);
    await transport.close();
  });

  it('ends the wait at once when it is aborted', async () => {
    const { open } = page({ held: true });
    const abort = new AbortController();
    const reason = new Error('enough');
    const opening = open({ attempts: 8, signal: abort.signal });
    const ended = expect(opening).rejects.toBe(reason);
    await vi.advanceTimersByTimeAsync(500);
    abort.abort(reason);
    await ended;
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('a receiver that does not open', () => {
  it('is open in this page already (browser §5)', async () => {
    const { open } = page();
    await open();
    await expect(open()).rejects.toMatchObject({ code: 'openAlready', retryable: false });
  });

  it('is reported as open in another tab, without touching the port (browser §5)', async () => {
    const { port, open } = page();
    const asked = vi.spyOn(port, 'open');
    const locks: OpenSerialOptions['locks'] = {
      request: async (_name, _options, hold) => hold(null),
    };
    await expect(open({ locks, attempts: 8 })).rejects.toMatchObject({
      code: 'otherTab',
      message: 'Another tab of this site has the receiver open.',
    });
    expect(asked).not.toHaveBeenCalled();
  });

  it('is unplugged (browser §6)', async () => {
    const { cable, open } = page();
    cable.unplug();
    await expect(open()).rejects.toMatchObject({ code: 'unplugged' });
  });

  it.each([
    [new DOMException('Access denied.', 'SecurityError'), 'denied'],
    [Object.assign(new Error('x'), { name: 'NetworkError' }), 'held'],
    [Object.assign(new Error('x'), { name: 'InvalidStateError' }), 'openAlready'],
    [new Error('something new'), 'portFailed'],
    ['no error at all', 'portFailed'],
  ])('because of %s is reported as %s, whatever its class (browser §3)', async (cause, code) => {
    const { port, open } = page();
    vi.spyOn(port, 'open').mockRejectedValue(cause);
    await expect(open()).rejects.toMatchObject({ code, cause });
  });

  it('leaves the tab free for the next attempt', async () => {
    const { cable, open } = page({ held: true });
    let held = 0;
    const locks: OpenSerialOptions['locks'] = {
      request: async (_name, _options, hold) => {
        held++;
        await hold({});
        held--;
      },
    };
    await expect(open({ locks })).rejects.toMatchObject({ code: 'held' });
    await vi.advanceTimersByTimeAsync(0);
    expect(held).toBe(0);
    cable.behaviour.held = false;
    const transport = await open({ locks });
    expect(held).toBe(1);
    await transport.close();
    await vi.advanceTimersByTimeAsync(0);
    expect(held).toBe(0);
  });
});

describe('aborting', () => {
  it('closes a port that opens only afterwards', async () => {
    const { port, open } = page();
    const abort = new AbortController();
    const opening = open({ signal: abort.signal });
    const ended = expect(opening).rejects.toThrow('enough');
    await Promise.resolve();
    abort.abort(new Error('enough'));
    await ended;
    await vi.advanceTimersByTimeAsync(1000);
    expect(port.readable).toBeNull();
  });

  it('closes a port that has not settled', async () => {
    const { port, open } = page();
    const abort = new AbortController();
    const opening = open({ signal: abort.signal, settleMs: 100 });
    const ended = expect(opening).rejects.toThrow('enough');
    await vi.advanceTimersByTimeAsync(50);
    expect(port.readable?.locked).toBe(true);
    abort.abort(new Error('enough'));
    await vi.advanceTimersByTimeAsync(1000);
    await ended;
    expect(port.readable).toBeNull();
  });

  it('opens nothing if the signal was aborted before', async () => {
    const { port, serial } = page();
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(openSerial(port, { serial, signal, locks: freeLocks })).rejects.toThrow('enough');
    expect(port.readable).toBeNull();
  });
});

it.each([0, -1, Number.NaN])('refuses %s attempts', async (attempts) => {
  await expect(page().open({ attempts })).rejects.toMatchObject({ code: 'outOfRange' });
});
