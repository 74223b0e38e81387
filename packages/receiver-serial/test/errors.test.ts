import { EgvkitError } from '@egvkit/protocol';
import { describe, expect, it } from 'vitest';
import { describeErrorTable } from '../../protocol/test/support/error-table.ts';
import { SERIAL_PORT_ERRORS, SerialPortError, type SerialPortErrorCode } from '../src/errors.ts';

const path = '/dev/ttyACM0';
const SAMPLES: { readonly [Code in SerialPortErrorCode]: SerialPortError<Code>['data'] } = {
  noReceiver: { seen: 0, unidentified: [] },
  severalReceivers: { paths: [path, '/dev/ttyACM1'] },
  unsupportedReceiver: { path, product: 'G7 receiver' },
  portNotFound: { path },
  notASerialPort: { path },
  portDenied: { path },
  portBusy: { path },
  portsNotListed: { reason: 'the registry cannot be read' },
  udevadmMissing: {},
  bindingMissing: {},
};

describeErrorTable(
  {
    name: 'SerialPortError',
    rows: SERIAL_PORT_ERRORS,
    samples: SAMPLES,
    create: (...given) => new SerialPortError(...given),
    retryable: ['noReceiver', 'portNotFound', 'portBusy'],
  },
  EgvkitError,
);

describe('the words of SerialPortError', () => {
  it('tell what is known and what is not when there is no receiver', () => {
    const noReceiver = (seen: number, unidentified: readonly string[] = []) =>
      new SerialPortError('noReceiver', { seen, unidentified });
    expect(noReceiver(0).message).toContain('no serial ports');
    expect(noReceiver(3).message).toContain('none of the 3');
    const unknown = noReceiver(1, ['/dev/ttyACM0']);
    expect(unknown.message).toBe(
      'No receiver was recognised: the system does not know the device on /dev/ttyACM0.',
    );
    expect(unknown.help).toContain('name it: /dev/ttyACM0.');
    const many = ['COM1', 'COM2', 'COM3', 'COM4', 'COM5', 'COM6'];
    expect(noReceiver(6, many).message).toContain('on COM1, COM2, COM3, COM4 and 2 more.');
  });

  it.each([
    ['/dev/ttyACM0', true],
    ['/dev/cu.usbmodem1421', false],
    ['/dev/tty.usbmodem1421', false],
    ['COM3', false],
    ['\\\\.\\COM12', false],
  ])('speak of what only Linux has at %s: %s', (port, isLinux) => {
    for (const code of ['portBusy', 'portDenied'] as const) {
      const { help } = new SerialPortError(code, { path: port });
      expect(/ModemManager|dialout|udev/.test(help)).toBe(isLinux);
    }
  });
});
