import type { Transport } from '@egvkit/protocol/receiver';
import type { OpenRetry } from '@egvkit/receiver/browser';
import * as webSerial from '@egvkit/receiver-webserial';
import * as webUsb from '@egvkit/receiver-webusb';

/** The ways to a receiver. */
export type WayName = 'webSerial' | 'webUsb' | 'emulated';

/** Reasons why a way to a receiver is not open in this browser. */
export type Closed = 'notOffered' | 'notSecure';

/** A way, and if it is open here. */
export interface WayOffer {
  readonly name: Exclude<WayName, 'emulated'>;
  readonly closed: Closed | undefined;
}

/** Of a browser, what decides which ways are open. */
export interface Surroundings {
  readonly hasSerial: boolean;
  readonly hasUsb: boolean;
  readonly isSecure: boolean;
  readonly platform: 'android' | 'chromeos' | 'other';
  /** Firefox has a page ask for the right to serial ports, by a dialog of its own (browser §0.3). */
  readonly isFirefox: boolean;
}

/** Looks at this browser for all that decides which ways are open. */
export function surroundings(): Surroundings {
  const { userAgent } = navigator;
  const platform = /android/i.test(userAgent)
    ? 'android'
    : /CrOS/.test(userAgent)
      ? 'chromeos'
      : 'other';
  return {
    hasSerial: 'serial' in navigator,
    hasUsb: 'usb' in navigator,
    isSecure: isSecureContext,
    platform,
    isFirefox: /firefox/i.test(userAgent),
  };
}

/**
 * The ways to a real receiver, the best one first: Web Serial, but WebUSB where phones and
 * Chromebooks keep serial ports from pages (browser §0.2).
 */
export function waysIn({
  hasSerial,
  hasUsb,
  isSecure,
  platform,
}: Omit<Surroundings, 'isFirefox'>): WayOffer[] {
  const closed = (has: boolean): Closed | undefined =>
    has ? undefined : isSecure ? 'notOffered' : 'notSecure';
  const serial: WayOffer = { name: 'webSerial', closed: closed(hasSerial) };
  const usb: WayOffer = { name: 'webUsb', closed: closed(hasUsb) };
  const usbFirst = platform !== 'other' || (!hasSerial && hasUsb);
  return usbFirst ? [usb, serial] : [serial, usb];
}

/** Opens the receiver that was chosen. */
export type OpenChosen = (options: {
  onRetry(retry: OpenRetry): void;
  signal: AbortSignal;
}) => Promise<Transport>;

/** Has the user choose a receiver. Called in a click, with nothing waited for before. */
export async function chooseReceiver(way: WayName): Promise<OpenChosen> {
  switch (way) {
    case 'webSerial': {
      const port = await webSerial.requestReceiver();
      return (options) => webSerial.openSerial(port, options);
    }
    case 'webUsb': {
      const device = await webUsb.requestReceiver();
      return (options) => webUsb.openUsb(device, options);
    }
    case 'emulated': {
      const { openEmulated } = await import('./emulated.ts');
      return ({ signal }) => openEmulated(signal);
    }
  }
}

/** Takes back the right to every receiver that the page may use, connected before or not. */
export async function forgetReceivers(): Promise<void> {
  // browser §11
  const forget = async (granted: Promise<readonly { forget(): Promise<void> }[]>) => {
    for (const one of await granted.catch(() => [])) await one.forget().catch(() => {});
  };
  await Promise.all([forget(webSerial.grantedReceivers()), forget(webUsb.grantedReceivers())]);
}

/** Hears of receivers that are unplugged, whoever had them open. */
export function onUnplugged(listener: () => void): void {
  for (const api of [navigator.serial, navigator.usb] as (EventTarget | undefined)[]) {
    api?.addEventListener('disconnect', listener);
  }
}
