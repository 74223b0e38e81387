import { expect, it } from 'vitest';
import { ENUMERATIONS } from '../../reference/enumerations.ts';
import * as tables from '../../src/receiver/enumerations.ts';

it('the reference has every table of names', () => {
  const all = Object.values(tables).filter((value) => typeof value === 'object');
  for (const names of all) expect(ENUMERATIONS.map((one) => one.names)).toContain(names);
});
