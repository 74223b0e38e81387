import { describe, expect, it } from 'vitest';
import {
  ACCESS_ERRORS,
  AccessError,
  type AccessErrorCode,
  type PageApi,
  type Platform,
  platformOf,
} from '../../src/browser.ts';

const PLATFORMS: readonly Platform[] = [
  'android',
  'chromeos',
  'linux',
  'macos',
  'windows',
  'other',
];
const APIS: readonly PageApi[] = ['WebUSB', 'Web Serial'];

const everyError = APIS.flatMap((api) =>
  PLATFORMS.flatMap((platform) =>
    (Object.keys(ACCESS_ERRORS) as AccessErrorCode[]).map((code) => ({
      api,
      platform,
      code,
      error: new AccessError(code, {
        api,
        platform,
        path: 'USB device 22A3:0047',
        reason: 'no bus',
      } as never),
    })),
  ),
);

it('no list of ports is said to depend on the right to open them (host-usb)', () => {
  const help = new AccessError('notChosen', { api: 'Web Serial', platform: 'linux' }).help;
  expect(help).not.toMatch(/dialout|right/);
});

describe('an error of access', () => {
  it.each(everyError)('$code, $api on $platform: a sentence and what to do', ({ error }) => {
    expect(error.message).toMatch(/^[A-Z].*\.$/);
    expect(error.help).toMatch(/^[A-Z].*\.$/);
    expect(`${error.message} ${error.help}`).not.toMatch(/undefined|\[object|Zadig|WinUSB/);
  });
});

const held = (api: PageApi, platform: Platform) =>
  new AccessError('held', { api, platform, path: 'the port' }).help;

describe('the advice for a claim that was refused (browser §27)', () => {
  it.each(['windows', 'macos', 'other'] as const)('%s: Web Serial', (platform) => {
    expect(held('WebUSB', platform)).toBe(
      "The system's serial driver holds the receiver: connect by Web Serial.",
    );
  });

  it('linux: Web Serial, or the flag', () => {
    expect(held('WebUSB', 'linux')).toMatch(/Web Serial.*chrome:\/\/flags\/#automatic-usb-detach/);
  });

  it.each(PLATFORMS)('%s in Node: the package that reads serial ports there', (platform) => {
    const data = { api: 'WebUSB', platform, inBrowser: false, path: 'the device' } as const;
    expect(new AccessError('held', data).help).toBe(
      "The system's serial driver holds the receiver: connect by @egvkit/receiver-serial.",
    );
  });

  it.each(['android', 'chromeos'] as const)('%s: the page that names the holder', (platform) => {
    expect(held('WebUSB', platform)).toMatch(/chrome:\/\/device-log/);
  });
});

describe('the advice for a port that does not open (browser §5)', () => {
  it.each(PLATFORMS)('%s: names the programs that may have it', (platform) => {
    expect(held('Web Serial', platform)).toMatch(/other tabs and programs.*Clarity.*Tidepool/);
  });

  it('mentions ModemManager on Linux alone', () => {
    const mentions = PLATFORMS.filter((platform) => /Modem/.test(held('Web Serial', platform)));
    expect(mentions).toEqual(['linux']);
  });

  it('mentions the right to the port where that may be missing, which Chromium does not tell', () => {
    const mentions = PLATFORMS.filter((platform) => /udev/.test(held('Web Serial', platform)));
    expect(mentions).toEqual(['linux']);
    const { message } = new AccessError('held', {
      api: 'Web Serial',
      platform: 'linux',
      path: 'Serial port 22A3:0047',
    });
    expect(message).toMatch(/does not open: another program holds it, or you have no right/);
  });
});

describe('the system', () => {
  it.each([
    ['Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/150.0.0.0', 'windows'],
    ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 Chrome/150', 'macos'],
    ['Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/150.0.0.0', 'linux'],
    ['Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 Chrome/150', 'chromeos'],
    ['Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/150 Mobile', 'android'],
    ['something else', 'other'],
  ])('of %s is %s', (userAgent, platform) => {
    expect(platformOf({ userAgent })).toBe(platform);
  });

  it.each([
    ['win32', 'windows'],
    ['linux', 'linux'],
    ['MacIntel', 'macos'],
  ])('of Node on %s is %s', (platform, expected) => {
    expect(platformOf({ userAgent: 'Node.js/24', platform })).toBe(expected);
  });

  it('is "other" in a runtime without a navigator', () => {
    expect(platformOf({})).toBe('other');
  });
});
