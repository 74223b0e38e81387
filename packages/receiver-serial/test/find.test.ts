import { describe, expect, it } from 'vitest';
import { findReceivers } from '../src/index.ts';

const list = (...ports: Parameters<typeof listing>[0][]) => listing(...ports);
function listing(...ports: { path: string; vendorId?: string; productId?: string }[]) {
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

  it.each([
    ['22a3', undefined],
    [undefined, '0047'],
    ['22a3', '0049'],
    ['22a4', '0047'],
    ['', ''],
  ])('does not take %s:%s for a receiver', async (vendorId, productId) => {
    const port = { path: 'COM3', ...(vendorId && { vendorId }), ...(productId && { productId }) };
    expect(await findReceivers({ list: list(port) })).toEqual({
      receivers: [],
      unsupported: [],
      portsSeen: 1,
    });
  });

  it('names a G7 receiver apart from those it can read', async () => {
    const found = await findReceivers({
      list: list({ path: '/dev/ttyACM0', vendorId: '22a3', productId: '0048' }),
    });
    expect(found).toEqual({
      receivers: [],
      unsupported: [{ path: '/dev/ttyACM0', product: 'G7 receiver' }],
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

  it('says why when the system does not tell its ports', async () => {
    const cause = Object.assign(new Error('spawn udevadm ENOENT'), { code: 'ENOENT' });
    await expect(findReceivers({ list: () => Promise.reject(cause) })).rejects.toMatchObject({
      code: 'portsNotListed',
      message:
        'The serial ports of this computer cannot be listed: ' +
        'udevadm, which lists them, is not installed.',
      cause,
    });
  });
});
