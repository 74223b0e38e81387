import {
  ACCESS_ERRORS,
  AccessError,
  type AccessErrorCode,
  type Platform,
} from '@egvkit/receiver/browser';
import { describe, expect, it } from 'vitest';
import { webSerial } from '../src/access.ts';

const PLATFORMS: readonly Platform[] = [
  'android',
  'chromeos',
  'linux',
  'macos',
  'windows',
  'other',
];

const everyError = PLATFORMS.flatMap((platform) =>
  [undefined, true, false].flatMap((inBrowser) =>
    (Object.keys(ACCESS_ERRORS) as AccessErrorCode[]).map((code) => {
      const runtime = { platform, ...(inBrowser !== undefined && { inBrowser }) };
      const facts = {
        ...runtime,
        ...webSerial(runtime),
        path: 'USB device 22A3:0047',
        reason: 'no bus',
      };
      return { platform, code, inBrowser, error: new AccessError(code, facts as never) };
    }),
  ),
);

describe('an error of access by Web Serial', () => {
  it.each(everyError)(
    '$code on $platform, in a browser: $inBrowser: a sentence and what to do',
    ({ error }) => {
      expect(error.message).toMatch(/^[A-Z].*\.$/);
      expect(error.help).toMatch(/^[A-Z].*\.$/);
      expect(`${error.message} ${error.help}`).not.toMatch(/undefined|\[object|Zadig|WinUSB/);
    },
  );
});

const errorOf = (code: 'held' | 'notChosen', platform: Platform) =>
  new AccessError(code, { platform, ...webSerial({ platform }), path: 'Serial port 22A3:0047' });

it('no list of ports is said to depend on the right to open them (host-usb)', () => {
  expect(errorOf('notChosen', 'linux').help).not.toMatch(/dialout|right/);
});

describe('the advice for a port that does not open (browser §5)', () => {
  it.each(PLATFORMS)('%s: names the programs that may have it', (platform) => {
    const { help } = errorOf('held', platform);
    expect(help).toMatch(/other tabs and programs.*Clarity.*Tidepool/);
  });

  it('mentions ModemManager on Linux alone', () => {
    const mentions = PLATFORMS.filter((platform) => /Modem/.test(errorOf('held', platform).help));
    expect(mentions).toEqual(['linux']);
  });

  it('mentions the right to the port where that may be missing, which Chromium does not tell', () => {
    const mentions = PLATFORMS.filter((platform) => /udev/.test(errorOf('held', platform).help));
    expect(mentions).toEqual(['linux']);
    const { message } = errorOf('held', 'linux');
    expect(message).toMatch(/does not open: another program holds it, or you have no right/);
  });
});
