import {
  ACCESS_ERRORS,
  AccessError,
  type AccessErrorCode,
  type Platform,
} from '@egvkit/receiver/browser';
import { describe, expect, it } from 'vitest';
import { webUsb } from '../src/access.ts';

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
        ...webUsb(runtime),
        path: 'USB device 22A3:0047',
        reason: 'no bus',
      };
      return { platform, code, inBrowser, error: new AccessError(code, facts as never) };
    }),
  ),
);

describe('an error of access by WebUSB', () => {
  it.each(everyError)(
    '$code on $platform, in a browser: $inBrowser: a sentence and what to do',
    ({ error }) => {
      expect(error.message).toMatch(/^[A-Z].*\.$/);
      expect(error.help).toMatch(/^[A-Z].*\.$/);
      expect(`${error.message} ${error.help}`).not.toMatch(/undefined|\[object|Zadig|WinUSB/);
    },
  );
});

const held = (platform: Platform, inBrowser = true) => {
  const runtime = { platform, inBrowser };
  return new AccessError('held', { ...runtime, ...webUsb(runtime), path: 'the port' }).help;
};

describe('the advice for a claim that was refused (browser §27)', () => {
  it.each(['windows', 'macos', 'other'] as const)('%s: Web Serial', (platform) => {
    expect(held(platform)).toBe(
      "The system's serial driver holds the receiver: connect by Web Serial.",
    );
  });

  it('linux: Web Serial, or the flag', () => {
    expect(held('linux')).toMatch(/Web Serial.*chrome:\/\/flags\/#automatic-usb-detach/);
  });

  it.each(PLATFORMS)('%s in Node: the package that reads serial ports there', (platform) => {
    expect(held(platform, false)).toBe(
      "The system's serial driver holds the receiver: connect by @egvkit/receiver-serial.",
    );
  });

  it.each(['android', 'chromeos'] as const)('%s: the page that names the holder', (platform) => {
    expect(held(platform)).toMatch(/chrome:\/\/device-log/);
  });
});
