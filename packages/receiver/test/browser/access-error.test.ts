import { describe, expect, it } from 'vitest';
import {
  ACCESS_ERRORS,
  AccessError,
  type AccessErrorCode,
  accessBy,
  type PageApi,
  platformOf,
} from '../../src/browser.ts';

const API: PageApi = {
  api: 'WebUSB',
  device: 'USB device',
  feature: 'usb',
  offeredBy: 'a browser',
  unlisted: ' Or look again.',
  held: 'is held',
  heldHelp: 'Let go of it.',
};

it.each(Object.keys(ACCESS_ERRORS) as AccessErrorCode[])(
  'an error of access, %s, has a sentence and says what to do',
  (code) => {
    const facts = { ...API, platform: 'linux', path: 'USB device 22A3:0047', reason: 'no bus' };
    const { message, help } = new AccessError(code, facts as never);
    expect(message).toMatch(/^[A-Z].*\.$/);
    expect(help).toMatch(/^[A-Z].*\.$/);
    expect(`${message} ${help}`).not.toMatch(/undefined|\[object/);
  },
);

it('what is said of an API is asked for by the system at hand', () => {
  const access = accessBy((runtime) => ({ ...API, held: `is held on ${runtime.platform}` }));
  expect(access).toMatchObject({ api: 'WebUSB', held: `is held on ${platformOf()}` });
  expect(access.inBrowser).toBe(false);
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
