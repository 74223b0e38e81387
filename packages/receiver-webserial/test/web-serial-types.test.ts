import type { EmulatedSerial, EmulatedSerialPort } from '@egvkit/receiver-emulator/webserial';
import { expectTypeOf, it } from 'vitest';

// Checked by `npm run check`.
it('fits an emulated port where a page has a real one', () => {
  expectTypeOf<EmulatedSerial>().toExtend<Serial>();
  expectTypeOf<EmulatedSerialPort>().toExtend<SerialPort>();
});
