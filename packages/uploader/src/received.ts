import type { ClockObservation } from '@egvkit/protocol';
import type { Destination } from './destination.ts';
import { UploadError } from './errors.ts';
import type { ReadingSource, SourceDamage, SourceReadings, SourceTime } from './source.ts';

/** Event while a receiver is read. */
export type ReadingEvent =
  | { readonly kind: 'source'; readonly serialNumber: string; readonly clock: ClockObservation }
  /** Told as records are read. */
  | { readonly kind: 'reading'; readonly records: number }
  | { readonly kind: 'damage'; readonly damage: SourceDamage };

interface ReadingOptions {
  readonly source: ReadingSource;
  /** Decides what is read besides readings. */
  readonly destination?: Pick<Destination, 'takesCounts' | 'calibrations'> | undefined;
  readonly nowMs?: (() => number) | undefined;
  readonly onEvent?: ((event: ReadingEvent) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export async function requireSerialNumber({ source, signal }: ReadingOptions): Promise<string> {
  const serialNumber = await source.serialNumber({ signal });
  if (serialNumber === undefined) throw new UploadError('noSerialNumber', {});
  return serialNumber;
}

interface AskedClock extends AsyncDisposable {
  readonly clock: Promise<SourceTime>;
}

/**
 * Begins to read the clock, and tells of it when it is read. Given up at the end of the scope.
 *
 * @param correction time by which this computer's clock is behind the service's, ms
 */
export function askClock(
  { source, onEvent, signal }: ReadingOptions,
  serialNumber: string,
  correction: number,
): AskedClock {
  const stop = new AbortController();
  const either = AbortSignal.any([stop.signal, ...(signal === undefined ? [] : [signal])]);
  const clock = source.clock({ signal: either }).then((observed) => {
    const corrected = { ...observed, hostUnixMs: observed.hostUnixMs + correction };
    onEvent?.({ kind: 'source', serialNumber, clock: corrected });
    return corrected;
  });
  // Whoever waits for it hears of an error.
  clock.catch(() => {});
  return {
    clock,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await Promise.allSettled([clock]);
    },
  };
}

/** Records of a source in the window, and its damaged pages. */
export interface Received {
  readonly candidatesAt: SourceReadings;
  readonly damage: readonly SourceDamage[];
  readonly nowMs: number;
  /** Age of the oldest record that was asked for. */
  readonly windowMs: number;
}

export async function readRecords(
  { source, destination, onEvent, signal, nowMs: hostNowMs = Date.now }: ReadingOptions,
  windowMs: number,
  correction: number,
): Promise<Received> {
  // The source goes by this computer's clock.
  const nowMs = hostNowMs();
  const damage: SourceDamage[] = [];
  let records = 0;
  const candidatesAt = await source.read({
    ...{ nowMs, windowMs, signal },
    ...(destination?.takesCounts && { counts: true }),
    ...(destination?.calibrations && { calibrations: true }),
    onRecord: () => onEvent?.({ kind: 'reading', records: ++records }),
    onDamage: (report) => {
      damage.push(report);
      onEvent?.({ kind: 'damage', damage: report });
    },
  });
  return { candidatesAt, damage, nowMs: nowMs + correction, windowMs };
}
