import type { Transport } from '@egvkit/protocol/receiver';
import {
  NO_PAGE,
  ping,
  readDatabasePageRange,
  readDatabasePages,
  readRtc,
  readSystemTime,
  writeDisplayTimeOffset,
} from '@egvkit/protocol/receiver/wire';
import { describe, expect, it, vi } from 'vitest';
import { ReceiverError } from '../src/errors.ts';
import { Line } from '../src/line.ts';
import { failure, idle, settle, useFakeClock } from './support/clock.ts';
import { port } from './support/port.ts';

useFakeClock();

const PING = '01 06 00 0A 5E 65';
const ACK = '01 06 00 01 35 D4';
const ASK_TIME = '01 06 00 22 34 C0';
const ASK_RTC = '01 06 00 1F CA 27';
const TIME = '01 0A 00 01 00 84 D7 17 30 17';

const REPLIES: Readonly<Record<string, string>> = {
  [PING]: ACK,
  [ASK_TIME]: TIME,
  [ASK_RTC]: TIME,
};
/** Requests that may be sent between two of the same. */
const BETWEEN: Readonly<Record<string, string>> = {
  [PING]: ACK,
  '01 06 00 19 0C 47': '01 0B 00 01 36 41 33 42 37 80 10',
  '01 06 00 1B 4E 67': '01 08 00 01 09 04 A1 8A',
  '01 06 00 25 D3 B0': '01 07 00 01 01 6C D8',
};
const answer = (request: string) => REPLIES[request];

/** A line that has been used once, so that nothing is left to come. */
async function settledLine(reply: Parameters<typeof port>[0], options = {}) {
  let first = true;
  const script = port((request, number) => {
    if (first) return ACK;
    return reply(request, number - 1);
  });
  const line = new Line(script.transport, options);
  await settle(line.ask(ping, undefined));
  first = false;
  script.log.length = 0;
  return { ...script, line };
}

describe('what is done with the transport', () => {
  it('is to wait for silence, send and read; later only to empty the line first', async () => {
    const { transport, log } = port(answer);
    const line = new Line(transport);
    await settle(line.ask(ping, undefined));
    expect(log.splice(0)).toEqual(['read 200', `write ${PING}`, 'read 2000']);
    await settle(line.ask(readSystemTime, undefined));
    expect(log).toEqual(['read 0', `write ${ASK_TIME}`, 'read 2000']);
  });

  it('uses the silence it is told to', async () => {
    const { transport, log } = port(answer);
    await settle(new Line(transport, { quietMs: 20 }).ask(ping, undefined));
    expect(log[0]).toBe('read 20');
  });

  it('never reads while a read is waiting, however many requests there are', async () => {
    const { line } = await settledLine(answer);
    const asked = Array.from({ length: 20 }, () => line.ask(ping, undefined));
    await settle(Promise.all(asked));
  });

  it('goes by the clock that it is given', async () => {
    const { transport, log } = port(() => undefined);
    const monotonicMs = () => Math.floor(performance.now() / 2);
    const line = new Line(transport, { monotonicMs, resends: 0 });
    expect(await failure(line.ask(ping, undefined))).toMatchObject({ code: 'timeout' });
    expect(log.slice(1, 5)).toEqual([`write ${PING}`, 'read 2000', 'read 1000', 'read 500']);
  });

  it('pauses before a request, and drops what comes meanwhile', async () => {
    const { line, log, push } = await settledLine(answer, { pauseMs: 100 });
    const asked = line.ask(readSystemTime, undefined);
    await idle();
    setTimeout(() => push('01 0A 00'), 50);
    expect(await settle(asked)).toEqual({ systemSeconds: 400_000_000 });
    expect(log).toEqual(['read 0', 'read 100', 'read 50', `write ${ASK_TIME}`, 'read 2000']);
  });
});

describe('a line that never falls silent', () => {
  it('is drained for three seconds at most, then used', async () => {
    const { transport, push, written } = port(answer);
    const babble = setInterval(() => push('AA'), 50);
    const start = performance.now();
    await settle(new Line(transport).ask(ping, undefined));
    clearInterval(babble);
    expect(performance.now() - start).toBeLessThanOrEqual(3050);
    expect(written()).toEqual([PING]);
  });

  it('ends as corrupt in bounded time if it never answers', async () => {
    const { transport, push } = port(() => undefined);
    const babble = setInterval(() => push('AA'), 50);
    const start = performance.now();
    const error = await failure(new Line(transport).ask(ping, undefined));
    clearInterval(babble);
    expect(error).toMatchObject({ code: 'corrupt', data: { damage: 'noPacket' } });
    expect(performance.now() - start).toBeLessThanOrEqual(2 * (3050 + 2050));
  });
});

describe('what a transport throws', () => {
  const broken = new ReceiverError('portFailed', { path: 'script', reason: 'it says so' });

  it('is passed on as it is, from a write', async () => {
    const { line } = await settledLine(() => broken);
    expect(await failure(line.ask(ping, undefined))).toBe(broken);
  });

  it('is passed on as it is, from a read', async () => {
    const { line, inbox } = await settledLine(() => undefined);
    const error = failure(line.ask(ping, undefined));
    setTimeout(() => inbox.fail(broken), 10);
    expect(await error).toBe(broken);
    expect(await failure(line.ask(ping, undefined))).toBe(broken);
  });

  it('is no failure of the receiver, and stops nothing', async () => {
    const { line } = await settledLine((_, number) => (number <= 5 ? broken : ACK));
    for (let i = 0; i < 5; i++) expect(await failure(line.ask(ping, undefined))).toBe(broken);
    await settle(line.ask(ping, undefined));
  });

  it('leaves a reply that may still come to nobody', async () => {
    const { line, push, written } = await settledLine((request) =>
      request === ASK_TIME
        ? broken
        : request === ASK_RTC
          ? '01 0A 00 01 01 1B 25 0B 92 93'
          : BETWEEN[request],
    );
    await failure(line.ask(readSystemTime, undefined));
    setTimeout(() => push(TIME), 700);
    expect(await settle(line.ask(readRtc, undefined))).toEqual({ rtcSeconds: 186_981_121 });
    expect(written().at(-1)).toBe(ASK_RTC);
  });
});

describe('an interrupted request', () => {
  it('makes the next one wait for its reply, and for the end of it', async () => {
    const { line, log, push } = await settledLine((request) =>
      request === ASK_RTC ? TIME : BETWEEN[request],
    );
    const abort = new AbortController();
    setTimeout(() => abort.abort('enough'), 300);
    expect(await failure(line.ask(readSystemTime, undefined, abort.signal))).toBe('enough');
    log.length = 0;
    setTimeout(() => push('01 0A 00 01 01'), 600);
    setTimeout(() => push('1B 25 0B 92 93'), 700);
    await settle(line.ask(readRtc, undefined));
    // Until the reply has come, or 10 s after its request; then until it is quiet.
    expect(log.slice(0, 5)).toEqual([
      ...['read 9700', 'read 9100', 'read 200', `write ${ASK_RTC}`, 'read 2000'],
    ]);
  });

  it('that was never sent makes nobody wait for long', async () => {
    const { line, log } = await settledLine(answer);
    const abort = new AbortController();
    const asked = line.ask(readSystemTime, undefined, abort.signal);
    abort.abort('enough');
    expect(await failure(asked)).toBe('enough');
    await settle(line.ask(readRtc, undefined));
    expect(log.filter((entry) => entry.startsWith('read 1'))).toEqual([]);
  });

  it('tells the caller of no sending that did not happen', async () => {
    const { line } = await settledLine(answer);
    const onSend = vi.fn();
    await failure(line.ask(readRtc, undefined, AbortSignal.abort(), onSend));
    expect(onSend).not.toHaveBeenCalled();
    await settle(line.ask(readRtc, undefined, undefined, onSend));
    expect(onSend).toHaveBeenCalledOnce();
  });
});

describe('an old reply that comes just before the real one', () => {
  const EMPTY = '01 0E 00 01 FF FF FF FF FF FF FF FF CD 1D';
  const PAGES = '01 0E 00 01 00 00 00 00 B7 00 00 00 D0 1B';
  const ASK_NONE = '01 07 00 10 12 7C CA';
  const range = (recordType: number) => [readDatabasePageRange, { recordType }] as const;

  it.each([
    ['in the same transfer', EMPTY, PAGES],
    ['its end in the next transfer', EMPTY + PAGES.slice(0, 11), PAGES.slice(11)],
  ])('is not believed, %s', async (_, chunk, rest) => {
    let asked = 0;
    const { line, push } = await settledLine((request) => {
      if (request === ASK_NONE) return EMPTY;
      if (!request.startsWith('01 07 00 10 04')) return BETWEEN[request] ?? '01 06 00 03 77 F4';
      if (++asked > 2) return PAGES;
      if (rest !== PAGES) queueMicrotask(() => push(rest));
      return chunk + (rest === PAGES ? rest : '');
    });
    expect(await settle(line.ask(...range(0x12)))).toEqual({ first: NO_PAGE, last: NO_PAGE });
    expect(await settle(line.ask(...range(4)))).toEqual({ first: 0, last: 183 });
  });
});

describe('a damaged reply', () => {
  it('has come: the next request does not wait for it', async () => {
    const { line } = await settledLine((request, number) =>
      number === 1 ? '01 0A 00 01 00 84 D7 17 30 18' : (REPLIES[request] ?? BETWEEN[request]),
    );
    const start = performance.now();
    await settle(line.ask(readSystemTime, undefined));
    await settle(line.ask(readRtc, undefined));
    expect(performance.now() - start).toBeLessThan(2000);
  });
});

describe('a request that cannot be made', () => {
  it('is refused before anything is done with the transport', async () => {
    const { line, log } = await settledLine(answer);
    const request = { recordType: 4, firstPage: 0, pageCount: 9 };
    expect(await failure(line.ask(readDatabasePages, request))).toMatchObject({
      name: 'InputError',
      code: 'outOfRange',
    });
    expect(log).toEqual([]);
    await settle(line.ask(ping, undefined));
    expect(log[0]).toBe('read 0');
  });
});

describe('resends', () => {
  it.each([0, 1, 2, 3])('%i: so often a request is sent again', async (resends) => {
    const { line, written } = await settledLine(() => undefined, { resends });
    expect(await failure(line.ask(ping, undefined))).toMatchObject({
      code: 'timeout',
      data: { attempts: resends + 1 },
    });
    expect(written()).toHaveLength(resends + 1);
  });

  it('tell the caller of every sending', async () => {
    const { line } = await settledLine((_, number) => (number < 2 ? undefined : ACK));
    const onSend = vi.fn();
    await settle(line.ask(ping, undefined, undefined, onSend));
    expect(onSend).toHaveBeenCalledTimes(2);
  });
});

describe('a write that is never taken', () => {
  it('is a timeout after the time of the command, whatever the transport does', async () => {
    for (const heeds of [true, false]) {
      const write: Transport['write'] = (_, signal) =>
        new Promise((_resolve, reject) => {
          if (heeds) signal?.addEventListener('abort', () => reject(signal.reason));
        });
      const transport = { path: 'stopped', read: async () => new Uint8Array(0), write } as const;
      const close = async () => {};
      const line = new Line({ ...transport, close, [Symbol.asyncDispose]: close });
      const start = performance.now();
      expect(await failure(line.ask(ping, undefined))).toMatchObject({
        code: 'timeout',
        data: { command: 'ping', afterMs: 2000, attempts: 1 },
      });
      expect(performance.now() - start).toBe(2000);
    }
  });
});

describe('a refusal that carries a payload', () => {
  it.each([
    ['ping', ping, undefined],
    ['writeDisplayTimeOffset', writeDisplayTimeOffset, { displayOffsetSeconds: 0 }],
  ] as const)('ends %s, sent once', async (name, row, request) => {
    const { line, written } = await settledLine(() => '01 07 00 04 01 99 27', {
      allowWrites: true,
    });
    expect(await failure(line.ask(row as typeof ping, request as undefined))).toMatchObject({
      code: 'refused',
      data: { command: name, responseCode: 4, responseName: 'INVALID_PARAM' },
    });
    expect(written()).toHaveLength(1);
  });
});
