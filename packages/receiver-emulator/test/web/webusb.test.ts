import { describe, expect, it } from 'vitest';
import { EmulatedUsb, type EmulatedUsbOptions, type UsbPlugOptions } from '../../src/webusb.ts';
import type { Wire } from '../../src/wire.ts';

const pause = (ms = 0) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** A device that does what the test says. */
function plugged(options: UsbPlugOptions = {}, page: EmulatedUsbOptions = {}) {
  const received: number[] = [];
  let wire: Wire | undefined;
  const attachable = {
    attach: (given: Wire) => {
      wire = given;
      return { receive: (bytes: Uint8Array) => void received.push(...bytes), detach() {} };
    },
  };
  const usb = new EmulatedUsb(page);
  const cable = usb.plug(attachable, { granted: true, ...options });
  const say = (length: number) => wire?.send(new Uint8Array(length).fill(length));
  return { usb, cable, device: cable.device, attachable, received, say };
}

/** The same, claimed. */
async function claimed(options: UsbPlugOptions = {}) {
  const all = plugged(options);
  await all.device.open();
  await all.device.claimInterface(0);
  await all.device.claimInterface(1);
  return all;
}

const claims = async (device: ReturnType<typeof plugged>['device'], ...numbers: number[]) => {
  const outcomes: string[] = [];
  for (const number of numbers) {
    const outcome = await device.claimInterface(number).then(
      () => 'claimed',
      ({ name }) => name,
    );
    outcomes.push(`${number} ${outcome}`);
  }
  return outcomes;
};

describe('claims (host-usb)', () => {
  it.each([
    ['none', [1, 0], ['1 claimed', '0 claimed']],
    ['holds', [0, 1], ['0 NetworkError', '1 NetworkError']],
    ['detaches', [0, 1], ['0 claimed', '1 claimed']],
    ['detaches', [1, 0, 1], ['1 NetworkError', '0 claimed', '1 claimed']],
    ['detaches', [1], ['1 NetworkError']],
    ['detachesLate', [0, 1, 1], ['0 claimed', '1 NetworkError', '1 claimed']],
  ] as const)('where the driver is %s, of %j: %j', async (driver, numbers, outcomes) => {
    const { device } = plugged({ driver });
    await device.open();
    expect(await claims(device, ...numbers)).toEqual(outcomes);
  });

  it('fail in the words of Chromium', async () => {
    const { device } = plugged({ driver: 'holds' });
    await device.open();
    await expect(device.claimInterface(0)).rejects.toMatchObject({
      message: "Failed to execute 'claimInterface' on 'USBDevice': Unable to claim interface.",
    });
  });

  it('of data succeed while something else has control (browser §22)', async () => {
    const { device } = plugged({ controlHeld: true });
    await device.open();
    expect(await claims(device, 0, 1)).toEqual(['0 NetworkError', '1 claimed']);
  });

  it('of the control interface take the serial port away, once', async () => {
    let detached = 0;
    const { device } = plugged({ driver: 'detaches', onDetach: () => detached++ });
    await device.open();
    await claims(device, 1, 0, 0, 1);
    expect(detached).toBe(1);
  });

  it('are shown in the configuration', async () => {
    const { device } = await claimed();
    expect(device.configuration?.interfaces.map((each) => each.claimed)).toEqual([true, true]);
    await device.close();
    expect(device.configuration?.interfaces.map((each) => each.claimed)).toEqual([false, false]);
  });
});

describe('transfers from the device (browser §23)', () => {
  it('end with a packet that is not full, or when they are full', async () => {
    const { device, say } = await claimed();
    const sizes = async (length: number) => {
      const { status, data } = await device.transferIn(3, length);
      return [status, data?.byteLength];
    };
    say(534);
    expect(await sizes(4096)).toEqual(['ok', 534]);
    say(534);
    expect([await sizes(512), await sizes(512)]).toEqual([
      ['ok', 512],
      ['ok', 22],
    ]);
  });

  it('lose a packet that does not fit, with status babble', async () => {
    const { device, say } = await claimed();
    say(534);
    expect(await device.transferIn(3, 100)).toEqual({ status: 'babble' });
  });

  it('of whole packets end with an empty one, where the device sends it', async () => {
    const { device, cable, say } = await claimed();
    say(128);
    expect((await device.transferIn(3, 4096)).data?.byteLength).toBe(128);
    cable.behaviour.zeroLengthPacket = false;
    const waits = device.transferIn(3, 4096);
    say(128);
    expect(await Promise.race([waits, pause(5)])).toBeUndefined();
    say(10);
    expect((await waits).data?.byteLength).toBe(138);
  });

  it('end in the order in which they were started', async () => {
    const { device, say } = await claimed();
    const transfers = [device.transferIn(3, 4096), device.transferIn(3, 4096)];
    say(10);
    say(20);
    const ends = await Promise.all(transfers);
    expect(ends.map(({ data }) => data?.byteLength)).toEqual([10, 20]);
  });

  it('stall until the halt is cleared', async () => {
    const { device, cable, say } = await claimed();
    cable.behaviour.failTransfer = () => 'stall';
    const transfers = [device.transferIn(3, 64), device.transferIn(3, 64)];
    say(10);
    expect(await Promise.all(transfers)).toEqual([{ status: 'stall' }, { status: 'stall' }]);
    expect(await device.transferIn(3, 64)).toEqual({ status: 'stall' });
    cable.behaviour.failTransfer = () => undefined;
    await device.clearHalt('in', 3);
    const transfer = device.transferIn(3, 64);
    say(10);
    expect(await transfer).toMatchObject({ status: 'ok' });
  });

  it('end with babble, or stall, where the test says so, and lose their bytes (browser §24)', async () => {
    const { device, cable, say } = await claimed();
    cable.behaviour.failTransfer = () => 'babble';
    const first = device.transferIn(3, 64);
    say(10);
    expect(await first).toEqual({ status: 'babble' });
    cable.behaviour.failTransfer = () => undefined;
    const second = device.transferIn(3, 64);
    say(20);
    expect((await second).data?.byteLength).toBe(20);
  });

  it('reject with NotFoundError before a claim, with InvalidStateError before open', async () => {
    const { device } = plugged();
    await expect(device.transferIn(3, 64)).rejects.toMatchObject({ name: 'InvalidStateError' });
    await device.open();
    await expect(device.transferIn(3, 64)).rejects.toMatchObject({ name: 'NotFoundError' });
    await expect(device.transferOut(2, new Uint8Array(1))).rejects.toMatchObject({
      name: 'NotFoundError',
    });
  });
});

it('keeps the size of every transfer to the device, an empty one too (browser §25)', async () => {
  const { device, received } = await claimed();
  await device.transferOut(2, Uint8Array.of(1, 2));
  await device.transferOut(2, new Uint8Array(0));
  expect(device.transfersOut).toEqual([2, 0]);
  expect(received).toEqual([1, 2]);
});

describe('opening', () => {
  it('is refused to a user without the right (host-usb)', async () => {
    const { usb, device } = plugged({ denied: true });
    expect(await usb.getDevices()).toEqual([device]);
    await expect(device.open()).rejects.toMatchObject({
      name: 'SecurityError',
      message: 'Access denied.',
    });
    expect(device.opened).toBe(false);
  });

  it('needs a configuration, which cannot be selected on Windows (browser §22)', async () => {
    const { device } = plugged({ configured: false });
    await device.open();
    expect(device.configuration).toBeNull();
    await expect(device.claimInterface(0)).rejects.toMatchObject({ name: 'NotFoundError' });
    await device.selectConfiguration(1);
    expect(await claims(device, 0)).toEqual(['0 claimed']);
    const windows = plugged({ configurable: false });
    await windows.device.open();
    await expect(windows.device.selectConfiguration(1)).rejects.toMatchObject({
      name: 'NetworkError',
    });
  });
});

const SETUP = {
  requestType: 'class',
  recipient: 'interface',
  request: 0x22,
  value: 3,
  index: 0,
};

describe('requests of the class', () => {
  it('stall where the receiver refuses them', async () => {
    const { device } = await claimed({ requestsStall: true });
    expect(await device.controlTransferOut(SETUP)).toMatchObject({ status: 'stall' });
  });

  it('need the claimed interface, and are kept', async () => {
    const { device } = plugged();
    await device.open();
    await expect(device.controlTransferOut(SETUP)).rejects.toMatchObject({
      name: 'InvalidStateError',
    });
    await device.claimInterface(0);
    expect(await device.controlTransferOut(SETUP)).toEqual({ status: 'ok', bytesWritten: 0 });
    expect(await device.controlTransferOut(SETUP, Uint8Array.of(7).buffer)).toMatchObject({
      bytesWritten: 1,
    });
    expect(device.requests).toEqual([
      { request: 0x22, value: 3, index: 0, data: [] },
      { request: 0x22, value: 3, index: 0, data: [7] },
    ]);
  });
});

describe('close (browser §26)', () => {
  it('ends pending transfers with AbortError, and the device can be opened again', async () => {
    const { device } = await claimed();
    const pending = device.transferIn(3, 64);
    const ended = expect(pending).rejects.toMatchObject({
      name: 'AbortError',
      message: 'The transfer was cancelled.',
    });
    await device.close();
    await ended;
    await device.open();
    expect(device.opened).toBe(true);
  });

  it("is refused while a transfer waits, as by old versions of Node's usb", async () => {
    const { device, cable } = await claimed({ closingRefusesPending: true });
    const pending = device.transferIn(3, 64);
    await expect(device.close()).rejects.toThrow('pending request');
    expect(device.opened).toBe(true);
    cable.behaviour.closingRefusesPending = false;
    await Promise.all([expect(pending).rejects.toThrow('cancelled'), device.close()]);
  });

  it("does not bring the system's driver back", async () => {
    const { device, cable } = await claimed({ driver: 'detaches' });
    await device.close();
    expect(cable.behaviour.driver).toBe('none');
  });
});

describe('a pulled cable (browser §4)', () => {
  it('fails transfers, and then sends disconnect with the device', async () => {
    const { usb, cable, device } = await claimed();
    const seen: unknown[] = [];
    usb.ondisconnect = (event) => seen.push((event as unknown as { device: unknown }).device);
    device.transferIn(3, 64).catch(({ name }) => seen.push(name));
    cable.unplug();
    expect(device.opened).toBe(false);
    await pause(40);
    expect(seen).toEqual(['NetworkError', device]);
    await expect(device.open()).rejects.toMatchObject({ name: 'NotFoundError' });
    await device.close();
  });

  it('takes the permission away: there is no serial number (browser §0.3)', async () => {
    const { usb, cable, device, attachable } = plugged();
    expect(device.serialNumber).toBeNull();
    cable.unplug();
    const again = usb.plug(attachable);
    expect(await usb.getDevices()).toEqual([]);
    expect(await usb.requestDevice({ filters: [{ vendorId: 0x22a3 }] })).toBe(again.device);
    expect(await usb.getDevices()).toEqual([again.device]);
  });
});

it('shows itself as a G4 does (receiver §12.2)', () => {
  const { device } = plugged();
  const { vendorId, productId, deviceClass, manufacturerName, productName } = device;
  expect({ vendorId, productId, deviceClass, manufacturerName, productName }).toEqual({
    vendorId: 0x22a3,
    productId: 0x0047,
    deviceClass: 2,
    manufacturerName: 'DexCom',
    productName: 'DexCom Gen4 USB Serial',
  });
  expect(device.configurations[0]?.interfaces).toHaveLength(2);
});

it('refuses configurations, interfaces and transfers that the device lacks', async () => {
  const { device } = await claimed();
  await expect(device.selectConfiguration(2)).rejects.toMatchObject({ name: 'NotFoundError' });
  await expect(device.claimInterface(5)).rejects.toMatchObject({ name: 'NotFoundError' });
  await expect(device.selectAlternateInterface(1, 1)).rejects.toMatchObject({
    name: 'NotFoundError',
  });
  await expect(device.isochronousTransferIn()).rejects.toMatchObject({
    name: 'InvalidAccessError',
  });
  await device.selectAlternateInterface(1, 0);
  await device.releaseInterface(1);
  await expect(device.selectAlternateInterface(1, 0)).rejects.toMatchObject({
    name: 'InvalidStateError',
  });
});

describe('the chooser (browser §9, §10)', () => {
  it.each([
    [{ clicked: () => false }, 'SecurityError', /user gesture/],
    [{ allowed: false }, 'SecurityError', /permissions policy/],
    [{ choose: () => undefined }, 'NotFoundError', /No device selected/],
  ])('fails where %j, with %s', async (options, name, message) => {
    const { usb } = plugged({ granted: false }, options);
    await expect(usb.requestDevice()).rejects.toMatchObject({
      name,
      message: expect.stringMatching(message),
    });
  });
});
