import { USB_IDENTITY } from '@egvkit/receiver-emulator';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type OpenUsbOptions, openUsb } from '../src/index.ts';
import { freeLocks, page } from './support.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const after = (ms: number) => vi.advanceTimersByTimeAsync(ms);

/** Records the calls of a device's methods, in order. */
function steps(device: object): string[] {
  const seen: string[] = [];
  const methods = [
    'open',
    'close',
    'selectConfiguration',
    'claimInterface',
    'selectAlternateInterface',
    'controlTransferOut',
    'transferIn',
  ] as const;
  for (const method of methods) {
    const target = device as Record<string, (...args: unknown[]) => unknown>;
    const original = target[method]!.bind(device);
    Object.defineProperty(device, method, {
      value: (...args: unknown[]) => {
        const [first] = args;
        const request = (first as { request?: number } | undefined)?.request ?? first;
        seen.push(`${method}${request === undefined ? '' : ` ${request}`}`);
        return original(...args);
      },
    });
  }
  return seen;
}

/** Gives the data interface of a device another number of its only setting. */
function withSetting(device: { readonly configurations: USBConfiguration[] }, number: number) {
  const [configuration] = device.configurations;
  const [control, data] = configuration!.interfaces;
  const alternates = data!.alternates.map((one) => ({ ...one, alternateSetting: number }));
  const interfaces = [control, { ...data, alternates }];
  Object.defineProperty(device, 'configurations', { value: [{ ...configuration, interfaces }] });
}

describe('opening', () => {
  it('claims control, then data, and sets the lines (browser §22)', async () => {
    const { device, open } = page({ driver: 'detaches' });
    const seen = steps(device);
    await open();
    expect(seen).toEqual([
      'open',
      'claimInterface 0',
      'claimInterface 1',
      'controlTransferOut 32',
      'controlTransferOut 34',
      'transferIn 3',
      'transferIn 3',
    ]);
    expect(device.requests).toEqual([
      { request: 0x20, value: 0, index: 0, data: [0x00, 0xc2, 0x01, 0x00, 0, 0, 8] },
      { request: 0x22, value: 3, index: 0, data: [] },
    ]);
  });

  it('selects the configuration only if another is selected (browser §22)', async () => {
    const { device, open } = page({ configured: false });
    const seen = steps(device);
    await open();
    expect(seen.slice(0, 3)).toEqual(['open', 'selectConfiguration 1', 'claimInterface 0']);
    // On Windows that would fail.
    await page({ configurable: false }).open();
  });

  it('claims data once more where the driver lets go late (browser §22)', async () => {
    const { device, open } = page({ driver: 'detachesLate' });
    const seen = steps(device);
    const opening = open();
    await after(100);
    await opening;
    expect(seen.filter((step) => step.startsWith('claim'))).toEqual([
      'claimInterface 0',
      'claimInterface 1',
      'claimInterface 1',
    ]);
  });

  it('claims the data interface alone if control is refused (browser §22)', async () => {
    const { device, peer, open } = page({ controlHeld: true });
    const transport = await open();
    expect(device.requests).toEqual([]);
    peer.write(Uint8Array.of(1));
    expect(await transport.read(1000)).toEqual(Uint8Array.of(1));
  });

  it.each(['stall', 'throw'] as const)(
    'opens a receiver whose line requests %s',
    async (outcome) => {
      const { device, peer, open } = page({ requestsStall: outcome === 'stall' });
      if (outcome === 'throw') {
        vi.spyOn(device, 'controlTransferOut').mockRejectedValue(new Error('LIBUSB_ERROR_PIPE'));
      }
      const transport = await open();
      peer.write(Uint8Array.of(1));
      expect(await transport.read(1000)).toEqual(Uint8Array.of(1));
    },
  );

  it('finds interfaces and endpoints in the descriptors (browser §22)', async () => {
    const hex = Buffer.from(USB_IDENTITY.configurationDescriptor).toString('hex');
    const other = hex
      .replace('07050202400000', '07050502000200')
      .replace('07058302400000', '07058702000200');
    const { device, peer, open } = page({
      configurationDescriptor: Uint8Array.from(Buffer.from(other, 'hex')),
    });
    const seen = steps(device);
    const transport = await open();
    expect(seen).toContain('transferIn 7');
    await transport.write(Uint8Array.of(1));
    expect(await peer.received(1)).toEqual(Uint8Array.of(1));
  });

  it('selects the setting that has the endpoints (browser §22)', async () => {
    const { device, open } = page();
    withSetting(device, 1);
    const selected = vi.spyOn(device, 'selectAlternateInterface').mockResolvedValue();
    await open();
    expect(selected.mock.calls).toEqual([[1, 1]]);
  });

  it('drops bytes that were pending when the device was opened (browser §2)', async () => {
    const { peer, open } = page();
    const opening = open({ settleMs: 100 });
    await after(50);
    peer.write(Uint8Array.of(9, 9));
    await after(50);
    const transport = await opening;
    expect(await transport.read(0)).toHaveLength(0);
    peer.write(Uint8Array.of(1));
    expect(await transport.read(1000)).toEqual(Uint8Array.of(1));
  });

  it('names the device in messages', async () => {
    expect((await page().open()).path).toBe('USB device 22A3:0047');
  });
});

describe('a receiver that a driver holds', () => {
  it('is reported at once, for this system, and left as it was (browser §5, §27)', async () => {
    vi.stubGlobal('navigator', { userAgent: 'Mozilla/5.0 (X11; Linux x86_64) Chrome/150' });
    const { device, open } = page({ driver: 'holds' });
    const retries: unknown[] = [];
    const opening = open({ attempts: 8, onRetry: (retry) => retries.push(retry) });
    const ended = expect(opening).rejects.toMatchObject({
      name: 'AccessError',
      code: 'held',
      message: 'USB device 22A3:0047 is held by another program or a driver.',
      help: expect.stringMatching(/Web Serial.*automatic-usb-detach/),
      data: { api: 'WebUSB', platform: 'linux' },
      cause: { name: 'NetworkError' },
    });
    await after(100);
    await ended;
    expect(retries).toEqual([]);
    expect(device.opened).toBe(false);
  });
});

it('that a driver holds is read by another package in Node (browser §27)', async () => {
  vi.stubGlobal('navigator', { userAgent: 'Node.js/24', platform: 'linux' });
  const ended = expect(page({ driver: 'holds' }).open()).rejects.toMatchObject({
    code: 'held',
    help: "The system's serial driver holds the receiver: connect by @egvkit/receiver-serial.",
  });
  await after(100);
  await ended;
});

describe('a receiver that does not open', () => {
  it('is open in this page already (browser §5)', async () => {
    const { open } = page();
    const transport = await open();
    await expect(open()).rejects.toMatchObject({ code: 'openAlready' });
    await transport.write(Uint8Array.of(1));
  });

  it('is reported as open in another tab, without touching the device (browser §5)', async () => {
    const { device, open } = page();
    const seen = steps(device);
    const locks: OpenUsbOptions['locks'] = {
      request: async (_name, _options, hold) => hold(null),
    };
    await expect(open({ locks, attempts: 8 })).rejects.toMatchObject({ code: 'otherTab' });
    expect(seen).toEqual([]);
  });

  it('may not be opened by this user (host-usb)', async () => {
    vi.stubGlobal('navigator', { userAgent: 'Mozilla/5.0 (X11; Linux x86_64) Chrome/150' });
    await expect(page({ denied: true }).open()).rejects.toMatchObject({
      code: 'denied',
      message: 'The system does not allow you to open USB device 22A3:0047.',
      help: expect.stringMatching(/^Install the udev rule of @egvkit\/receiver-serial/),
    });
  });

  it('has been unplugged (browser §6)', async () => {
    const { cable, open } = page();
    cable.unplug();
    await expect(open()).rejects.toMatchObject({ code: 'unplugged' });
  });

  it('has no serial channel', async () => {
    const { open } = page({ configurationDescriptor: Uint8Array.of(9, 2, 9, 0, 0, 1, 0, 0xc0, 1) });
    await expect(open()).rejects.toMatchObject({
      code: 'portFailed',
      message: 'USB device 22A3:0047 could not be used: it has no serial channel (CDC-ACM).',
    });
  });

  it.each([
    // As Node's `usb` has them: no names, libusb's or the system's words.
    [new Error('LIBUSB_ERROR_ACCESS'), 'denied'],
    [new Error('Permission denied (os error 13)'), 'denied'],
    [new Error('LIBUSB_ERROR_BUSY'), 'held'],
    [new Error('something new'), 'portFailed'],
    [Object.assign(new Error('x'), { name: 'SecurityError' }), 'denied'],
    [Object.assign(new Error('x'), { name: 'NotFoundError' }), 'unplugged'],
  ])('because of %s is reported as %s, whatever its class (browser §3)', async (cause, code) => {
    const { device, open } = page();
    vi.spyOn(device, 'open').mockRejectedValue(cause);
    await expect(open()).rejects.toMatchObject({ code, cause });
  });

  it('is closed again, whatever failed (browser §22)', async () => {
    const { device, open } = page({ configured: false, configurable: false });
    await expect(open()).rejects.toMatchObject({ code: 'held' });
    expect(device.opened).toBe(false);
  });

  it('is not said to be held if the cable is pulled meanwhile (browser §3, §27)', async () => {
    const { cable, device, open } = page();
    const claim = device.claimInterface.bind(device);
    vi.spyOn(device, 'claimInterface').mockImplementation((number) => {
      cable.unplug();
      return claim(number);
    });
    const ended = expect(open()).rejects.toMatchObject({
      name: 'ReceiverError',
      code: 'unplugged',
      cause: { name: 'NotFoundError' },
    });
    await after(100);
    await ended;
  });

  it('is reported by the table also if its setting cannot be selected (browser §22)', async () => {
    const { device, open } = page();
    withSetting(device, 1);
    const cause = new DOMException('Unable to set device interface.', 'NetworkError');
    vi.spyOn(device, 'selectAlternateInterface').mockRejectedValue(cause);
    await expect(open()).rejects.toMatchObject({ name: 'AccessError', code: 'held', cause });
    expect(device.opened).toBe(false);
  });

  it('is retried with the device that was plugged in in its place (browser §6)', async () => {
    const { usb, cable, attachable, open } = page();
    cable.unplug();
    const opening = open({ attempts: 8 });
    await after(1000);
    const again = usb.plug(attachable, { granted: true });
    await after(1000);
    await opening;
    expect(again.device.opened).toBe(true);
  });
});

it('is closed if opening is aborted', async () => {
  const { device, open } = page();
  const abort = new AbortController();
  const opening = open({ signal: abort.signal });
  const ended = expect(opening).rejects.toThrow('enough');
  await Promise.resolve();
  abort.abort(new Error('enough'));
  await ended;
  await after(1000);
  expect(device.opened).toBe(false);
});

it('uses the APIs of the page if none are passed in', async () => {
  const { usb, device } = page();
  vi.stubGlobal('navigator', { usb, locks: freeLocks });
  const transport = await openUsb(device, { settleMs: 0 });
  await transport.close();
});
