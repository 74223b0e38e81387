/// <reference path="../node_modules/@types/w3c-web-usb/index.d.ts" />
import { expectTypeOf, it } from 'vitest';
import {
  type CdcRequest,
  encodeLineCoding,
  type ReceiverFilter,
  type UsbDescriptors,
} from '../src/index.ts';

// Checked by `npm run check`: the package's own types need no WebUSB, but fit it.
it('fits the types of WebUSB', () => {
  expectTypeOf<USBDevice>().toExtend<UsbDescriptors>();
  expectTypeOf<ReceiverFilter>().toExtend<USBDeviceFilter>();
  expectTypeOf<CdcRequest>().toExtend<USBControlTransferParameters>();
  expectTypeOf(encodeLineCoding).returns.toExtend<BufferSource>();
});
