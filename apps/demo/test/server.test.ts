import { serveWeb } from '@egvkit/web-page/server';
import { describe, expect, it } from 'vitest';

describe('the server of the page', () => {
  it('sends the page with its policy', async () => {
    await using web = await serveWeb({ regions: ['us'] });
    const page = await fetch(`${web.origin}/`);
    expect(await page.text()).toContain('<title>egvkit</title>');
    const policy = page.headers.get('content-security-policy') ?? '';
    for (const rule of [
      "default-src 'none'",
      "script-src 'self'",
      "require-trusted-types-for 'script'",
      "frame-ancestors 'none'",
    ]) {
      expect(policy).toContain(rule);
    }
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    expect(page.headers.get('permissions-policy')).toContain('serial=(self), usb=(self)');
  });

  it('tells the page which services it passes calls on to', async () => {
    const emulated = {
      origin: 'http://127.0.0.1:9',
      account: { name: 'wearer', password: 'correct horse' },
    };
    await using web = await serveWeb({ regions: ['us', 'jp'], emulated });
    expect(await (await fetch(`${web.origin}/services.json`)).json()).toEqual({
      services: [
        { kind: 'beside', ...emulated },
        { kind: 'dexcom', region: 'us' },
        { kind: 'dexcom', region: 'jp' },
      ],
    });
  });
});
