/** Emulated receivers for the page of docs/browsers.md, which knows nothing of them. */
import {
  EMULATED_SERIAL_NUMBER,
  EmulatedReceiver,
  generateDatabase,
  RECEIVER_PROFILES,
} from '@egvkit/receiver-emulator';
import { EmulatedSerial } from '@egvkit/receiver-emulator/webserial';
import { EmulatedUsb } from '@egvkit/receiver-emulator/webusb';

/** Plugs a receiver into the page's APIs; gives the readings of three hours that are in it. */
export function plugIn(trouble: { held?: boolean; driver?: 'holds'; refuses?: boolean } = {}): {
  readonly readings: number;
  readonly serialNumber: string;
} {
  const profile = RECEIVER_PROFILES.g4;
  const nowMs = Date.now();
  const database = generateDatabase({ profile, seed: 1, days: 1, nowMs });
  const device = new EmulatedReceiver({ profile, database });
  const choosing = trouble.refuses ? { choose: () => undefined } : {};
  const [serial, usb] = [new EmulatedSerial(choosing), new EmulatedUsb(choosing)];
  serial.plug(device, { held: trouble.held ?? false });
  usb.plug(device, trouble.driver ? { driver: trouble.driver } : {});
  for (const [name, value] of Object.entries({ serial, usb })) {
    Object.defineProperty(navigator, name, { value, configurable: true });
  }
  const since = Math.floor(nowMs / 1000) - 3 * 3600 - Date.UTC(2009, 0) / 1000;
  const readings = database
    .records(4)
    .filter(
      (record) =>
        record.kind === 'egv' &&
        record.systemSeconds >= since &&
        record.glucose.status === 'inRange' &&
        !record.glucose.displayOnly,
    );
  return { readings: readings.length, serialNumber: EMULATED_SERIAL_NUMBER };
}
