import { Receiver } from '@egvkit/receiver';
import { describe, expect, it, vi } from 'vitest';
import { memoryTransport } from '../../src/memory.ts';
import { bench, emulated, g4, tamper, tap } from '../support/bench.ts';
import { failure, idle, NOW_SECONDS, settle, useFakeClock } from '../support/clock.ts';
import { database } from '../support/records.ts';

useFakeClock();

const SYSTEM_TIME = '01 06 00 22 34 C0';
const PING = '01 06 00 0A 5E 65';
const RTC = '01 06 00 1F CA 27';

describe('requests that are made at once', () => {
  it('are sent one after the other, in the order they were made', async () => {
    let outstanding = 0;
    let most = 0;
    const device = emulated({ replyDelayMs: 20 });
    const requests: number[] = [];
    const transport = memoryTransport({
      attach(wire) {
        const line = device.attach({
          send(bytes) {
            outstanding--;
            wire.send(bytes);
          },
          unplug: () => wire.unplug(),
        });
        return {
          receive(bytes) {
            most = Math.max(most, ++outstanding);
            requests.push(bytes[3]!);
            line.receive(bytes);
          },
          detach: () => line.detach(),
        };
      },
    });
    const receiver = await settle(Receiver.open(transport));
    await settle(
      Promise.all([
        receiver.clock(),
        receiver.battery(),
        receiver.ask('readRtc', undefined),
        receiver.identify(),
        receiver.pageRange('egv'),
        receiver.records('manufacturing').next(),
      ]),
    );
    expect(most).toBe(1);
    // What is asked between two of the same may come earlier than by itself.
    const order = [10, 34, 33, 31, 11, 16];
    const firstTimes = [...new Set(requests)].filter((code) => order.includes(code));
    expect(firstTimes).toEqual(order);
  });

  it('do not fail because one before them did', async () => {
    const { receiver } = await bench({ deliver: tamper('readRtc', () => 'nothing') });
    const answers = Promise.allSettled([
      receiver.ask('readRtc', undefined),
      receiver.ask('readSystemTime', undefined),
    ]);
    expect(await settle(answers)).toMatchObject([
      { reason: { code: 'timeout' } },
      { value: { systemSeconds: expect.any(Number) } },
    ]);
  });

  it('each wait for the pause that was asked for', async () => {
    const { receiver } = await bench({}, { pauseMs: 100 });
    const start = performance.now();
    await settle(receiver.battery());
    expect(performance.now() - start).toBe(200);
  });
});

describe('an aborted request', () => {
  it('is not sent if it was aborted before', async () => {
    const { receiver, requests } = await bench();
    const signal = AbortSignal.abort('no longer wanted');
    expect(await failure(receiver.clock({ signal }))).toBe('no longer wanted');
    expect(await failure(receiver.identify({ signal }))).toBe('no longer wanted');
    expect(await failure(receiver.battery({ signal }))).toBe('no longer wanted');
    expect(await failure(receiver.display({ signal }))).toBe('no longer wanted');
    expect(await failure(receiver.pageRange('egv', { signal }))).toBe('no longer wanted');
    expect(await failure(receiver.records('egv', { signal }).next())).toBe('no longer wanted');
    expect(await failure(receiver.pages('egv', { signal }).next())).toBe('no longer wanted');
    expect(requests).toEqual([]);
  });

  it('ends at once, with the reason of the signal', async () => {
    const { receiver } = await bench({ replyDelayMs: 1000 });
    const abort = new AbortController();
    const start = performance.now();
    setTimeout(() => abort.abort(new Error('enough')), 50);
    const error = await failure(
      receiver.ask('readSystemTime', undefined, { signal: abort.signal }),
    );
    expect(error).toMatchObject({ message: 'enough' });
    expect(performance.now() - start).toBe(50);
  });

  it('ends at once while others are before it, and is never sent', async () => {
    const { receiver, requests } = await bench({ replyDelayMs: 500 });
    const first = receiver.ask('readSystemTime', undefined);
    const abort = new AbortController();
    const start = performance.now();
    setTimeout(() => abort.abort('enough'), 50);
    expect(await failure(receiver.ask('ping', undefined, { signal: abort.signal }))).toBe('enough');
    expect(performance.now() - start).toBe(50);

    // Whoever comes after it still waits for the one before it.
    const rtc = receiver.ask('readRtc', undefined);
    await settle(Promise.all([first, rtc]));
    expect(requests).toEqual([SYSTEM_TIME, RTC, PING, RTC]);
  });

  it.each([0, 1, 30, 150, 199, 200, 201, 350, 1000, 1900])(
    'leaves a reply that is %i ms late to nobody',
    async (lateMs) => {
      const { receiver } = await bench({ replyDelayMs: lateMs + 50 });
      const abort = new AbortController();
      setTimeout(() => abort.abort(), 50);
      await failure(receiver.ask('readSystemTime', undefined, { signal: abort.signal }));
      // The same shape: four bytes. The counter started in 2013, the clock's zero is 2009.
      const { rtcSeconds } = await settle(receiver.ask('readRtc', undefined));
      expect(rtcSeconds).toBeLessThan(NOW_SECONDS - 100_000_000);
    },
  );

  it('leaves its reply to nobody when the one that waits for it is aborted too', async () => {
    const { receiver } = await bench({ replyDelayMs: 900 });
    for (const afterMs of [50, 300]) {
      const abort = new AbortController();
      setTimeout(() => abort.abort(), afterMs);
      await failure(receiver.ask('readSystemTime', undefined, { signal: abort.signal }));
    }
    const { rtcSeconds } = await settle(receiver.ask('readRtc', undefined));
    expect(rtcSeconds).toBeLessThan(NOW_SECONDS - 100_000_000);
  });

  it('whose reply never comes delays the next one no longer than it could have come', async () => {
    const lost = tamper('readSystemTime', () => 'nothing');
    const { receiver, requests } = await bench({ deliver: lost });
    const abort = new AbortController();
    const start = performance.now();
    setTimeout(() => abort.abort(), 50);
    await failure(receiver.ask('readSystemTime', undefined, { signal: abort.signal }));
    await settle(receiver.ask('readRtc', undefined));
    expect(performance.now() - start).toBeLessThanOrEqual(10_000 + 200);
    expect(requests).toEqual([SYSTEM_TIME, RTC]);
  });

  it('ends the reading of records before the next page', async () => {
    const content = database(g4, { serialNumbers: ['SM1', 'SM2'] });
    const { receiver, device } = await bench({ database: content });
    const abort = new AbortController();
    const records = receiver.records('manufacturing', { signal: abort.signal });
    expect((await settle(records.next())).value).toMatchObject({ index: 1 });
    abort.abort('enough');
    expect(await failure(records.next())).toBe('enough');
    expect(device.codesSeen.filter((code) => code === 17)).toHaveLength(1);
    expect(await settle(records.next())).toEqual({ done: true, value: undefined });
  });

  it('does not count as a failure of the receiver', async () => {
    const { receiver } = await bench({ replyDelayMs: 100 });
    for (let i = 0; i < 5; i++) {
      const abort = new AbortController();
      setTimeout(() => abort.abort(), 10);
      await failure(receiver.ask('ping', undefined, { signal: abort.signal }));
    }
    await settle(receiver.ask('ping', undefined));
  });

  it('leaves no listener on the signal', async () => {
    const { receiver } = await bench({ replyDelayMs: 10 });
    const { signal } = new AbortController();
    const added = vi.spyOn(signal, 'addEventListener');
    const removed = vi.spyOn(signal, 'removeEventListener');
    await settle(Promise.all([receiver.battery({ signal }), receiver.clock({ signal })]));
    expect(added.mock.calls.length).toBeGreaterThan(0);
    expect(removed.mock.calls.length).toBe(added.mock.calls.length);
  });
});

describe('opening and closing', () => {
  it('opens by a ping, and sends nothing else', async () => {
    const { device, requests } = tap(emulated());
    await settle(Receiver.open(memoryTransport(device)));
    expect(requests).toEqual(['01 06 00 0A 5E 65']);
  });

  it.each([
    ['nobody answers', 'nothing', 'timeout'],
    ['the cable is pulled', 'unplug', 'unplugged'],
    [
      'something else answers',
      [Uint8Array.from('AT\r\nOK\r\n', (c) => c.charCodeAt(0))],
      'corrupt',
    ],
    ['it answers with INVALID_MODE', [Uint8Array.of(1, 6, 0, 7, 0xf3, 0xb4)], 'refused'],
  ] as const)('closes the transport when %s', async (_, delivery, code) => {
    const transport = memoryTransport(emulated({ deliver: () => delivery }));
    const close = vi.spyOn(transport, 'close');
    expect(await failure(Receiver.open(transport))).toMatchObject({ code });
    expect(close).toHaveBeenCalledOnce();
  });

  it('closes the transport when opening is aborted', async () => {
    const transport = memoryTransport(emulated());
    const signal = AbortSignal.abort('enough');
    expect(await failure(Receiver.open(transport, { signal }))).toBe('enough');
    await expect(transport.read(0)).rejects.toMatchObject({ code: 'closed' });
  });

  it('releases the port at the end of its scope', async () => {
    const transport = memoryTransport(emulated());
    async function scope(): Promise<void> {
      await using receiver = await Receiver.open(transport);
      await receiver.battery();
    }
    await settle(scope());
    await expect(transport.read(0)).rejects.toMatchObject({ code: 'closed' });
  });

  it('fails what is under way and what waits behind it when it is closed', async () => {
    const { receiver, requests } = await bench({ replyDelayMs: 500 });
    const errors = Promise.allSettled([
      receiver.ask('readSystemTime', undefined),
      receiver.ask('readRtc', undefined),
    ]);
    await idle();
    await receiver.close();
    expect(await settle(errors)).toMatchObject([
      { reason: { code: 'closed' } },
      { reason: { code: 'closed' } },
    ]);
    expect(await failure(receiver.clock())).toMatchObject({ code: 'closed' });
    expect(requests).toEqual([SYSTEM_TIME]);
    await settle(receiver.close());
  });
});
