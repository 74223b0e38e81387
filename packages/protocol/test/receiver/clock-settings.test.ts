import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CLOCK_SETTINGS_FORMATS } from '../../src/receiver/records/clock-settings.ts';
import { formatFinder } from '../../src/receiver/records/record.ts';
import { SETTINGS_FORMATS } from '../../src/receiver/records/settings.ts';

const whole = formatFinder(SETTINGS_FORMATS);
const ofClocks = formatFinder(CLOCK_SETTINGS_FORMATS);

describe('settings of the clocks', () => {
  it.each(Array.from({ length: 256 }, (_, revision) => revision))(
    'are in records of revision %i where all settings have them',
    (revision) => {
      const all = whole(12, revision);
      const clocks = ofClocks(12, revision);
      if (all === undefined || clocks === undefined) throw new Error('It is unknown.');
      expect(clocks.size).toBe(all.size);
      const origin = { recordType: 12, revision, index: 7 };
      const stored = fc.uint8Array({ minLength: all.size, maxLength: all.size });
      fc.assert(
        fc.property(stored, (bytes) => {
          const read = clocks.read(bytes, 0, origin);
          expect(Object.keys(read)).toContain('flags');
          expect(all.read(bytes, 0, origin)).toMatchObject(read);
        }),
        { numRuns: 5 },
      );
    },
  );
});
