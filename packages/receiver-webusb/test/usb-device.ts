import type { UsbDescriptors } from '../src/index.ts';

type Mutable<T> = T extends readonly (infer Item)[]
  ? Mutable<Item>[]
  : T extends object
    ? { -readonly [Key in keyof T]: Mutable<T[Key]> }
    : T;

const TRANSFER_TYPES = ['control', 'isochronous', 'bulk', 'interrupt'] as const;

/** A device as WebUSB shows it, from the bytes of its configuration block (USB 2.0 §9.6). */
export function usbDevice(hex: string): UsbDescriptors {
  const bytes = hex
    .trim()
    .split(/\s+/)
    .map((byte) => Number.parseInt(byte, 16));
  const configurations: Mutable<UsbDescriptors['configurations']> = [];
  for (let offset = 0; offset < bytes.length; offset += bytes[offset]!) {
    const descriptor = bytes.slice(offset, offset + bytes[offset]!);
    const interfaces = configurations.at(-1)?.interfaces;
    if (descriptor[1] === 2) {
      configurations.push({ configurationValue: descriptor[5]!, interfaces: [] });
    } else if (descriptor[1] === 4) {
      const known = interfaces!.find((known) => known.interfaceNumber === descriptor[2]);
      const alternates = known?.alternates ?? [];
      if (!known) interfaces!.push({ interfaceNumber: descriptor[2]!, alternates });
      alternates.push({
        alternateSetting: descriptor[3]!,
        interfaceClass: descriptor[5]!,
        interfaceSubclass: descriptor[6]!,
        endpoints: [],
      });
    } else if (descriptor[1] === 5) {
      const type = TRANSFER_TYPES[descriptor[3]! & 3]!;
      if (type === 'control') throw new Error('WebUSB shows no control endpoints.');
      interfaces!
        .at(-1)!
        .alternates.at(-1)!
        .endpoints.push({
          endpointNumber: descriptor[2]! & 0x0f,
          direction: descriptor[2]! & 0x80 ? 'in' : 'out',
          type,
          packetSize: descriptor[4]! | (descriptor[5]! << 8),
        });
    }
  }
  return { configurations };
}

/** The configuration block of a G4 (spec/receiver §12.2), 67 bytes. */
export const G4_CONFIGURATION = `
  09 02 43 00 02 01 00 C0 FA
  09 04 00 00 01 02 02 01 00
  05 24 00 01 10
  05 24 01 03 01
  04 24 02 06
  05 24 06 00 01
  07 05 81 03 08 00 FF
  09 04 01 00 02 0A 00 00 00
  07 05 02 02 40 00 00
  07 05 83 02 40 00 00`;
