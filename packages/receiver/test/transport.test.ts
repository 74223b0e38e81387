import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ReceiverError } from '../src/errors.ts';
import { Inbox } from '../src/transport.ts';

const bytes = (...values: number[]) => Uint8Array.from(values);
const unplugged = () => new ReceiverError('unplugged', { path: 'port' });

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('what a read gives', () => {
  it('gives the only chunk itself, without a copy', async () => {
    const inbox = new Inbox('port');
    const chunk = bytes(1, 2, 3);
    inbox.push(chunk);
    expect(await inbox.read(0)).toBe(chunk);
  });

  it('joins what has arrived since the last read', async () => {
    const inbox = new Inbox('port');
    inbox.push(bytes(1));
    inbox.push(bytes());
    inbox.push(bytes(2, 3));
    expect(await inbox.read(0)).toEqual(bytes(1, 2, 3));
    expect(await inbox.read(0)).toEqual(bytes());
  });

  it('gives a waiting read the first chunk and keeps what follows', async () => {
    const inbox = new Inbox('port');
    const read = inbox.read(1000);
    inbox.push(bytes(1));
    inbox.push(bytes(2));
    expect(await read).toEqual(bytes(1));
    expect(await inbox.read(0)).toEqual(bytes(2));
  });

  it('is not woken by an empty chunk, which would look like a timeout', async () => {
    const inbox = new Inbox('port');
    const read = inbox.read(1000);
    inbox.push(bytes());
    inbox.push(bytes(7));
    expect(await read).toEqual(bytes(7));
  });

  it('forgets what is discarded', async () => {
    const inbox = new Inbox('port');
    inbox.push(bytes(1));
    inbox.discard();
    inbox.push(bytes(2));
    expect(await inbox.read(0)).toEqual(bytes(2));
  });
});

describe('waiting', () => {
  it('gives an empty array exactly at the timeout', async () => {
    const inbox = new Inbox('port');
    let read: Uint8Array | undefined;
    const reading = inbox.read(250).then((result) => {
      read = result;
    });
    await vi.advanceTimersByTimeAsync(249);
    expect(read).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1);
    await reading;
    expect(read).toEqual(bytes());
  });

  it.each([Number.POSITIVE_INFINITY, 2 ** 40])(
    'waits %d ms, more than a timer holds, without one',
    async (timeoutMs) => {
      const inbox = new Inbox('port');
      const read = inbox.read(timeoutMs);
      expect(vi.getTimerCount()).toBe(0);
      inbox.push(bytes(1));
      expect(await read).toEqual(bytes(1));
    },
  );

  it.each([-1, Number.NaN])('refuses a timeout of %d', async (timeoutMs) => {
    await expect(new Inbox('port').read(timeoutMs)).rejects.toMatchObject({ code: 'outOfRange' });
  });

  it('refuses a second reader and serves the first', async () => {
    const inbox = new Inbox('port');
    const first = inbox.read(1000);
    await expect(inbox.read(0)).rejects.toMatchObject({ code: 'busy', data: { path: 'port' } });
    inbox.push(bytes(5));
    expect(await first).toEqual(bytes(5));
  });
});

describe('aborting', () => {
  it('throws the reason and leaves the bytes for the next read', async () => {
    const inbox = new Inbox('port');
    inbox.push(bytes(1));
    const reason = new Error('enough');
    await expect(inbox.read(0, AbortSignal.abort(reason))).rejects.toBe(reason);
    expect(await inbox.read(0)).toEqual(bytes(1));
  });

  it('ends a waiting read at once', async () => {
    const inbox = new Inbox('port');
    const abort = new AbortController();
    const read = inbox.read(1000, abort.signal);
    const reason = new Error('enough');
    abort.abort(reason);
    await expect(read).rejects.toBe(reason);
    inbox.push(bytes(2));
    expect(await inbox.read(0)).toEqual(bytes(2));
  });
});

describe('the end', () => {
  it('gives the bytes first, then the failure, each time', async () => {
    const inbox = new Inbox('port');
    inbox.push(bytes(1));
    const error = unplugged();
    inbox.fail(error);
    inbox.fail(new Error('a later one'));
    inbox.push(bytes(2));
    expect(inbox.ended).toBe(true);
    expect(await inbox.read(1000)).toEqual(bytes(1));
    await expect(inbox.read(1000)).rejects.toBe(error);
    await expect(inbox.read(0)).rejects.toBe(error);
    expect(() => inbox.assertOpen()).toThrow(error);
  });

  it('fails a waiting read when the port fails', async () => {
    const inbox = new Inbox('port');
    const read = inbox.read(1000);
    const error = unplugged();
    inbox.fail(error);
    await expect(read).rejects.toBe(error);
  });

  it('says closed after closing, also when the port had failed, and drops what was unread', async () => {
    const inbox = new Inbox('port');
    inbox.assertOpen();
    inbox.push(bytes(1));
    inbox.fail(unplugged());
    inbox.close();
    inbox.close();
    await expect(inbox.read(0)).rejects.toMatchObject({ code: 'closed' });
    expect(() => inbox.assertOpen()).toThrow(ReceiverError);
  });

  it('fails a waiting read with closed', async () => {
    const inbox = new Inbox('port');
    const read = inbox.read(1000);
    inbox.close();
    await expect(read).rejects.toMatchObject({ code: 'closed', data: { path: 'port' } });
  });
});

it.each([
  ['bytes', (inbox: Inbox) => inbox.push(bytes(1))],
  ['a failure', (inbox: Inbox) => inbox.fail(unplugged())],
  ['closing', (inbox: Inbox) => inbox.close()],
  ['the timeout', () => void vi.advanceTimersByTime(1000)],
])('leaves neither timer nor listener behind when %s ends a read', async (_, end) => {
  const inbox = new Inbox('port');
  const listeners = new Set<() => void>();
  const signal = {
    aborted: false,
    reason: undefined,
    addEventListener: (_type: 'abort', listener: () => void) => void listeners.add(listener),
    removeEventListener: (_type: 'abort', listener: () => void) => void listeners.delete(listener),
  };
  const read = inbox.read(1000, signal);
  expect([vi.getTimerCount(), listeners.size]).toEqual([1, 1]);
  end(inbox);
  await Promise.allSettled([read]);
  expect([vi.getTimerCount(), listeners.size]).toEqual([0, 0]);
});

type Step = { push: Uint8Array } | { read: number } | { abort: true };

it('gives every byte once and in order, whatever is read, timed out and aborted in between', async () => {
  const steps = fc.array(
    fc.oneof(
      fc.record({ push: fc.uint8Array({ maxLength: 5 }) }),
      fc.record({ read: fc.constantFrom(0, 1) }),
      fc.record({ abort: fc.constant(true as const) }),
    ),
    { maxLength: 40 },
  );
  await fc.assert(
    fc.asyncProperty(steps, async (plan: readonly Step[]) => {
      const inbox = new Inbox('port');
      const sent: number[] = [];
      const got: number[] = [];
      for (const step of plan) {
        if ('push' in step) {
          sent.push(...step.push);
          inbox.push(step.push);
        } else if ('read' in step) {
          const read = inbox.read(step.read);
          await vi.advanceTimersByTimeAsync(1);
          got.push(...(await read));
        } else {
          const abort = new AbortController();
          const read = inbox.read(1, abort.signal);
          abort.abort('stop');
          const [outcome] = await Promise.allSettled([read]);
          if (outcome.status === 'fulfilled') got.push(...outcome.value);
        }
      }
      got.push(...(await inbox.read(0)));
      expect(got).toEqual(sent);
      expect(vi.getTimerCount()).toBe(0);
    }),
  );
});

describe('a port that floods', () => {
  it('fails with what happened, and keeps nothing', async () => {
    const inbox = new Inbox('port');
    for (let i = 0; i < 256; i++) inbox.push(new Uint8Array(1024));
    expect(inbox.ended).toBe(false);
    inbox.push(bytes(1));
    await expect(inbox.read(0)).rejects.toMatchObject({
      code: 'flooded',
      data: { path: 'port', limitBytes: 262_144 },
    });
  });

  it('may send as much as it likes to somebody who reads', async () => {
    const inbox = new Inbox('port');
    for (let i = 0; i < 20; i++) {
      inbox.push(new Uint8Array(65_536));
      expect(await inbox.read(0)).toHaveLength(65_536);
    }
  });
});
