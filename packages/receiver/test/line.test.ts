import { ReceiverError } from '@egvkit/protocol';
import { describe, expect, it, vi } from 'vitest';
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
const answer = (request: string) => REPLIES[request];

/** A line that has been used once, so that nothing is left to come. */
async function settledLine(reply: Parameters<typeof port>[0], options = {}) {
  let first = true;
  const script = port((request, number) => {
    if (first) return ACK;
    return reply(request, number - 1);
  });
  const line = new Line(script.transport, options);
  await settle(line.ask('ping', undefined));
  first = false;
  script.log.length = 0;
  return { ...script, line };
}

describe('what is done with the transport', () => {
  it('is to wait for silence, send and read; later only to empty the line first', async () => {
    const { transport, log } = port(answer);
    const line = new Line(transport);
    await settle(line.ask('ping', undefined));
    expect(log.splice(0)).toEqual(['read 200', `write ${PING}`, 'read 2000']);
    await settle(line.ask('readSystemTime', undefined));
    expect(log).toEqual(['read 0', `write ${ASK_TIME}`, 'read 2000']);
  });

  it('uses the silence it is told to', async () => {
    const { transport, log } = port(answer);
    await settle(new Line(transport, { quietMs: 20 }).ask('ping', undefined));
    expect(log[0]).toBe('read 20');
  });

  it('never reads while a read is waiting, however many requests there are', async () => {
    const { line } = await settledLine(answer);
    const asked = Array.from({ length: 20 }, () => line.ask('ping', undefined));
    await settle(Promise.all(asked));
  });

  it('goes by the clock that it is given', async () => {
    const { transport, log } = port(() => undefined);
    const monotonicMs = () => Math.floor(performance.now() / 2);
    const line = new Line(transport, { monotonicMs, resends: 0 });
    expect(await failure(line.ask('ping', undefined))).toMatchObject({ code: 'timeout' });
    expect(log.slice(1, 5)).toEqual([`write ${PING}`, 'read 2000', 'read 1000', 'read 500']);
  });

  it('pauses before a request, and drops what comes meanwhile', async () => {
    const { line, log, push } = await settledLine(answer, { pauseMs: 100 });
    const asked = line.ask('readSystemTime', undefined);
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
    await settle(new Line(transport).ask('ping', undefined));
    clearInterval(babble);
    expect(performance.now() - start).toBeLessThanOrEqual(3050);
    expect(written()).toEqual([PING]);
  });

  it('ends as corrupt in bounded time if it never answers', async () => {
    const { transport, push } = port(() => undefined);
    const babble = setInterval(() => push('AA'), 50);
    const start = performance.now();
    const error = await failure(new Line(transport).ask('ping', undefined));
    clearInterval(babble);
    expect(error).toMatchObject({ code: 'corrupt', data: { reason: 'what came was no packet' } });
    expect(performance.now() - start).toBeLessThanOrEqual(2 * (3050 + 2050));
  });
});

describe('what a transport throws', () => {
  const broken = new ReceiverError('portFailed', { path: 'script', reason: 'it says so' });

  it('is passed on as it is, from a write', async () => {
    const { line } = await settledLine(() => broken);
    expect(await failure(line.ask('ping', undefined))).toBe(broken);
  });

  it('is passed on as it is, from a read', async () => {
    const { line, inbox } = await settledLine(() => undefined);
    const error = failure(line.ask('ping', undefined));
    setTimeout(() => inbox.fail(broken), 10);
    expect(await error).toBe(broken);
    expect(await failure(line.ask('ping', undefined))).toBe(broken);
  });

  it('is no failure of the receiver, and stops nothing', async () => {
    const { line } = await settledLine((_, number) => (number <= 5 ? broken : ACK));
    for (let i = 0; i < 5; i++) expect(await failure(line.ask('ping', undefined))).toBe(broken);
    await settle(line.ask('ping', undefined));
  });

  it('leaves a reply that may still come to nobody', async () => {
    const { line, push, written } = await settledLine((request) =>
      request === ASK_TIME ? broken : '01 0A 00 01 01 1B 25 0B 92 93',
    );
    await failure(line.ask('readSystemTime', undefined));
    setTimeout(() => push(TIME), 700);
    expect(await settle(line.ask('readRtc', undefined))).toEqual({ rtcSeconds: 186_981_121 });
    expect(written().at(-1)).toBe(ASK_RTC);
  });
});

describe('an interrupted request', () => {
  it('makes the next one wait for its reply, and for the end of it', async () => {
    const { line, log, push } = await settledLine((request) =>
      request === ASK_RTC ? TIME : undefined,
    );
    const abort = new AbortController();
    setTimeout(() => abort.abort('enough'), 300);
    expect(await failure(line.ask('readSystemTime', undefined, abort.signal))).toBe('enough');
    log.length = 0;
    setTimeout(() => push('01 0A 00 01 01'), 600);
    setTimeout(() => push('1B 25 0B 92 93'), 700);
    await settle(line.ask('readRtc', undefined));
    expect(log).toEqual(['read 1700', 'read 200', 'read 200', `write ${ASK_RTC}`, 'read 2000']);
  });

  it('that was never sent makes nobody wait for long', async () => {
    const { line, log } = await settledLine(answer);
    const abort = new AbortController();
    const asked = line.ask('readSystemTime', undefined, abort.signal);
    abort.abort('enough');
    expect(await failure(asked)).toBe('enough');
    await settle(line.ask('readRtc', undefined));
    expect(log.filter((entry) => entry.startsWith('read 1'))).toEqual([]);
  });

  it('tells the caller of no sending that did not happen', async () => {
    const { line } = await settledLine(answer);
    const onSend = vi.fn();
    await failure(line.ask('readRtc', undefined, AbortSignal.abort(), onSend));
    expect(onSend).not.toHaveBeenCalled();
    await settle(line.ask('readRtc', undefined, undefined, onSend));
    expect(onSend).toHaveBeenCalledOnce();
  });
});

describe('a request that cannot be made', () => {
  it('is refused before anything is done with the transport', async () => {
    const { line, log } = await settledLine(answer);
    const request = { recordType: 4, firstPage: 0, pageCount: 9 };
    expect(await failure(line.ask('readDatabasePages', request))).toMatchObject({
      name: 'InputError',
      code: 'outOfRange',
    });
    expect(log).toEqual([]);
    await settle(line.ask('ping', undefined));
    expect(log[0]).toBe('read 0');
  });
});

describe('resends', () => {
  it.each([0, 1, 2, 3])('%i: so often a request is sent again', async (resends) => {
    const { line, written } = await settledLine(() => undefined, { resends });
    expect(await failure(line.ask('ping', undefined))).toMatchObject({
      code: 'timeout',
      data: { attempts: resends + 1 },
    });
    expect(written()).toHaveLength(resends + 1);
  });

  it('tell the caller of every sending', async () => {
    const { line } = await settledLine((_, number) => (number < 2 ? undefined : ACK));
    const onSend = vi.fn();
    await settle(line.ask('ping', undefined, undefined, onSend));
    expect(onSend).toHaveBeenCalledTimes(2);
  });
});
