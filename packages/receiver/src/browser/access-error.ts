import { type DataOf, mayPass, stays, TableError } from '@egvkit/protocol';
import type { Platform } from './platform.ts';

/** The system that a page is on. */
export interface Runtime {
  readonly platform: Platform;
  /** False in Node.js, where `WebUSB` is that of the package `usb`; a browser if not given. */
  readonly inBrowser?: boolean;
}

/** A way from a web page to a receiver, and what is to be said of it on a system. */
export interface PageApi {
  readonly api: 'WebUSB' | 'Web Serial';
  /** A device: `USB device`. */
  readonly device: string;
  /** Name of the permission in a Permissions-Policy. */
  readonly feature: string;
  /** Browsers that have it. */
  readonly offeredBy: string;
  /** Another reason for which a chooser may not list a receiver; '' if there is none. */
  readonly unlisted: string;
  /** Of a port that does not open: `is held by another program`. */
  readonly held: string;
  /** Advice where a claim or an opening was refused; never to change drivers. */
  readonly heldHelp: string;
}

/** Browser API and system of an access error. */
export interface Access extends Runtime, PageApi {}

/** An error of access to a port that is named. */
export interface PortAccess extends Access {
  /** For messages: `USB device 22A3:0047`. */
  readonly path: string;
}

export const OTHER_READERS =
  'Close other tabs and programs that read receivers, such as Clarity or the Tidepool uploader.';

export const RIGHTS =
  'the udev rule of @egvkit/receiver-serial, or join the group that owns the device.';

/** Errors for which a page does not get to a receiver. */
export const ACCESS_ERRORS = {
  notOffered: stays<Access>(
    (data) =>
      data.inBrowser === false
        ? `${data.api} is part of browsers alone.`
        : `This browser has no ${data.api}.`,
    (data) =>
      data.inBrowser === false
        ? 'Use @egvkit/receiver-serial, or pass `usb` of the package usb to openUsb.'
        : `Use ${data.offeredBy}.`,
  ),
  notSecure: stays<Access>(
    (data) => `${data.api} works only on pages that were loaded over https.`,
    'Open the page over https, or from this computer (localhost).',
  ),
  notChosen: stays<Access>(
    () => 'No receiver was chosen.',
    (data) =>
      'Not in the list? Use a data cable (charge-only cables do not work), and see whether the ' +
      `browser's settings block this site.${data.unlisted}`,
  ),
  clickNeeded: stays<Access>(
    () => 'The browser lists devices only right after a click.',
    'Click again.',
  ),
  blocked: stays<Access>(
    (data) => `This page may not use ${data.api}.`,
    (data) =>
      "Allow it in the browser's settings for this site; a page in a frame needs the " +
      `Permissions-Policy ${data.feature}.`,
  ),
  notListed: mayPass<Access & { readonly reason: string }>(
    (data) => `${data.api} lists no devices: ${data.reason}.`,
    'Check that this system has USB: a container may have none.',
  ),
  unsupportedReceiver: stays<PortAccess>(
    (data) => `${data.path} is a G7 receiver, which egvkit cannot read.`,
    'G4, G5 and G6 receivers are supported.',
  ),
  otherTab: mayPass<Access>(
    () => 'Another tab of this site has the receiver open.',
    'Go on there, or close that tab.',
  ),
  openAlready: stays<PortAccess>(
    (data) => `${data.path} is open in this page already.`,
    'Close it first.',
  ),
  held: mayPass<PortAccess>(
    (data) => `${data.path} ${data.held}.`,
    (data) => data.heldHelp,
  ),
  denied: stays<PortAccess>(
    (data) => `The system does not allow you to open ${data.path}.`,
    (data) =>
      data.platform === 'linux'
        ? `Install ${RIGHTS}`
        : 'Use an account of this computer that may open it.',
  ),
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
