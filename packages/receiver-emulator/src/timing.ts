import type { CommandName } from '@egvkit/protocol/receiver';
import { seededRandom } from './random.ts';

/** Latency of a reply, from the request to its last byte. */
export interface Latency {
  readonly minMs: number;
  readonly medianMs: number;
  readonly maxMs: number;
}

function latency(minMs: number, medianMs: number, maxMs: number): Latency {
  return { minMs, medianMs, maxMs };
}

const ONE_BYTE = latency(14, 14.9, 15);
const FOUR_BYTES = latency(12.1, 14.2, 15);

/**
 * Latencies measured on a G4. A command that was not measured takes as long as one whose reply has
 * the same size. Page reads are {@link pagesLatency}.
 */
const LATENCIES: Readonly<Record<Exclude<CommandName, 'readDatabasePages'>, Latency>> = {
  // receiver §12.6; the reuse by reply size is our choice.
  ping: latency(13.1, 13.8, 14.5),
  readFirmwareHeader: latency(22.4, 29.6, 38.2),
  readDatabasePartitionInfo: latency(90.4, 96.5, 218.9),
  readDatabasePageRange: latency(10.9, 19.8, 25.9),
  readDatabasePageHeader: latency(12.9, 23.9, 33.5),
  readTransmitterId: latency(16, 16, 16.1),
  readLanguage: latency(12.8, 13.3, 13.8),
  readDisplayTimeOffset: FOUR_BYTES,
  writeDisplayTimeOffset: FOUR_BYTES,
  readRtc: FOUR_BYTES,
  readBatteryLevel: FOUR_BYTES,
  readSystemTime: FOUR_BYTES,
  readSystemTimeOffset: FOUR_BYTES,
  readGlucoseUnit: ONE_BYTE,
  readBlindedMode: latency(7.5, 11.1, 16),
  readClockMode: ONE_BYTE,
  readDeviceMode: ONE_BYTE,
  readBatteryState: ONE_BYTE,
  readHardwareBoardId: ONE_BYTE,
  readFirmwareSettings: latency(158.6, 168.4, 178.1),
  readEnableSetupWizardFlag: ONE_BYTE,
  readSetupWizardState: ONE_BYTE,
  readChargerCurrentSetting: ONE_BYTE,
};

/** Latency of a refusal: never measured, taken from ping. */
const REFUSAL = LATENCIES.ping; // Our choice.

/** The captured rule for the median, and the spread that single pages were seen to have. */
function pagesLatency(pages: number): Latency {
  const medianMs = 20 + 6.6 * pages;
  return latency(0.78 * medianMs, medianMs, 1.2 * medianMs);
}

/** The latency of a reply. Undefined as a command is one that is not in the table. */
export function latencyOf(command: CommandName | undefined, pages: number): Latency {
  if (command === undefined) return REFUSAL;
  return command === 'readDatabasePages' ? pagesLatency(pages) : LATENCIES[command];
}

/** Draws latencies: half below the median, half above, rarely near either end. */
export function seededLatencies(seed: number): (latency: Latency) => number {
  const random = seededRandom(seed);
  return ({ minMs, medianMs, maxMs }) => {
    const end = random.chance(0.5) ? minMs : maxMs;
    // The smaller of two draws: twice as many in the nearer half.
    const distance = Math.min(random.next(), random.next());
    return medianMs + (end - medianMs) * distance;
  };
}
