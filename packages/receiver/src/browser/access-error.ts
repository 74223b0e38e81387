import { type DataOf, row, TableError } from '@egvkit/protocol';
import type { Platform } from './platform.ts';

/** The two ways from a web page to a receiver. */
export type PageApi = 'WebUSB' | 'Web Serial';

/** Browser API and platform of an access error. */
export interface Access {
  readonly api: PageApi;
  readonly platform: Platform;
  /** False in Node.js, where `WebUSB` is that of the package `usb`; a browser if not given. */
  readonly inBrowser?: boolean;
}

/** An error of access to a port that is named. */
export interface PortAccess extends Access {
  /** For messages: `USB device 22A3:0047`. */
  readonly path: string;
}

const OTHER_READERS =
  'Close other tabs and programs that read receivers, such as Clarity or the Tidepool uploader.';

const RIGHTS = 'the udev rule of @egvkit/receiver-serial, or join the group that owns the device.';

/** Advice where a claim or an opening was refused; never to change drivers. */
function helpWithHolder({ api, platform, inBrowser }: Access): string {
  // browser §27
  if (api === 'Web Serial') {
    return platform === 'linux'
      ? `${OTHER_READERS} Right after plugging in, ModemManager may hold the port for some seconds. ` +
          `If nothing holds it, install ${RIGHTS}`
      : OTHER_READERS;
  }
  if (inBrowser === false) {
    return "The system's serial driver holds the receiver: connect by @egvkit/receiver-serial.";
  }
  if (platform === 'android' || platform === 'chromeos') {
    return `${OTHER_READERS} Then plug the receiver in again; chrome://device-log names the program that holds it.`;
  }
  const flag =
    platform === 'linux' ? ', or switch on chrome://flags/#automatic-usb-detach and try again' : '';
  return `The system's serial driver holds the receiver: connect by Web Serial${flag}.`;
}

/** Another reason, by API and platform, for which a chooser may not list a receiver. */
const NOT_LISTED: Partial<Record<`${PageApi} ${Platform}`, string>> = {
  'WebUSB android': ' Use an OTG adapter.',
  'Web Serial android': ' Try WebUSB.',
  'Web Serial windows': ' The Device Manager has to show a COM port.',
};

function helpWithChoice({ api, platform }: Access): string {
  return (
    'Not in the list? Use a data cable (charge-only cables do not work), and see whether the ' +
    `browser's settings block this site.${NOT_LISTED[`${api} ${platform}`] ?? ''}`
  );
}

/** Errors for which a page does not get to a receiver. */
export const ACCESS_ERRORS = {
  notOffered: row<Access>({
    message: ({ api, inBrowser }) =>
      inBrowser === false ? `${api} is part of browsers alone.` : `This browser has no ${api}.`,
    help: ({ api, inBrowser }) => {
      if (inBrowser === false) {
        return 'Use @egvkit/receiver-serial, or pass `usb` of the package usb to openUsb.';
      }
      return api === 'WebUSB'
        ? 'Use Chrome or Edge.'
        : 'Use Chrome, Edge, or Firefox 151 or newer on a computer; on Android, connect by WebUSB.';
    },
    retryable: false,
  }),
  notSecure: row<Access>({
    message: ({ api }) => `${api} works only on pages that were loaded over https.`,
    help: 'Open the page over https, or from this computer (localhost).',
    retryable: false,
  }),
  notChosen: row<Access>({
    message: () => 'No receiver was chosen.',
    help: helpWithChoice,
    retryable: false,
  }),
  clickNeeded: row<Access>({
    message: () => 'The browser lists devices only right after a click.',
    help: 'Click again.',
    retryable: false,
  }),
  blocked: row<Access>({
    message: ({ api }) => `This page may not use ${api}.`,
    help: ({ api }) =>
      "Allow it in the browser's settings for this site; a page in a frame needs the " +
      `Permissions-Policy ${api === 'WebUSB' ? 'usb' : 'serial'}.`,
    retryable: false,
  }),
  notListed: row<Access & { readonly reason: string }>({
    message: ({ api, reason }) => `${api} lists no devices: ${reason}.`,
    help: 'Check that this system has USB: a container may have none.',
    retryable: true,
  }),
  unsupportedReceiver: row<PortAccess>({
    message: ({ path }) => `${path} is a G7 receiver, which egvkit cannot read.`,
    help: 'G4, G5 and G6 receivers are supported.',
    retryable: false,
  }),
  otherTab: row<Access>({
    message: () => 'Another tab of this site has the receiver open.',
    help: 'Go on there, or close that tab.',
    retryable: true,
  }),
  openAlready: row<PortAccess>({
    message: ({ path }) => `${path} is open in this page already.`,
    help: 'Close it first.',
    retryable: false,
  }),
  held: row<PortAccess>({
    message: ({ path, api, platform }) => {
      if (api === 'WebUSB') return `${path} is held by another program or a driver.`;
      // Chromium tells the two apart on no system, and other systems ask nobody for the right.
      return platform === 'linux'
        ? `${path} does not open: another program holds it, or you have no right to use it.`
        : `${path} is held by another program.`;
    },
    help: helpWithHolder,
    retryable: true,
  }),
  denied: row<PortAccess>({
    message: ({ path }) => `The system does not allow you to open ${path}.`,
    help: ({ platform }) =>
      platform === 'linux'
        ? `Install ${RIGHTS}`
        : 'Use an account of this computer that may open it.',
    retryable: false,
  }),
} as const;

export type AccessErrorCode = keyof typeof ACCESS_ERRORS;

/** A page did not get to a receiver; once it is open, errors are those of `ReceiverError`. */
export class AccessError<Code extends AccessErrorCode = AccessErrorCode> extends TableError<
  typeof ACCESS_ERRORS,
  Code
> {
  override readonly name = 'AccessError';

  constructor(code: Code, data: DataOf<typeof ACCESS_ERRORS, Code>, options?: { cause?: unknown }) {
    super(ACCESS_ERRORS, code, data, options);
  }
}
