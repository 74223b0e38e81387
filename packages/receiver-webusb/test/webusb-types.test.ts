import type { EmulatedUsb, EmulatedUsbDevice } from '@egvkit/receiver-emulator/webusb';
import { expectTypeOf, it } from 'vitest';
import type { UsbDescriptors } from '../src/index.ts';

// Checked by `npm run check`.
it('fits the types of WebUSB', () => {
  expectTypeOf<USBDevice>().toExtend<UsbDescriptors>();
});

it('fits an emulated device where a page has a real one', () => {
  expectTypeOf<EmulatedUsb>().toExtend<Pick<USB, keyof USB>>();
  expectTypeOf<EmulatedUsbDevice>().toExtend<USBDevice>();
});
