import { readFileSync } from 'node:fs';
import { ENDPOINTS, FAULTS, UNDOCUMENTED } from '@egvkit/protocol/share';
import { describe, expect, it } from 'vitest';
import { shareReference } from '../../reference/share.ts';

const stored = readFileSync(
  new URL('../../../../docs/reference/share.md', import.meta.url),
  'utf8',
);

describe('docs/reference/share.md', () => {
  it('is what `npm run docs:reference` writes', async () => {
    expect(stored === (await shareReference()), 'stale: run `npm run docs:reference`').toBe(true);
  });

  it('has every call with client and emulator, every code, and what is unknown', () => {
    for (const name of Object.keys(ENDPOINTS)) {
      expect(stored).toMatch(new RegExp(`\\| \`${name}\` \\|.*\\(\\)\`.*\\| (yes|no) \\|`));
    }
    for (const name of Object.keys(FAULTS)) expect(stored).toContain(`\`${name}\``);
    for (const { what } of Object.values(UNDOCUMENTED)) expect(stored).toContain(what);
  });
});
