import { EmulatedReceiver, generateDatabase, RECEIVER_PROFILES } from '@egvkit/receiver-emulator';
import { EmulatedSerial } from '@egvkit/receiver-emulator/webserial';
import { EmulatedUsb } from '@egvkit/receiver-emulator/webusb';

/** Controls by which tests change the devices of a page. */
export interface Lab {
  /** Plugs the receiver in, on both ways at once; gives nothing. */
  plug(): void;
  /** Pulls the cable. */
  unplug(): void;
  /** Time that a reply takes, ms; 0 at first. */
  replyDelayMs: number;
  /** True if the user closes the chooser without choosing. */
  isDismissed: boolean;
  /** True if another program has the serial port open. */
  isHeld: boolean;
}

declare global {
  interface Window {
    lab: Lab;
  }
}

const CLOCK_ERROR_SECONDS = -98;

/** The same readings after a reload, as on a receiver that stays plugged in. */
function startMs(): number {
  const nowMs = Number(sessionStorage.getItem('lab') ?? Date.now());
  sessionStorage.setItem('lab', String(nowMs));
  return nowMs;
}

function startLab(): void {
  const profile = RECEIVER_PROFILES.g4;
  const clocks = { clockErrorSeconds: CLOCK_ERROR_SECONDS, displayOffsetSeconds: 3600 };
  const database = generateDatabase({ profile, seed: 7, days: 3, nowMs: startMs(), ...clocks });
  let cables: readonly { unplug(): void }[] = [];
  let port: { held: boolean } | undefined;
  const make = (): EmulatedReceiver =>
    new EmulatedReceiver({
      profile,
      database,
      ...clocks,
      deliver: ({ bytes }) =>
        lab.replyDelayMs > 0 ? [{ afterMs: lab.replyDelayMs }, bytes] : undefined,
    });
  const choose = <T>([first]: readonly T[]): T | undefined => (lab.isDismissed ? undefined : first);
  const serial = new EmulatedSerial({ choose });
  const usb = new EmulatedUsb({ choose });
  const lab: Lab = {
    plug() {
      const cable = serial.plug(make());
      port = cable.behaviour;
      port.held = lab.isHeld;
      cables = [cable, usb.plug(make())];
    },
    unplug() {
      for (const cable of cables) cable.unplug();
      cables = [];
    },
    replyDelayMs: 0,
    isDismissed: false,
    get isHeld() {
      return port?.held ?? false;
    },
    set isHeld(isHeld) {
      if (port !== undefined) port.held = isHeld;
    },
  };
  Object.defineProperty(navigator, 'serial', { value: serial });
  Object.defineProperty(navigator, 'usb', { value: usb });
  window.lab = lab;
  lab.plug();
}

// A window begins with an empty document, which has no storage.
if (location.protocol === 'http:') startLab();
