import { type DataOf, mayPass, stays, TableError } from '@egvkit/protocol';

/** Names of ports on Windows and macOS. Only Linux has ModemManager and udev. */
const ELSEWHERE = /^(?:COM\d|\\\\|\/dev\/(?:cu|tty)\.)/i;

const MOST_NAMED = 4;

/** `a, b and 3 more`. */
function namesOf(paths: readonly string[]): string {
  const named = paths.slice(0, MOST_NAMED).join(', ');
  const more = paths.length - MOST_NAMED;
  return more > 0 ? `${named} and ${more} more` : named;
}

const NO_CABLE =
  'Plug the receiver in with a data cable (charge-only cables do not work), or name its port.';

/** Failures to find a receiver among the serial ports of this computer, or to open its port. */
export const SERIAL_PORT_ERRORS = {
  noReceiver: mayPass<{
    seen: number;
    /** Ports whose device is unknown to the system. */
    unidentified: readonly string[];
  }>(
    ({ seen, unidentified }) => {
      if (seen === 0) return 'No receiver is connected: this computer has no serial ports.';
      if (unidentified.length === 0) {
        return `No receiver is connected: none of the ${seen} serial ports is a Dexcom receiver.`;
      }
      return `No receiver was recognised: the system does not know the device on ${namesOf(unidentified)}.`;
    },
    ({ unidentified: [path] }) =>
      path === undefined
        ? NO_CABLE
        : `If a receiver is on such a port, as in a container or in WSL, name it: ${path}. ` +
          'Otherwise plug the receiver in with a data cable (charge-only cables do not work).',
  ),
  severalReceivers: stays<{ paths: readonly string[] }>(
    ({ paths }) => `${paths.length} receivers are connected: ${paths.join(', ')}.`,
    'Name the one to use: receivers have no USB serial number to tell them apart by.',
  ),
  unsupportedReceiver: stays<{ path: string; product: string }>(
    ({ path, product }) => `${path} is a ${product}, which egvkit cannot read.`,
    'G4, G5 and G6 receivers are supported. If it is one of these after all, name its port.',
  ),
  portNotFound: mayPass<{ path: string }>(
    ({ path }) => `There is no port ${path}.`,
    'Check the name, and that the receiver is plugged in with a data cable.',
  ),
  notASerialPort: stays<{ path: string }>(
    ({ path }) => `${path} is not a serial port.`,
    'Name the port of the receiver, like /dev/ttyACM0 or COM3, or leave the name out.',
  ),
  portDenied: stays<{ path: string }>(
    ({ path }) => `You may not open ${path}.`,
    ({ path }) =>
      ELSEWHERE.test(path)
        ? 'Use an account of this computer that may open it, or let its administrator allow it.'
        : 'Add yourself to the group that owns the port (usually "dialout": ' +
          '`sudo usermod -aG dialout $USER`, then log in again) or install the udev rule from the README.',
  ),
  portBusy: mayPass<{ path: string }>(
    ({ path }) => `${path} is held by another program.`,
    ({ path }) =>
      'Close other software that reads receivers.' +
      (ELSEWHERE.test(path)
        ? ''
        : ' Right after plugging in, ModemManager may hold the port for some seconds; the udev ' +
          'rule from the README keeps it away.'),
  ),
  portsNotListed: stays<{ reason: string }>(
    ({ reason }) => `The serial ports of this computer cannot be listed: ${reason}.`,
    'Name the port of the receiver instead of having it found.',
  ),
  udevadmMissing: stays<Record<never, never>>(
    () => 'The serial ports of this computer cannot be listed: udevadm is not installed.',
    'Install udevadm (package "udev" or "systemd"), or name the port of the receiver.',
  ),
  bindingMissing: stays<Record<never, never>>(
    () => 'Serial ports cannot be used: @serialport/bindings-cpp is not installed for this system.',
    'Install it again on this computer, with optional dependencies allowed.',
  ),
} as const;

export type SerialPortErrorCode = keyof typeof SERIAL_PORT_ERRORS;

/** No receiver was found on a serial port, or its port did not open. */
export class SerialPortError<
  Code extends SerialPortErrorCode = SerialPortErrorCode,
> extends TableError<typeof SERIAL_PORT_ERRORS, Code> {
  override readonly name = 'SerialPortError';

  constructor(
    code: Code,
    data: DataOf<typeof SERIAL_PORT_ERRORS, Code>,
    options?: { cause?: unknown },
  ) {
    super(SERIAL_PORT_ERRORS, code, data, options);
  }
}
