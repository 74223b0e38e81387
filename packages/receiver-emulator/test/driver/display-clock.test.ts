import { displaySeconds } from '@egvkit/protocol';
import { encodePacket } from '@egvkit/protocol/receiver/wire';
import { describe, expect, it } from 'vitest';
import { bench, tamper } from '../support/bench.ts';
import { failure, NOW_MS, NOW_SECONDS, settle, useFakeClock } from '../support/clock.ts';
import { takeRequests } from '../support/requests.ts';

useFakeClock();

const nowMs = () => NOW_MS;
const WRITING = { allowWrites: true, nowMs };
const device = { nowMs, displayOffsetSeconds: -21_602 };

describe('the clock on the screen', () => {
  it('is set as the specification says, told before and after, and read back', async () => {
    const { receiver, requests } = await bench(device, WRITING);
    const change = await settle(receiver.setDisplayTimeOffset(-25_200));
    expect(change).toEqual({ oldOffsetSeconds: -21_602, newOffsetSeconds: -25_200 });
    expect(requests[1]).toBe('01 0A 00 1E 90 9D FF FF 97 9E'); // §2.5
    expect(takeRequests(requests)).toEqual([
      ...['command 29', 'command 30', 'command 29'],
      // Nobody can tell the third reply from the first, come twice: once more, another between.
      ...['command 10', 'command 29'],
    ]);
    expect(await settle(receiver.clock())).toMatchObject({ displayOffsetSeconds: -25_200 });
  });

  it('is set to what it should show, whatever the internal clock says', async () => {
    const { receiver } = await bench({ ...device, clockErrorSeconds: 6_643_551 }, WRITING);
    const wanted = displaySeconds(NOW_SECONDS + 7200);
    const change = await settle(receiver.setDisplayClock(wanted));
    expect(change.newOffsetSeconds).toBe(7200 - 6_643_551);
    expect(await settle(receiver.clock())).toMatchObject({ displaySeconds: wanted });
  });

  it.each([undefined, false])(
    'stays as it is unless writing is allowed: %s',
    async (allowWrites) => {
      const options = allowWrites === undefined ? { nowMs } : { nowMs, allowWrites };
      const { receiver, requests } = await bench(device, options);
      for (const work of [
        () => receiver.setDisplayTimeOffset(0),
        () => receiver.setDisplayClock(displaySeconds(NOW_SECONDS)),
        () => receiver.ask('writeDisplayTimeOffset', { displayOffsetSeconds: 0 }),
      ]) {
        expect(await failure(work())).toMatchObject({
          name: 'CommandError',
          code: 'writeNotAllowed',
          data: { command: 'writeDisplayTimeOffset' },
          retryable: false,
        });
      }
      expect(requests).toEqual([]);
    },
  );

  it.each([2 ** 31, -(2 ** 31) - 1, 0.5, Number.NaN])('takes no offset of %d', async (offset) => {
    const { receiver, requests } = await bench(device, WRITING);
    expect(await failure(receiver.setDisplayTimeOffset(offset))).toMatchObject({
      code: 'outOfRange',
    });
    expect(requests).toEqual([]);
  });

  it('is reported if the receiver does not keep it', async () => {
    const deliver = tamper('readDisplayTimeOffset', (_, number) =>
      number >= 2 ? [encodePacket(1, Uint8Array.of(1, 0, 0, 0))] : undefined,
    );
    const { receiver } = await bench({ ...device, deliver }, WRITING);
    expect(await failure(receiver.setDisplayTimeOffset(60))).toMatchObject({
      code: 'notConfirmed',
      data: { command: 'writeDisplayTimeOffset', wanted: '60 s', found: '1 s' },
      message: 'The receiver accepted writeDisplayTimeOffset with 60 s, but reports 1 s now.',
    });
  });

  it('is the only thing that allowWrites lets change', async () => {
    const { receiver, requests } = await bench(device, WRITING);
    const ask = receiver.ask as (name: unknown, request?: unknown) => Promise<unknown>;
    for (const [name, code] of [
      ['eraseDatabase', 'neverSent'],
      ['writeLanguage', 'neverSent'],
      ['resetReceiver', 'neverSent'],
      ['readFlashPage', 'neverSent'],
      [53, 'unknownCommand'],
    ]) {
      expect(await failure(ask.call(receiver, name, undefined))).toMatchObject({ code });
    }
    expect(requests).toEqual([]);
  });
});
