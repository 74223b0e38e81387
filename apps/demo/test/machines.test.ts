import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AccountEvent, nextAccount, SIGNED_OUT } from '../src/machines/account.ts';
import { type FollowEvent, isStale, NOT_FOLLOWING, nextFollow } from '../src/machines/follow.ts';
import { type FollowersEvent, NO_FOLLOWERS, nextFollowers } from '../src/machines/followers.ts';
import type { Problem } from '../src/machines/problem.ts';
import { problemOf } from '../src/machines/problem.ts';
import { NO_RECEIVER, nextReceiver, type ReceiverEvent } from '../src/machines/receiver.ts';
import { NO_UPLOAD, nextUpload, type UploadStateEvent } from '../src/machines/upload.ts';

const problem: Problem = {
  code: 'unplugged',
  message: 'It is gone.',
  help: 'Plug it in.',
  data: {},
};
const device = { serialNumber: 'SM00000001' } as Extract<
  ReceiverEvent,
  { kind: 'identified' }
>['device'];
const progress = { pagesDone: 4, pagesTotal: 228, records: 120 };

const receiverAfter = (...events: readonly ReceiverEvent[]) =>
  events.reduce(nextReceiver, NO_RECEIVER);
const opened: readonly ReceiverEvent[] = [
  { kind: 'choose', way: 'webSerial' },
  { kind: 'chosen' },
  { kind: 'opened' },
  { kind: 'identified', device },
];

describe('the receiver', () => {
  it('is chosen, opened, identified and read', () => {
    expect(receiverAfter(...opened)).toEqual({
      at: 'open',
      way: 'webSerial',
      device,
      work: { at: 'idle' },
    });
    const reading = receiverAfter(
      ...opened,
      { kind: 'readingBegan' },
      { kind: 'readingProgressed', progress },
    );
    expect(reading).toMatchObject({ work: { at: 'reading', progress } });
  });

  it('counts attempts to open', () => {
    const again = receiverAfter(
      { kind: 'choose', way: 'webUsb' },
      { kind: 'chosen' },
      { kind: 'retried', attempt: 3, attempts: 8, code: 'held' },
    );
    expect(again).toEqual({
      at: 'opening',
      way: 'webUsb',
      retry: { attempt: 3, attempts: 8, code: 'held' },
    });
  });

  it('says that a reading was cancelled, until it is read again', () => {
    const cancelled = receiverAfter(
      ...opened,
      { kind: 'readingBegan' },
      { kind: 'cancel' },
      { kind: 'readingProgressed', progress },
      { kind: 'readingEnded' },
    );
    expect(cancelled).toMatchObject({ work: { at: 'idle' }, wasCancelled: true });
    expect(nextReceiver(cancelled, { kind: 'readingBegan' })).not.toHaveProperty('wasCancelled');
  });

  it('is gone when it was unplugged, and still there after an error that it survives', () => {
    const reading = receiverAfter(...opened, { kind: 'readingBegan' });
    expect(nextReceiver(reading, { kind: 'failed', problem, isOpen: false })).toEqual({
      at: 'none',
      problem,
    });
    expect(nextReceiver(reading, { kind: 'failed', problem, isOpen: true })).toMatchObject({
      at: 'open',
      work: { at: 'idle' },
      problem,
    });
  });

  it('is not read and uploaded from at once', () => {
    const reading = receiverAfter(...opened, { kind: 'readingBegan' });
    expect(nextReceiver(reading, { kind: 'uploadBegan' })).toBe(reading);
    const uploading = receiverAfter(...opened, { kind: 'uploadBegan' });
    expect(nextReceiver(uploading, { kind: 'readingBegan' })).toBe(uploading);
    expect(nextReceiver(uploading, { kind: 'uploadEnded' })).toMatchObject({
      work: { at: 'idle' },
    });
  });

  it('is never open without having been opened, whatever happens in whatever order', () => {
    const events: readonly ReceiverEvent[] = [
      ...opened,
      { kind: 'retried', attempt: 2, attempts: 8, code: 'held' },
      { kind: 'readingBegan' },
      { kind: 'readingProgressed', progress },
      { kind: 'readingEnded' },
      { kind: 'cancel' },
      { kind: 'uploadBegan' },
      { kind: 'uploadEnded' },
      { kind: 'failed', problem, isOpen: true },
      { kind: 'failed', problem, isOpen: false },
      { kind: 'closed' },
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...events), { maxLength: 40 }), (order) => {
        let isOpen = false;
        let state = receiverAfter();
        for (const event of order) {
          const before = state;
          state = nextReceiver(state, event);
          if (state.at === 'open' && before.at !== 'open') {
            expect(event.kind).toBe('opened');
            isOpen = true;
          } else if (state.at !== 'open') isOpen = false;
          expect(state.at === 'open').toBe(isOpen);
        }
      }),
    );
  });
});

const plan = { toSend: 3, oldestMs: 1, newestMs: 2, thereBefore: 0, heldBack: { specialCode: 2 } };
const outcome = {
  posted: 3,
  plan,
  same: 3,
  byOthers: 0,
  missing: 0,
  different: 0,
  notShown: 0,
  open: 0,
};
const uploadAfter = (...events: readonly UploadStateEvent[]) =>
  events.reduce(nextUpload, NO_UPLOAD);

describe('an upload', () => {
  it('goes from looking to done, step by step', () => {
    const events: readonly UploadStateEvent[] = [
      { kind: 'preview' },
      { kind: 'previewed', plan },
      { kind: 'begin' },
      { kind: 'loggedIn' },
      { kind: 'sourceRead' },
      { kind: 'progressed', done: 1, total: 3 },
      { kind: 'posted' },
      { kind: 'checked', outcome },
    ];
    const steps = events.map((_, i) => {
      const state = uploadAfter(...events.slice(0, i + 1));
      return state.at === 'uploading' ? state.step : state.at;
    });
    expect(steps).toEqual([
      'previewing',
      'ready',
      'logIn',
      'clock',
      'reading',
      'posting',
      'checking',
      'done',
    ]);
  });

  it('can be tried again after it failed, with its plan still to be seen', () => {
    const failed = uploadAfter(
      { kind: 'preview' },
      { kind: 'previewed', plan },
      { kind: 'begin' },
      { kind: 'failed', problem },
    );
    expect(failed).toEqual({ at: 'failed', problem, plan });
    expect(nextUpload(failed, { kind: 'begin' })).toMatchObject({ at: 'uploading', plan });
  });

  it('says how far it came when it was cancelled', () => {
    const cancelled = uploadAfter(
      { kind: 'begin' },
      { kind: 'progressed', done: 50, total: 283 },
      { kind: 'cancelled' },
    );
    expect(cancelled).toMatchObject({ at: 'cancelled', done: 50 });
  });

  it('does not begin a second time while it runs', () => {
    const running = uploadAfter({ kind: 'begin' }, { kind: 'progressed', done: 1, total: 3 });
    for (const kind of ['begin', 'preview', 'reset'] as const) {
      expect(nextUpload(running, { kind })).toBe(running);
    }
  });
});

describe('an account', () => {
  const logIn: AccountEvent = { kind: 'logIn', service: 'us', accountName: 'ann' };

  it('is logged in by an answer only, once at a time', () => {
    const signingIn = nextAccount(SIGNED_OUT, logIn);
    expect(nextAccount(SIGNED_OUT, { kind: 'loggedIn' })).toBe(SIGNED_OUT);
    expect(nextAccount(signingIn, logIn)).toBe(signingIn);
    expect(nextAccount(signingIn, { kind: 'loggedIn' })).toEqual({
      at: 'loggedIn',
      service: 'us',
      accountName: 'ann',
    });
    expect(nextAccount(signingIn, { kind: 'refused', problem })).toEqual({
      at: 'signedOut',
      problem,
    });
    expect(nextAccount(signingIn, { kind: 'logOut' })).toBe(SIGNED_OUT);
  });
});

describe('following', () => {
  const NOW_MS = Date.UTC(2026, 5, 1);
  const reading = (utcMs: number) =>
    ({ utcMs, mgDl: 120, status: 'inRange', trend: 'Flat' }) as const;
  const came = (...times: readonly number[]): FollowEvent => ({
    kind: 'came',
    readings: times.map(reading),
    nowMs: NOW_MS,
  });

  it('shows the last 24 hours in order, each reading once', () => {
    const state = (
      [
        { kind: 'start' },
        came(NOW_MS - 300_000),
        came(NOW_MS - 600_000, NOW_MS - 300_000),
        came(NOW_MS - 86_400_001),
      ] satisfies FollowEvent[]
    ).reduce(nextFollow, NOT_FOLLOWING);
    expect(state).toMatchObject({ at: 'following', trouble: undefined });
    expect(state.at === 'following' && state.readings.map(({ utcMs }) => utcMs - NOW_MS)).toEqual([
      -600_000, -300_000,
    ]);
  });

  it('keeps the readings through trouble, and forgets the trouble when one comes', () => {
    const before = ([{ kind: 'start' }, came(NOW_MS)] satisfies FollowEvent[]).reduce(
      nextFollow,
      NOT_FOLLOWING,
    );
    const troubled = nextFollow(before, { kind: 'troubled', problem });
    expect(troubled).toMatchObject({ at: 'following', trouble: problem });
    expect(troubled).toMatchObject({ readings: [reading(NOW_MS)] });
    expect(nextFollow(troubled, came(NOW_MS + 1))).toMatchObject({ trouble: undefined });
  });

  it('hears nothing after it was stopped', () => {
    expect(nextFollow(NOT_FOLLOWING, came(NOW_MS))).toBe(NOT_FOLLOWING);
    expect(nextFollow(NOT_FOLLOWING, { kind: 'failed', problem })).toBe(NOT_FOLLOWING);
  });

  it('calls a reading stale when two should have come since', () => {
    expect(isStale(NOW_MS - 10 * 60_000, NOW_MS)).toBe(false);
    expect(isStale(NOW_MS - 12 * 60_000, NOW_MS)).toBe(true);
  });
});

describe('followers', () => {
  const follower = {
    subscriptionId: 's',
    contactId: 'c',
    name: 'Grandma',
    status: 'invited',
    seesGraph: true,
  } as const;

  it('are changed one at a time, and listed anew', () => {
    const events: readonly FollowersEvent[] = [
      { kind: 'begin', work: 'inviting' },
      { kind: 'begin', work: 'changing' },
      { kind: 'invited', name: 'Grandma' },
      { kind: 'listed', list: [follower] },
    ];
    expect(events.reduce(nextFollowers, NO_FOLLOWERS)).toEqual({
      list: [follower],
      work: undefined,
      problem: undefined,
      invited: 'Grandma',
    });
  });

  it('are forgotten with the account', () => {
    const state = { ...NO_FOLLOWERS, list: [follower] };
    expect(nextFollowers(state, { kind: 'signedOut' })).toBe(NO_FOLLOWERS);
  });
});

describe('a problem', () => {
  it('has code, words and facts of an error of egvkit, and of others only the words', () => {
    const ours = Object.assign(new Error('It is gone.'), {
      code: 'unplugged',
      help: 'Plug it in.',
      data: { path: 'p' },
    });
    expect(problemOf(ours)).toEqual({ ...problem, data: { path: 'p' } });
    expect(problemOf(new Error('Oh'))).toEqual({
      code: 'unknown',
      message: 'Oh',
      help: '',
      data: {},
    });
    expect(problemOf('Oh')).toMatchObject({ code: 'unknown', message: 'Oh' });
    for (const words of [
      'Failed to fetch dynamically imported module: https://example.invalid/assets/part.js',
      'error loading dynamically imported module: https://example.invalid/assets/part.js',
      'Importing a module script failed.',
    ]) {
      expect(problemOf(new TypeError(words))).toMatchObject({ code: 'partMissing' });
    }
  });
});
