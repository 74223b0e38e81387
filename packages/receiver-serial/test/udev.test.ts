import { readFileSync } from 'node:fs';
import { DEXCOM_VENDOR_ID, RECEIVER_PRODUCT_ID } from '@egvkit/protocol/receiver/wire';
import { expect, it } from 'vitest';

const text = (name: string) => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8');
const hex = (id: number) => id.toString(16).padStart(4, '0');

it('ships the udev rule that its README shows, for the ids it looks for', () => {
  const rules = text('udev/70-dexcom-receiver.rules')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  expect(rules).toHaveLength(2);
  for (const rule of rules) {
    expect(text('README.md')).toContain(`\n${rule}\n`);
    expect(rule).toContain(`{idVendor}=="${hex(DEXCOM_VENDOR_ID)}"`);
    expect(rule).toContain(`{idProduct}=="${hex(RECEIVER_PRODUCT_ID)}"`);
  }
});
