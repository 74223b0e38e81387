import { EmulatedUsb } from '@egvkit/receiver-emulator/webusb';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { grantedReceivers, openUsb, requestReceiver } from '../src/index.ts';
import { page } from './support.ts';

afterEach(() => void vi.unstubAllGlobals());

describe('the chooser', () => {
  it('lists receivers, and the G7 receiver too, but no other device (browser §12)', async () => {
    const listed: number[] = [];
    const { usb, attachable } = page(
      { productId: 0x48, granted: false },
      {
        choose: (devices) => {
          listed.push(...devices.map(({ productId }) => productId));
          return devices.at(-1);
        },
      },
    );
    usb.plug(attachable, { productId: 0x99 });
    const { device } = usb.plug(attachable);
    expect(await requestReceiver({ usb })).toBe(device);
    expect(listed).toEqual([0x48, 0x47]);
  });

  it('is asked for at once, while the click still counts (browser §9)', () => {
    let isInClick = true;
    const { usb } = page({}, { clicked: () => isInClick });
    const choosing = requestReceiver({ usb });
    isInClick = false;
    return expect(choosing).resolves.toBeDefined();
  });

  it('refuses a G7 receiver in words (browser §12)', async () => {
    const { usb, device, open } = page({ productId: 0x48 });
    const refusal = {
      name: 'AccessError',
      code: 'unsupportedReceiver',
      message: 'USB device 22A3:0048 is a G7 receiver, which egvkit cannot read.',
    };
    await expect(requestReceiver({ usb })).rejects.toMatchObject(refusal);
    await expect(open()).rejects.toMatchObject(refusal);
    expect(device.opened).toBe(false);
  });

  it('says what to look at when nothing was chosen, whatever the cause (browser §9)', async () => {
    const { usb } = page({}, { choose: () => undefined });
    await expect(requestReceiver({ usb })).rejects.toMatchObject({
      code: 'notChosen',
      message: 'No receiver was chosen.',
      help: expect.stringMatching(/Not in the list\?.*data cable.*block this site/),
      cause: { name: 'NotFoundError' },
    });
  });

  it.each([
    ['NotFoundError', 'notChosen'],
    ['SecurityError', 'blocked'],
    ['Error', 'notListed'],
  ])('tells a plain %s by its name: %s (browser §3)', async (name, code) => {
    const { usb } = page();
    vi.spyOn(usb, 'requestDevice').mockRejectedValue(Object.assign(new Error('x'), { name }));
    await expect(requestReceiver({ usb })).rejects.toMatchObject({ code });
  });

  it('says that a click is needed (browser §9)', async () => {
    const { usb } = page({}, { clicked: () => false });
    await expect(requestReceiver({ usb })).rejects.toMatchObject({ code: 'clickNeeded' });
  });

  it('says that the page may not, and the policy that a frame needs (browser §10)', async () => {
    const { usb } = page({}, { allowed: false });
    const blocked = { code: 'blocked', help: expect.stringContaining('Permissions-Policy usb') };
    await expect(requestReceiver({ usb })).rejects.toMatchObject(blocked);
    await expect(grantedReceivers({ usb })).rejects.toMatchObject(blocked);
  });

  it('says what browser to use where there is no WebUSB', async () => {
    vi.stubGlobal('navigator', { userAgent: 'Mozilla/5.0 (Windows NT 10.0) Firefox/151' });
    const missing = { code: 'notOffered', help: 'Use Chrome or Edge.' };
    await expect(requestReceiver()).rejects.toMatchObject(missing);
    await expect(grantedReceivers()).rejects.toMatchObject(missing);
    vi.stubGlobal('isSecureContext', false);
    await expect(requestReceiver()).rejects.toMatchObject({ code: 'notSecure' });
  });

  it('says what to pass in where there is no browser', async () => {
    vi.stubGlobal('navigator', { userAgent: 'Node.js/24', platform: 'linux' });
    await expect(grantedReceivers()).rejects.toMatchObject({
      message: 'WebUSB is part of browsers alone.',
      help: 'Use @egvkit/receiver-serial, or pass `usb` of the package usb to openUsb.',
    });
  });

  it('is the one of the page', async () => {
    const { usb, device } = page();
    vi.stubGlobal('navigator', { usb });
    expect(await requestReceiver()).toBe(device);
    expect(await grantedReceivers()).toEqual([device]);
    const transport = await openUsb(device, { settleMs: 0 });
    await transport.close();
  });
});

describe('receivers that the page may use', () => {
  it('are those that were chosen and are plugged in', async () => {
    const { usb, device, attachable } = page({ granted: false });
    usb.plug(attachable, { productId: 0x99, granted: true });
    expect(await grantedReceivers({ usb })).toEqual([]);
    await requestReceiver({ usb });
    expect(await grantedReceivers({ usb })).toEqual([device]);
  });

  it('are none after a replug: it has to be chosen again (browser §6)', async () => {
    const { usb, cable, attachable } = page();
    cable.unplug();
    const again = usb.plug(attachable);
    expect(await grantedReceivers({ usb })).toEqual([]);
    expect(await requestReceiver({ usb })).toBe(again.device);
    expect(again.device).not.toBe(cable.device);
  });

  it('are none once the page has forgotten them (browser §11)', async () => {
    const { usb, device, open } = page();
    const transport = await open();
    await device.forget();
    expect(await grantedReceivers({ usb })).toEqual([]);
    await expect(transport.read(1000)).rejects.toMatchObject({ code: 'unplugged' });
  });

  it('are told in the order of the questions, however the answers come (browser §7)', async () => {
    const { device } = page();
    const answers = [1, 2].map(() => Promise.withResolvers<(typeof device)[]>());
    let asked = 0;
    class SlowUsb extends EmulatedUsb {
      override getDevices() {
        return answers[asked++]!.promise;
      }
    }
    const usb = new SlowUsb();
    const told: number[] = [];
    const tell = (devices: readonly unknown[]) => void told.push(devices.length);
    const lists = [grantedReceivers({ usb }).then(tell), grantedReceivers({ usb }).then(tell)];
    answers[1]!.resolve([]);
    await new Promise((resolve) => setTimeout(resolve, 5));
    answers[0]!.resolve([device]);
    await Promise.all(lists);
    expect(told).toEqual([1, 0]);
  });
});
