import { EgvkitError, systemTimeToUtcMs, type TrendName } from '@egvkit/protocol';
import type { EgvRecord } from '@egvkit/protocol/receiver';
import { Receiver, recordTypeOf } from '@egvkit/receiver';
import { type FoundReceiver, openSerial } from '@egvkit/receiver-serial';
import { fileDeviceMemory } from '../../io/device-memory.ts';
import type { Io } from '../../io/io.ts';
import { stateFolder } from '../../io/state-path.ts';
import type { TimeDoubt } from '../../output/time.ts';
import { askTimeDoubts } from '../read/time-doubt.ts';

/** A receiver by its own account; null is what it does not say. */
export interface SeenReceiver extends FoundReceiver {
  readonly product: string | null;
  readonly serialNumber: string | null;
  /** Null if it has none. */
  readonly newest: NewestReading | null;
}

/** The newest reading of a receiver, which may be a special code. */
export interface NewestReading {
  readonly utcMs: number;
  readonly timeDoubt: TimeDoubt | null;
  /** Value as stored: below 20 it is a special code, no glucose. */
  readonly value: number;
  readonly trend: TrendName | 'unknown';
}

/** A receiver that could not be asked. */
export interface SilentReceiver extends FoundReceiver {
  readonly problem: EgvkitError;
}

/** Asks a receiver that was found for what tells it from others. One attempt; throws only if aborted. */
export async function askFound(
  found: FoundReceiver,
  { signal, sleep, env }: Io,
): Promise<SeenReceiver | SilentReceiver> {
  try {
    const transport = await openSerial(found.path, { attempts: 1, signal, sleep });
    const memory = fileDeviceMemory(stateFolder(env));
    await using receiver = await Receiver.open(transport, { signal, memory });
    const { firmware, serialNumber = null } = await receiver.identify({ signal });
    const product = firmware?.productName ?? null;
    return { ...found, product, serialNumber, newest: await newestReading(receiver, signal) };
  } catch (problem) {
    if (!(problem instanceof EgvkitError) || signal.aborted) throw problem;
    return { ...found, problem };
  }
}

async function newestReading(
  receiver: Receiver,
  signal: AbortSignal,
): Promise<NewestReading | null> {
  const clock = await receiver.clock({ signal });
  let newest: EgvRecord | undefined;
  // A page that is damaged is told of by `egvkit read`.
  for await (const record of receiver.records('egv', { signal, onDamage: () => {} })) {
    if (record.kind !== 'egv') continue;
    newest = record;
    break;
  }
  if (newest === undefined) return null;
  const recordType = recordTypeOf('egv');
  const doubtsOf = await askTimeDoubts(receiver, { recordType, clock, since: undefined, signal });
  return {
    utcMs: systemTimeToUtcMs(newest.systemSeconds, clock),
    timeDoubt: doubtsOf([newest]).get(newest) ?? null,
    value: newest.glucose.value,
    trend: newest.trend.arrow.name,
  };
}
