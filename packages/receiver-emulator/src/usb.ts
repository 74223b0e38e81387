/**
 * USB descriptors of a receiver, as data: for a fake `USBDevice` in a browser test, and for
 * a virtual bus. Captured from a G4; nothing is known of the others.
 */

function bytes(text: string): Uint8Array {
  return Uint8Array.from(text.trim().split(/\s+/), (digits) => Number.parseInt(digits, 16));
}

/** The descriptors, byte for byte. There is no serial number. */
export const USB_IDENTITY: {
  /** 18 bytes. */
  readonly deviceDescriptor: Uint8Array;
  /** 67 bytes: the configuration with its interfaces, functional descriptors and endpoints. */
  readonly configurationDescriptor: Uint8Array;
  /** String descriptors by index, as text. */
  readonly strings: Readonly<Record<number, string>>;
} = {
  deviceDescriptor: bytes('12 01 10 01 02 00 00 08 A3 22 47 00 00 01 01 02 00 01'),
  configurationDescriptor: bytes(`
    09 02 43 00 02 01 00 C0 FA
    09 04 00 00 01 02 02 01 00
    05 24 00 01 10
    05 24 01 03 01
    04 24 02 06
    05 24 06 00 01
    07 05 81 03 08 00 FF
    09 04 01 00 02 0A 00 00 00
    07 05 02 02 40 00 00
    07 05 83 02 40 00 00`),
  strings: { 1: 'DexCom', 2: 'DexCom Gen4 USB Serial' },
};

/** An endpoint, named as WebUSB names its parts. */
export interface UsbEndpointView {
  readonly endpointNumber: number;
  readonly direction: 'in' | 'out';
  readonly type: 'bulk' | 'interrupt' | 'isochronous';
  readonly packetSize: number;
}

/** A configuration as WebUSB shows it: what a fake `USBDevice` has in `configurations`. */
export interface UsbConfigurationView {
  readonly configurationValue: number;
  readonly interfaces: readonly {
    readonly interfaceNumber: number;
    readonly alternates: readonly {
      readonly alternateSetting: number;
      readonly interfaceClass: number;
      readonly interfaceSubclass: number;
      readonly interfaceProtocol: number;
      readonly endpoints: readonly UsbEndpointView[];
    }[];
  }[];
}

// USB 2.0 §9.4, table 9-5; §9.6.6.
const INTERFACE = 4;
const ENDPOINT = 5;
const DIRECTION_IN = 0x80;
const TRANSFER_TYPES = ['control', 'isochronous', 'bulk', 'interrupt'] as const;

/** Reads a configuration descriptor; every interface of a receiver has one setting. */
export function usbConfiguration(
  // receiver §12.2
  descriptor: Uint8Array = USB_IDENTITY.configurationDescriptor,
): UsbConfigurationView {
  const interfaces: {
    interfaceNumber: number;
    alternates: [{ endpoints: UsbEndpointView[] } & Record<string, unknown>];
  }[] = [];
  for (let at = 0; at < descriptor.length; at += descriptor[at]!) {
    const field = (offset: number): number => descriptor[at + offset]!;
    if (field(1) === INTERFACE) {
      const alternate = {
        alternateSetting: field(3),
        interfaceClass: field(5),
        interfaceSubclass: field(6),
        interfaceProtocol: field(7),
        endpoints: [],
      };
      interfaces.push({ interfaceNumber: field(2), alternates: [alternate] });
    } else if (field(1) === ENDPOINT) {
      interfaces.at(-1)?.alternates[0].endpoints.push({
        endpointNumber: field(2) & 0x0f,
        direction: field(2) & DIRECTION_IN ? 'in' : 'out',
        type: TRANSFER_TYPES[field(3) & 3] as UsbEndpointView['type'],
        packetSize: field(4) | (field(5) << 8),
      });
    }
  }
  return {
    configurationValue: descriptor[5]!,
    interfaces: interfaces as unknown as UsbConfigurationView['interfaces'],
  };
}

export interface UsbPacketOptions {
  /** Bytes of a full packet; 64, as on a receiver. */
  readonly packetSize?: number | undefined;
  /**
   * True to end a reply that is a multiple of the packet size by an empty packet. No such
   * reply was captured; true, which is what ends a transfer on USB, is ours.
   */
  readonly zeroLengthPacket?: boolean; // receiver §12.3
}

/**
 * The packets of one transfer: full ones, ended by a short one. One reply is one
 * transfer, so this is how a reply reaches the host's controller.
 */
export function usbPackets(
  // receiver §12.3
  reply: Uint8Array,
  { packetSize = 64, zeroLengthPacket = true }: UsbPacketOptions = {},
): Uint8Array[] {
  const packets: Uint8Array[] = [];
  for (let at = 0; at < reply.length; at += packetSize) {
    packets.push(reply.slice(at, at + packetSize));
  }
  if (zeroLengthPacket && reply.length % packetSize === 0) packets.push(new Uint8Array(0));
  return packets;
}
