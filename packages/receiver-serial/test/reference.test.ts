import { readFileSync } from 'node:fs';
import { COMMANDS, NEVER_SENT } from '@egvkit/protocol/receiver';
import { describe, expect, it } from 'vitest';
import { receiverReference } from '../reference/receiver.ts';

const stored = readFileSync(
  new URL('../../../docs/reference/receiver.md', import.meta.url),
  'utf8',
);

describe('docs/reference/receiver.md', () => {
  it('is what `npm run docs:reference` writes', () => {
    expect(stored === receiverReference(), 'stale: run `npm run docs:reference`').toBe(true);
  });

  it('has every command, sent or not', () => {
    for (const name of [...Object.keys(COMMANDS), ...Object.keys(NEVER_SENT)]) {
      expect(stored).toContain(`\`${name}\``);
    }
  });
});
