import { expect, it } from 'vitest';
import { memoryJournal, runUpload, type UploadOptions } from '../src/index.ts';
import { FakeService, NOW_MS, readings, sourceOf } from './support/world.ts';

/** An upload during which this computer's clock is set, between the service's clock and the receiver's. */
function withStep(stepMs: number, more: Partial<UploadOptions> = {}) {
  let nowMs = NOW_MS;
  const service = new FakeService();
  const answer = service.clockOffset.bind(service);
  service.clockOffset = async () => {
    const clock = await answer();
    nowMs += stepMs;
    return clock;
  };
  const upload = runUpload({
    ...{ source: sourceOf(readings(5)), destination: service, journal: memoryJournal() },
    ...{ nowMs: () => nowMs, monotonicMs: () => 0 },
    ...more,
  });
  return { service, upload };
}

it.each([-110_000, -501, 501, 110_000])(
  'an upload sends nothing when this computer’s clock was set by %i ms meanwhile',
  async (stepMs) => {
    const { service, upload } = withStep(stepMs);
    await expect(upload).rejects.toMatchObject({
      code: 'hostClockChanged',
      data: { bySeconds: Math.round(stepMs / 1000) },
    });
    expect(service.posts).toEqual([]);
  },
);

it('an upload goes on when the clock is slewed by less than half a second', async () => {
  const { service, upload } = withStep(400);
  await upload;
  expect(service.values()).toEqual([80, 81, 82, 83, 84]);
});

it('an upload that is given only one clock cannot notice that it was set', async () => {
  const { service, upload } = withStep(3000, { monotonicMs: undefined } as never);
  await upload;
  expect(service.values()).toEqual([80, 81, 82, 83, 84]);
});
