import { EmulatedSerial } from '@egvkit/receiver-emulator/webserial';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { grantedReceivers, openSerial, requestReceiver } from '../src/index.ts';
import { page } from './support.ts';

afterEach(() => void vi.unstubAllGlobals());

describe('the chooser', () => {
  it('lists receivers, and the G7 receiver too, but no other device (browser §12)', async () => {
    const listed: number[] = [];
    const { serial, device } = page(
      { usbProductId: 0x48, granted: false },
      {
        choose: (ports) => {
          listed.push(...ports.map((port) => port.getInfo().usbProductId));
          return ports.at(-1);
        },
      },
    );
    serial.plug(device, { usbProductId: 0x99 });
    const { port } = serial.plug(device);
    expect(await requestReceiver({ serial })).toBe(port);
    expect(listed).toEqual([0x48, 0x47]);
  });

  it('is asked for at once, while the click still counts (browser §9)', () => {
    let isInClick = true;
    const { serial } = page({}, { clicked: () => isInClick });
    const choosing = requestReceiver({ serial });
    isInClick = false;
    return expect(choosing).resolves.toBeDefined();
  });

  it('refuses a G7 receiver in words (browser §12)', async () => {
    const { serial, port, open } = page({ usbProductId: 0x48 });
    const refusal = {
      name: 'AccessError',
      code: 'unsupportedReceiver',
      message: 'Serial port 22A3:0048 is a G7 receiver, which egvkit cannot read.',
    };
    await expect(requestReceiver({ serial })).rejects.toMatchObject(refusal);
    await expect(open()).rejects.toMatchObject(refusal);
    expect(port.readable).toBeNull();
  });

  it('says what to look at when nothing was chosen, whatever the cause (browser §9)', async () => {
    const { serial } = page({}, { choose: () => undefined });
    await expect(requestReceiver({ serial })).rejects.toMatchObject({
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
    const { serial } = page();
    vi.spyOn(serial, 'requestPort').mockRejectedValue(Object.assign(new Error('x'), { name }));
    await expect(requestReceiver({ serial })).rejects.toMatchObject({ code });
  });

  it('says that a click is needed (browser §9)', async () => {
    const { serial } = page({}, { clicked: () => false });
    await expect(requestReceiver({ serial })).rejects.toMatchObject({ code: 'clickNeeded' });
  });

  it('says that the page may not, and the policy that a frame needs (browser §10)', async () => {
    const { serial } = page({}, { allowed: false });
    const blocked = { code: 'blocked', help: expect.stringContaining('Permissions-Policy serial') };
    await expect(requestReceiver({ serial })).rejects.toMatchObject(blocked);
    await expect(grantedReceivers({ serial })).rejects.toMatchObject(blocked);
  });

  it('says what browser to use where there is no Web Serial', async () => {
    vi.stubGlobal('navigator', { userAgent: 'Mozilla/5.0 (Macintosh) Safari' });
    const missing = { code: 'notOffered', help: expect.stringContaining('Chrome') };
    await expect(requestReceiver()).rejects.toMatchObject(missing);
    await expect(grantedReceivers()).rejects.toMatchObject(missing);
    vi.stubGlobal('isSecureContext', false);
    await expect(requestReceiver()).rejects.toMatchObject({
      code: 'notSecure',
      help: expect.stringContaining('https'),
    });
  });

  it('is the one of the page', async () => {
    const { serial, port } = page();
    vi.stubGlobal('navigator', { serial });
    expect(await requestReceiver()).toBe(port);
    expect(await grantedReceivers()).toEqual([port]);
    const transport = await openSerial(port, { settleMs: 0 });
    await transport.close();
  });
});

describe('receivers that the page may use', () => {
  it('are those that were chosen and are plugged in', async () => {
    const { serial, port, device } = page({ granted: false });
    serial.plug(device, { usbProductId: 0x99, granted: true });
    expect(await grantedReceivers({ serial })).toEqual([]);
    await requestReceiver({ serial });
    expect(await grantedReceivers({ serial })).toEqual([port]);
  });

  it('are none after a replug: it has to be chosen again (browser §6)', async () => {
    const { serial, cable, device } = page();
    cable.unplug();
    const again = serial.plug(device);
    expect(await grantedReceivers({ serial })).toEqual([]);
    expect(await requestReceiver({ serial })).toBe(again.port);
    expect(again.port).not.toBe(cable.port);
  });

  it('are the same after a replug on Windows', async () => {
    const { serial, cable, device } = page({}, { grantsLast: true });
    cable.unplug();
    const again = serial.plug(device);
    expect(await grantedReceivers({ serial })).toEqual([again.port]);
  });

  it('are none once the page has forgotten them (browser §11)', async () => {
    const { serial, port, open } = page();
    await port.forget();
    expect(await grantedReceivers({ serial })).toEqual([]);
    await expect(open()).rejects.toMatchObject({ code: 'openAlready' });
  });

  it('are told in the order of the questions, however the answers come (browser §7)', async () => {
    const { port } = page();
    const answers = [1, 2].map(() => Promise.withResolvers<(typeof port)[]>());
    let asked = 0;
    class SlowSerial extends EmulatedSerial {
      override getPorts() {
        return answers[asked++]!.promise;
      }
    }
    const serial = new SlowSerial();
    const told: number[] = [];
    const tell = (ports: readonly unknown[]) => void told.push(ports.length);
    const lists = [
      grantedReceivers({ serial }).then(tell),
      grantedReceivers({ serial }).then(tell),
    ];
    answers[1]!.resolve([]);
    await new Promise((resolve) => setTimeout(resolve, 5));
    answers[0]!.resolve([port]);
    await Promise.all(lists);
    expect(told).toEqual([1, 0]);
  });
});
