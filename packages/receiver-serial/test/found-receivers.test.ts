import { describe, expect, it } from 'vitest';
import { findReceivers } from '../src/index.ts';

const list = (...ports: Parameters<typeof listing>[0][]) => listing(...ports);
function listing(
  ...ports: { path: string; pnpId?: string; vendorId?: string; productId?: string }[]
) {
  return async () => ports;
}

describe('findReceivers', () => {
  it('finds a receiver as Linux lists it, among other ports', async () => {
    const found = await findReceivers({
      list: async () => [
        { path: '/dev/ttyS0', manufacturer: undefined, vendorId: undefined, productId: undefined },
        {
          path: '/dev/ttyACM0',
          manufacturer: 'DexCom',
          serialNumber: undefined,
          pnpId: 'usb-DexCom_DexCom_Gen4_USB_Serial-if00',
          vendorId: '22a3',
          productId: '0047',
        },
        { path: '/dev/ttyACM1', manufacturer: 'Arduino', vendorId: '2341', productId: '0043' },
      ],
    });
    expect(found).toEqual({
      receivers: [
        {
          path: '/dev/ttyACM0',
          manufacturer: 'DexCom',
          pnpId: 'usb-DexCom_DexCom_Gen4_USB_Serial-if00',
        },
      ],
      unsupported: [],
      unidentified: [],
      portsSeen: 3,
    });
  });

  it.each([
    ['22a3', '0047'],
    ['22A3', '0047'],
    ['22A3', '47'],
    ['0x22a3', '0x0047'],
  ])('reads ids written as %s:%s', async (vendorId, productId) => {
    const { receivers } = await findReceivers({
      list: list({ path: 'COM3', vendorId, productId }),
    });
    expect(receivers).toEqual([{ path: 'COM3' }]);
  });

  it('does not take the device of another maker for a receiver', async () => {
    const port = { path: 'COM3', vendorId: '22a4', productId: '0047' };
    expect(await findReceivers({ list: list(port) })).toEqual({
      receivers: [],
      unsupported: [],
      unidentified: [],
      portsSeen: 1,
    });
  });

  it.each([{}, { productId: '0047' }, { vendorId: '', productId: '' }])(
    'does not claim to know a port with the ids %o',
    async (ids) => {
      const found = await findReceivers({ list: list({ path: '/dev/ttyACM0', ...ids }) });
      expect(found).toEqual({
        receivers: [],
        unsupported: [],
        unidentified: ['/dev/ttyACM0'],
        portsSeen: 1,
      });
    },
  );

  it.each([
    ['/dev/ttyS0'],
    ['/dev/ttyS31'],
    ['/dev/ttyAMA0'],
    ['/dev/ttyMFD1'],
    ['/dev/ttyO2'],
    ['/dev/rfcomm0'],
    ['/dev/cu.Bluetooth-Incoming-Port'],
    ['/dev/tty.debug-console'],
    ['/dev/tty.wlan-debug'],
    ['COM1', 'ACPI\\PNP0501\\1'],
    ['COM4', 'BTHENUM\\{00001101-0000-1000-8000-00805F9B34FB}_LOCALMFG&0000\\7&0'],
    ['COM5', 'MF\\PCI#VEN_9710&DEV_9835\\4&0'],
  ])(
    'takes %s for no place of a receiver, as it is no USB',
    async (path: string, pnpId?: string) => {
      const port = { path, ...(pnpId !== undefined && { pnpId }) };
      expect(await findReceivers({ list: list(port) })).toMatchObject({
        receivers: [],
        unidentified: [],
        portsSeen: 1,
      });
    },
  );

  it.each([
    ['/dev/ttyACM0'],
    ['/dev/ttyUSB0'],
    ['/dev/cu.usbmodem1421'],
    ['COM3'],
    ['COM3', 'USB\\VID&PID\\1'],
    ['COM6', 'ROOT\\PORTS\\0000'],
  ])('does not rule %s out', async (path: string, pnpId?: string) => {
    const port = { path, ...(pnpId !== undefined && { pnpId }) };
    const { unidentified } = await findReceivers({ list: list(port) });
    expect(unidentified).toEqual([path]);
  });

  it.each([
    ['0049', 'Dexcom device with the unknown product id 0049'],
    ['0x1A2B', 'Dexcom device with the unknown product id 1a2b'],
    [undefined, 'Dexcom device without a product id'],
  ])('mentions a Dexcom device with the product id %s', async (productId, product) => {
    const port = { path: 'COM3', vendorId: '22a3', ...(productId && { productId }) };
    expect(await findReceivers({ list: list(port) })).toMatchObject({
      receivers: [],
      unsupported: [{ path: 'COM3', product }],
    });
  });

  it('names a G7 receiver apart from those it can read', async () => {
    const found = await findReceivers({
      list: list({ path: '/dev/ttyACM0', vendorId: '22a3', productId: '0048' }),
    });
    expect(found).toEqual({
      receivers: [],
      unsupported: [{ path: '/dev/ttyACM0', product: 'G7 receiver' }],
      unidentified: [],
      portsSeen: 1,
    });
  });

  it('gives the call-out name on macOS, once, when both names are listed', async () => {
    const ids = { vendorId: '22a3', productId: '0047' };
    const found = await findReceivers({
      list: list(
        { path: '/dev/tty.usbmodem1421', ...ids },
        { path: '/dev/cu.usbmodem1421', ...ids },
        { path: '/dev/tty.usbmodem1431', ...ids },
      ),
    });
    expect(found.receivers.map(({ path }) => path)).toEqual([
      '/dev/cu.usbmodem1421',
      '/dev/cu.usbmodem1431',
    ]);
    expect(found.portsSeen).toBe(2);
  });

  it.each([
    ['spawn udevadm ENOENT', 'udevadmMissing', {}],
    ['The registry cannot be read.', 'portsNotListed', { reason: 'The registry cannot be read' }],
  ])('says why the ports cannot be listed: %s', async (message, code, data) => {
    const cause = new Error(message);
    await expect(findReceivers({ list: () => Promise.reject(cause) })).rejects.toMatchObject({
      code,
      data,
      cause,
      message: expect.stringContaining('The serial ports of this computer cannot be listed: '),
    });
  });
});
