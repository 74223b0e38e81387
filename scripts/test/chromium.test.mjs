import { afterEach, expect, test, vi } from 'vitest';
import { ensureChromium, findChromium } from '../chromium.mjs';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

test('the one that is named is taken, whatever is installed', async () => {
  const said = vi.spyOn(console, 'error');
  vi.stubEnv('EGVKIT_CHROMIUM', process.execPath);
  expect(findChromium()).toBe(process.execPath);
  await ensureChromium();
  expect(said).not.toHaveBeenCalled();
});

test('one that is named and not there is not replaced, but told of', async () => {
  const said = vi.spyOn(console, 'error').mockImplementation(() => {});
  vi.stubEnv('EGVKIT_CHROMIUM', '/nowhere/chromium');
  expect(findChromium()).toBe('/nowhere/chromium');
  await ensureChromium();
  expect(said.mock.calls).toEqual([[expect.stringContaining('/nowhere/chromium')]]);
});
