import { LOSS_SIGNS, type LossSign, type LostTime } from '@egvkit/receiver-emulator';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { HOUR_MS, LOST_MS, type LossWorld, MINUTE_MS, makeLossWorld } from './support/lost-time.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

const SIGNS: readonly (readonly LossSign[])[] = [LOSS_SIGNS, ...LOSS_SIGNS.map((sign) => [sign])];
const cases = (hows: readonly LostTime['how'][], signs: readonly (readonly LossSign[])[]) =>
  hows.flatMap((how) =>
    signs.map((some) => ({
      how,
      signs: some,
      profile: some === LOSS_SIGNS ? ('g6' as const) : ('g4' as const),
      names: some.join(' and ') || 'no sign',
    })),
  );

/** Readings on the service at a time at which nothing was measured. */
function wrong(world: LossWorld) {
  const right = [...world.truth('before'), ...world.truth('after')];
  const keys = new Set(right.map(({ value, utcMs }) => `${value}@${utcMs}`));
  return world.stored().filter(({ value, utcMs }) => !keys.has(`${value}@${utcMs}`));
}

describe('a receiver that lost time in the window, uploaded for the first time three hours later', () => {
  it.each([
    ...cases(['stoodStill'], SIGNS),
    ...cases(['stoodStill'], [[]]).map((one) => ({ ...one, profile: 'g6' as const })),
    ...cases(['ranBack', 'restarted'], [...SIGNS, []]),
  ])(
    'holds back what is before it and brings what is after it: $how, $names',
    async ({ profile, how, signs }) => {
      const world = makeLossWorld({ profile, how, signs });
      world.passLoss(LOST_MS);
      const { plan } = await world.upload();
      const after = world.truth('after');
      expect(after.length).toBeGreaterThan(signs.includes('sessionEnd') ? 5 : 30);
      expect(wrong(world)).toEqual([]);
      // Which side of the loss the first one or two are on, its sign may leave open.
      const [brought, open] = [world.stored(), signs.length === 0 ? 0 : 2];
      expect(after.length - brought.length).toBeLessThanOrEqual(open);
      expect(brought).toEqual(after.slice(after.length - brought.length));
      const held = plan.refused.filter(({ reason }) => reason === 'implausibleTime');
      expect(held.length).toBeGreaterThan(150);
      expect(new Set(held.map(({ timeProblem }) => timeProblem))).toEqual(new Set(['timeLost']));
    },
  );
});

describe('a receiver that loses time between two uploads of one journal', () => {
  it.each([...cases(['stoodStill', 'ranBack', 'restarted'], [LOSS_SIGNS, []])])(
    'never has a reading at a wrong time, and goes on after it: $how, $names',
    async ({ profile, how, signs }) => {
      const world = makeLossWorld({ profile, how, signs });
      await world.upload();
      const first = world.stored();
      expect(first.length).toBeGreaterThan(200);
      // Off from ten minutes after the upload, if it stands still.
      world.passLoss(LOST_MS);
      await world.upload();
      expect(wrong(world)).toEqual([]);
      world.pass(30 * MINUTE_MS);
      await world.upload();
      expect(wrong(world)).toEqual([]);
      world.pass(HOUR_MS);
      const { posted } = await world.upload();
      expect(wrong(world)).toEqual([]);
      expect(posted.length).toBeGreaterThanOrEqual(10);
      expect(world.stored()).toEqual(expect.arrayContaining([...first]));
      const newest = world.truth('after').slice(-posted.length);
      expect(world.stored()).toEqual(expect.arrayContaining([...newest]));
    },
  );
});

describe('a clock that ran back by less than the time between two readings', () => {
  it.each(cases(['ranBack'], SIGNS))(
    'leaves no reading at a wrong time if it leaves a sign: $names',
    async ({ profile, how, signs }) => {
      const world = makeLossWorld({ profile, how, signs, lostMs: 200_000 });
      world.passLoss(LOST_MS);
      await world.upload();
      expect(wrong(world)).toEqual([]);
      expect(world.stored().length).toBeGreaterThan(signs.includes('sessionEnd') ? 5 : 30);
    },
  );
});
