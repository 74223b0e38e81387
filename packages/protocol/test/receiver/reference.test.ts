import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ENUMERATIONS } from '../../reference/enumerations.ts';
import { receiverReference } from '../../reference/receiver.ts';
import { COMMANDS } from '../../src/receiver/commands.ts';
import * as tables from '../../src/receiver/enumerations.ts';
import { NEVER_SENT } from '../../src/receiver/never-sent.ts';

const stored = readFileSync(
  new URL('../../../../docs/reference/receiver.md', import.meta.url),
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

  it('has every table of names', () => {
    const all = Object.values(tables).filter((value) => typeof value === 'object');
    for (const names of all) expect(ENUMERATIONS.map((one) => one.names)).toContain(names);
  });
});
