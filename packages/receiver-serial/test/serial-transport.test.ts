import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { SerialTransport } from '../src/serial-transport.ts';
import { FakePort } from './fake-port.ts';

function open() {
  const port = new FakePort();
  return { port, transport: new SerialTransport(port, 'COM3') };
}

describe('a write that does not come through', () => {
  it('ends at once when it is aborted', async () => {
    const { transport } = open();
    const abort = new AbortController();
    const write = transport.write(Uint8Array.of(1), abort.signal);
    abort.abort('enough');
    await expect(write).rejects.toBe('enough');
  });

  it('says `closed` when the port is closed meanwhile', async () => {
    const { port, transport } = open();
    const write = transport.write(Uint8Array.of(1));
    const closing = transport.close();
    port.writes[0]?.done(Object.assign(new Error('Canceled'), { canceled: true }));
    await expect(write).rejects.toMatchObject({ code: 'closed' });
    await closing;
  });

  it('says `unplugged` when the device is gone, and so do the reads after it', async () => {
    const { port, transport } = open();
    const write = transport.write(Uint8Array.of(1));
    port.writes[0]?.done(Object.assign(new Error('EIO: i/o error, write'), { code: 'EIO' }));
    await expect(write).rejects.toMatchObject({ code: 'unplugged', data: { path: 'COM3' } });
    await expect(transport.read(0)).rejects.toMatchObject({ code: 'unplugged' });
  });

  it('says why when it is something else', async () => {
    const { port, transport } = open();
    const write = transport.write(Uint8Array.of(1));
    port.writes[0]?.done(new Error('Frame error'));
    await expect(write).rejects.toMatchObject({
      code: 'portFailed',
      data: { reason: 'Frame error' },
    });
  });
});

describe('closing', () => {
  it('waits until the system has released the port', async () => {
    const { port, transport } = open();
    const closing = transport.close();
    expect(port.closing).toBe(true);
    await closing;
    expect(port.closing).toBe(false);
  });

  it('waits for a port that is closing because the cable was pulled', async () => {
    const { port, transport } = open();
    port.isOpen = false;
    port.closing = true;
    let closed = false;
    const closing = transport.close().then(() => {
      closed = true;
    });
    await new Promise(setImmediate);
    expect(closed).toBe(false);
    port.closing = false;
    port.disconnect();
    await closing;
  });

  it('tells when the system does not close the port', async () => {
    const { port, transport } = open();
    port.closeError = new Error('Closing connection (CloseHandle): Unknown error code 6');
    await expect(transport.close()).rejects.toMatchObject({
      code: 'portFailed',
      cause: port.closeError,
    });
  });

  it('does not wait for good for a system that does not let go of the port', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const { port, transport } = open();
    port.close = () => {};
    const closing = expect(transport.close()).rejects.toMatchObject({
      code: 'notReleased',
      data: { afterMs: 3000 },
    });
    await vi.advanceTimersByTimeAsync(3000);
    await closing;
  });
});
