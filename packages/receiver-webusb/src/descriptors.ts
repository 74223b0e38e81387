/** Finds a device's serial channel in its USB descriptors. */
import {
  CDC_ACM_SUBCLASS,
  CDC_CONTROL_INTERFACE_CLASS,
  CDC_DATA_INTERFACE_CLASS,
} from '@egvkit/protocol/receiver/wire';

/** The part of a `USBDevice` that is read; every `USBDevice` is one, opened or not. */
export interface UsbDescriptors {
  readonly configurations: readonly {
    readonly configurationValue: number;
    readonly interfaces: readonly {
      readonly interfaceNumber: number;
      readonly alternates: readonly UsbAlternate[];
    }[];
  }[];
}

export interface UsbAlternate {
  readonly alternateSetting: number;
  readonly interfaceClass: number;
  readonly interfaceSubclass: number;
  readonly endpoints: readonly {
    readonly endpointNumber: number;
    readonly direction: 'in' | 'out';
    readonly type: 'bulk' | 'interrupt' | 'isochronous';
    readonly packetSize: number;
  }[];
}

/** A bulk endpoint of the data interface. */
export interface BulkEndpoint {
  /** For `transferIn` and `transferOut`: without the direction bit of the address. */
  readonly endpointNumber: number;
  /** Bytes in a full packet. */
  readonly packetSize: number;
}

/** Configuration, interfaces and endpoints of a CDC-ACM device's serial channel. */
export interface CdcChannel {
  /** For `selectConfiguration`. */
  readonly configurationValue: number;
  /** The interface that class requests go to (their `index`). To be claimed. */
  readonly controlInterface: number;
  /** The interface the bytes go through. To be claimed. */
  readonly dataInterface: number;
  /** For `selectAlternateInterface`: some devices have no endpoints in their first setting. */
  readonly dataAlternate: number;
  /** Device to host. */
  readonly in: BulkEndpoint;
  /** Host to device. */
  readonly out: BulkEndpoint;
}

/**
 * Finds the CDC-ACM channel of a device: a control interface of class 2/2, and a data interface of
 * class 10 with a bulk endpoint each way. Numbers are read, never assumed: they differ between
 * devices.
 *
 * @returns the first such channel, undefined if the device has none
 */
export function findCdcChannel(device: UsbDescriptors): CdcChannel | undefined {
  // receiver §1.1
  for (const { configurationValue, interfaces } of device.configurations) {
    const control = interfaces.find(({ alternates }) => alternates.some(isAcmControl));
    const data = findData(interfaces);
    if (control && data) {
      return { configurationValue, controlInterface: control.interfaceNumber, ...data };
    }
  }
  return undefined;
}

function isAcmControl({ interfaceClass, interfaceSubclass }: UsbAlternate): boolean {
  return interfaceClass === CDC_CONTROL_INTERFACE_CLASS && interfaceSubclass === CDC_ACM_SUBCLASS;
}

function findData(interfaces: UsbDescriptors['configurations'][number]['interfaces']) {
  for (const { interfaceNumber, alternates } of interfaces) {
    for (const alternate of alternates) {
      if (alternate.interfaceClass !== CDC_DATA_INTERFACE_CLASS) continue;
      const input = findBulk(alternate, 'in');
      const output = findBulk(alternate, 'out');
      if (input && output) {
        const { alternateSetting } = alternate;
        return {
          dataInterface: interfaceNumber,
          dataAlternate: alternateSetting,
          in: input,
          out: output,
        };
      }
    }
  }
  return undefined;
}

function findBulk({ endpoints }: UsbAlternate, wanted: 'in' | 'out'): BulkEndpoint | undefined {
  const found = endpoints.find(({ type, direction }) => type === 'bulk' && direction === wanted);
  return found && { endpointNumber: found.endpointNumber, packetSize: found.packetSize };
}
