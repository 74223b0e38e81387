import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { USB_IDENTITY, usbConfiguration, usbPackets } from '../../src/usb.ts';

const VECTORS = new URL('../../../protocol/test/vectors/receiver-vectors.json', import.meta.url);
const { usb } = JSON.parse(readFileSync(VECTORS, 'utf8'));
const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

describe('the USB identity', () => {
  // receiver §12.2
  it('is byte for byte that of the vectors', () => {
    expect(hexOf(USB_IDENTITY.deviceDescriptor)).toBe(usb.deviceDescriptor);
    expect(hexOf(USB_IDENTITY.configurationDescriptor)).toBe(usb.configurationDescriptor);
    expect(USB_IDENTITY.strings).toEqual(usb.strings);
  });

  it('read as WebUSB shows it, has the interfaces and endpoints of the vectors', () => {
    const { configurationValue, interfaces } = usbConfiguration();
    expect(configurationValue).toBe(usb.decoded.configurationValue);
    const decoded = interfaces.map(({ interfaceNumber, alternates: [alternate] }) => ({
      number: interfaceNumber,
      cls: alternate!.interfaceClass,
      sub: alternate!.interfaceSubclass,
      proto: alternate!.interfaceProtocol,
      endpoints: alternate!.endpoints.map(({ endpointNumber, direction, type, packetSize }) => ({
        address: endpointNumber | (direction === 'in' ? 0x80 : 0),
        type,
        maxPacket: packetSize,
      })),
    }));
    const expected = usb.decoded.interfaces.map(
      ({ endpoints, ...rest }: { endpoints: { interval: number }[] }) => ({
        ...rest,
        endpoints: endpoints.map(({ interval, ...endpoint }) => endpoint),
      }),
    );
    expect(decoded).toEqual(expected);
  });
});

describe('the packets of a transfer', () => {
  // receiver §12.3
  it.each([
    [6, [6]],
    [63, [63]],
    [64, [64, 0]],
    [65, [64, 1]],
    [534, [64, 64, 64, 64, 64, 64, 64, 64, 22]],
    [0, [0]],
  ])('of %i bytes are full ones, ended by a short one', (length, sizes) => {
    const reply = Uint8Array.from({ length }, (_, i) => i * 7);
    const packets = usbPackets(reply);
    expect(packets.map((packet) => packet.length)).toEqual(sizes);
    expect(hexOf(Buffer.concat(packets))).toBe(hexOf(reply));
  });

  it('are full ones alone where a device ends no transfer with an empty packet', () => {
    const packets = usbPackets(new Uint8Array(128), { zeroLengthPacket: false });
    expect(packets.map((packet) => packet.length)).toEqual([64, 64]);
  });
});
