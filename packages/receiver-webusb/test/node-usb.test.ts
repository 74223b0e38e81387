import { AccessError } from '@egvkit/receiver/browser';
import { usb, WebUSB } from 'usb';
import { expect, expectTypeOf, it } from 'vitest';
import { grantedReceivers, requestReceiver } from '../src/index.ts';

// No device is needed, and none is opened: what is asked of `usb` is what this computer has.
it("lists what Node's usb lists, or says why it lists nothing", async () => {
  const list = await grantedReceivers({ usb }).catch((error: unknown) => error);
  if (Array.isArray(list)) return;
  expect(list).toBeInstanceOf(AccessError);
  expect(list).toMatchObject({ code: 'notListed', data: { api: 'WebUSB' } });
});

it("takes the chooser of Node's usb", async () => {
  const source = { usb: new WebUSB({ devicesFound: async () => undefined }) };
  await expect(requestReceiver(source)).rejects.toMatchObject({
    name: 'AccessError',
    code: expect.stringMatching(/^not(?:Chosen|Listed)$/),
  });
});

it("fits the types of Node's usb", () => {
  expectTypeOf<WebUSB>().toExtend<USB>();
});
