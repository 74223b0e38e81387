import { describe, expect, it } from 'vitest';
import { failure, linkFailure } from '../src/failures.ts';

const withCode = (code: string) => Object.assign(new Error(`${code}: something`), { code });

describe('what a failure to open means', () => {
  it.each([
    ['Error: Permission denied, cannot open /dev/ttyACM0', 'portDenied', false],
    ['Error: Operation not permitted, cannot open /dev/ttyACM0', 'portDenied', false],
    ['Error: Device or resource busy, cannot open /dev/ttyACM0', 'portBusy', true],
    ['Error: Resource busy, cannot open /dev/cu.usbmodem1', 'portBusy', true],
    ['Error Resource temporarily unavailable Cannot lock port', 'portBusy', true],
    ['Opening COM3: Access denied', 'portBusy', true],
    ['Error: No such file or directory, cannot open /dev/ttyACM0', 'portNotFound', false],
    ['Opening COM3: File not found', 'portNotFound', false],
    ['Error: Input/output error, cannot open /dev/ttyACM0', 'portFailed', true],
    ['Error: No such device or address, cannot open /dev/ttyACM0', 'portFailed', true],
    ['Opening COM3: Unknown error code 31', 'portFailed', true],
    ['Error: Is a directory, cannot open /dev', 'notASerialPort', false],
    ['Error baud rate of 12345 is not supported on your platform', 'portFailed', false],
    ['"baudRate" must be a number: x', 'portFailed', false],
  ])('%s: %s, waiting helps: %s', (message, code, waitingHelps) => {
    const cause = new Error(message);
    expect(failure('PORT', cause)).toMatchObject({
      error: { code, data: { path: 'PORT' }, cause },
      waitingHelps,
    });
  });

  it.each([
    ['No native build was found for platform=linux arch=s390x', 'bindingMissing'],
    ['spawn udevadm ENOENT', 'udevadmMissing'],
  ])('%s: %s, which names no port and does not pass by itself', (message, code) => {
    const { error, waitingHelps } = failure('PORT', new Error(message));
    expect(error).toMatchObject({ code, data: {} });
    expect(error.message).not.toContain('PORT');
    expect(waitingHelps).toBe(false);
  });

  it.each([
    ['EACCES', 'portDenied'],
    ['EBUSY', 'portBusy'],
    ['EAGAIN', 'portBusy'],
    ['ENOENT', 'portNotFound'],
    ['ENOTTY', 'notASerialPort'],
    ['ENXIO', 'portFailed'],
  ])('knows %s by its code', (code, expected) => {
    expect(failure('PORT', withCode(code)).error.code).toBe(expected);
  });

  it.each([
    [
      'Error: Input/output error, cannot open /dev/x',
      'PORT could not be used: Input/output error.',
    ],
    ['Something new.', 'PORT could not be used: Something new.'],
    ['Error: Is a directory, cannot open /dev', 'PORT is not a serial port.'],
  ])('says %s in one plain sentence', (message, sentence) => {
    expect(failure('PORT', new Error(message)).error.message).toBe(sentence);
  });

  it('copes with what is no Error', () => {
    expect(failure('PORT', 'odd').error.message).toBe('PORT could not be used: odd.');
    expect(failure('PORT', undefined).error.code).toBe('portFailed');
  });
});

describe('what a failure of an open port means', () => {
  it.each([
    withCode('EIO'),
    withCode('EBADF'),
    withCode('ENXIO'),
    Object.assign(new Error('Reading from COM port: Operation aborted'), { disconnected: true }),
    Object.assign(new Error('Access denied'), { disconnected: true }),
    new Error('Writing to COM port (GetOverlappedResult): Unknown error code 31'),
    new Error('Reading from COM port (ReadIOCompletion): Unknown error code 433'),
  ])('takes %s for a pulled cable', (cause) => {
    expect(linkFailure('PORT', cause)).toMatchObject({ code: 'unplugged', cause });
  });

  it('passes others on with the reason', () => {
    expect(linkFailure('PORT', new Error('Parity error'))).toMatchObject({
      code: 'portFailed',
      data: { reason: 'Parity error' },
    });
  });
});
