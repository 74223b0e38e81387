import { expect, it } from 'vitest';
import { type Access, pathOf } from '../../src/browser.ts';

const access: Access = {
  platform: 'linux',
  api: 'Web Serial',
  device: 'Serial port',
  feature: 'serial',
  offeredBy: '',
  unlisted: '',
  held: '',
  heldHelp: '',
};

it('names a device by its ids', () => {
  const ids = { vendorId: 0x22a3, productId: 0x0047 };
  expect(pathOf(access, ids)).toBe('Serial port 22A3:0047');
  expect(pathOf({ ...access, device: 'USB device' }, ids)).toBe('USB device 22A3:0047');
});

it('names a port without ids by what it is: it may be on no USB', () => {
  expect(pathOf(access, { vendorId: undefined, productId: undefined })).toBe('Serial port');
});
