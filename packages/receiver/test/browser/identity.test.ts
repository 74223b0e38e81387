import { expect, it } from 'vitest';
import { pathOf } from '../../src/browser.ts';

const access = { api: 'Web Serial', platform: 'linux' } as const;

it('names a device by its ids', () => {
  const ids = { vendorId: 0x22a3, productId: 0x0047 };
  expect(pathOf(access, ids)).toBe('Serial port 22A3:0047');
  expect(pathOf({ ...access, api: 'WebUSB' }, ids)).toBe('USB device 22A3:0047');
});

it('names a port without ids by what it is: it may be on no USB', () => {
  expect(pathOf(access, { vendorId: undefined, productId: undefined })).toBe('Serial port');
});
