import { disposing } from './disposing.ts';
import { correctionMs } from './host-clock.ts';
import type { JournalView } from './journal.ts';
import { makePlan, windowOf, withLostTime } from './plan-inputs.ts';
import { askClock, readRecords, requireSerialNumber } from './received.ts';
import type { UploadOptions, UploadResult } from './run.ts';
import type { DestinationLimits } from './uploaded-data.ts';

/** Decision about a receiver's records, with nothing sent: see {@link previewUpload}. */
export type UploadPreview = Pick<
  UploadResult,
  'serialNumber' | 'clock' | 'nowMs' | 'plan' | 'damage'
>;

/** Of an upload only what reads; without a journal everything counts as new. */
export type PreviewOptions = Omit<
  UploadOptions,
  'destination' | 'journal' | 'assignReceiver' | 'batchSize'
> & {
  /** Limits of the destination: `SHARE_LIMITS` for Share. */
  readonly limits: DestinationLimits;
  readonly journal?: JournalView | undefined;
};

/**
 * Says what an upload would do by what the receiver and the journal tell. Asks nothing of the
 * service and changes nothing.
 */
export async function previewUpload(options: PreviewOptions): Promise<UploadPreview> {
  const { nowMs = Date.now } = options;
  const correction = correctionMs(nowMs(), undefined);
  const serialNumber = await requireSerialNumber(options);
  return await disposing(askClock(options, serialNumber, correction), async (asked) => {
    const received = await readRecords(options, windowOf(options, options.limits), correction);
    const clock = await asked.clock;
    const { damage } = received;
    const candidates = withLostTime(received.candidatesAt, clock, options.journal);
    const input = { ...received, clock, candidates, limits: options.limits };
    const plan = makePlan(input, options.journal, undefined);
    options.onEvent?.({ kind: 'planned', plan });
    return { serialNumber, clock, nowMs: () => nowMs() + correction, damage, plan };
  });
}
