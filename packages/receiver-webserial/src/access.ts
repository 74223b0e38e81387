import {
  OTHER_READERS,
  type PageApi,
  type Platform,
  RIGHTS,
  type Runtime,
} from '@egvkit/receiver/browser';

/** Other reasons for which a chooser may not list a receiver. */
const UNLISTED: Partial<Record<Platform, string>> = {
  android: ' Try WebUSB.',
  windows: ' The Device Manager has to show a COM port.',
};

/** Web Serial, and what is to be said of it on a system. */
export function webSerial({ platform }: Runtime): PageApi {
  // Chromium tells the two apart on no system, and other systems ask nobody for the right.
  const mayLackRight = platform === 'linux';
  return {
    api: 'Web Serial',
    device: 'Serial port',
    feature: 'serial',
    offeredBy: 'Chrome, Edge, or Firefox 151 or newer on a computer; on Android, connect by WebUSB',
    unlisted: UNLISTED[platform] ?? '',
    held: mayLackRight
      ? 'does not open: another program holds it, or you have no right to use it'
      : 'is held by another program',
    // browser §27
    heldHelp: mayLackRight
      ? `${OTHER_READERS} Right after plugging in, ModemManager may hold the port for some seconds. ` +
        `If nothing holds it, install ${RIGHTS}`
      : OTHER_READERS,
  };
}
