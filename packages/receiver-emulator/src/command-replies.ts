import { displaySeconds, systemSeconds } from '@egvkit/protocol';
import type { CommandName, CommandReply, CommandRequest } from '@egvkit/protocol/receiver';
import {
  BATTERY_STATES,
  CHARGER_CURRENTS,
  CLOCK_MODES,
  GLUCOSE_UNITS,
  LANGUAGES,
  MAX_PAGES_PER_REQUEST,
  NO_PAGE,
  named,
  PAGE_HEADER,
  PAGE_HEADER_SIZE,
  PAGE_SIZE,
} from '@egvkit/protocol/receiver/wire';
import { InternalClock } from './history/internal-clock.ts';
import { settingsRecord, withDisplayOffset } from './history/settings.ts';
import type { EmulatedReceiverOptions, UnknownReplies } from './options.ts';
import { firmwareHeaderText, partitionInfoText } from './profiles.ts';

/** Ours; see the option. */
export const CLOCK_PHASE_MS = 370;

/** Answer to a request that makes no sense, in place of a reply. */
export const REFUSED: unique symbol = Symbol('refused');

/** Replies of a receiver to every command of the table. */
export type Answers = {
  readonly [Name in CommandName]: (
    request: CommandRequest<Name>,
  ) => CommandReply<Name> | typeof REFUSED;
};

/** Nobody knows what these say, except that captured settings named no image. */
const OUR_REPLIES: UnknownReplies = {
  // receiver §10.2, §3.5
  hardwareBoardId: Uint8Array.of(0),
  enableSetupWizardFlag: Uint8Array.of(0),
  setupWizardState: Uint8Array.of(0),
  deviceMode: 0,
  firmwareSettings: '<FirmwareSettings FirmwareImageId="" />',
};

/** The answers of one device: they share the clock on the screen, which command 30 sets. */
export function answersOf(options: EmulatedReceiverOptions): Answers {
  const { profile, database, missingPartition = 'refused' } = options;
  const { nowMs = Date.now, batteryPercent = 84, clockPhaseMs = CLOCK_PHASE_MS } = options;
  const { maxPagesPerRequest = MAX_PAGES_PER_REQUEST } = options;
  const unknown = { ...OUR_REPLIES, ...options.unknownReplies };
  const clock = new InternalClock(options);
  let displayOffsetSeconds = options.displayOffsetSeconds ?? 0;
  const systemNow = (): number => clock.system(nowMs() - clockPhaseMs);
  const offsetNow = (): number => clock.systemOffsetSeconds(nowMs() - clockPhaseMs);

  /** A change of the settings leaves a record (inferred). */
  function recordSettings(): void {
    // receiver §3.6
    const system = systemSeconds(systemNow());
    const newest = database.records(12).findLast((record) => record.kind === 'settings');
    const stamp = { systemSeconds: system, displaySeconds: displaySeconds(0) };
    const before = newest ?? settingsRecord(profile, offsetNow(), stamp, 0);
    database.append([withDisplayOffset(before, system, displayOffsetSeconds)]);
  }

  return {
    ping: () => undefined,
    readFirmwareHeader: () => firmwareHeaderText(profile),
    readDatabasePartitionInfo: () => partitionInfoText(database.partitions()),
    readDatabasePageRange: ({ recordType }) => {
      if (!database.has(recordType) && missingPartition === 'refused') return REFUSED;
      return database.pageRange(recordType) ?? { first: NO_PAGE, last: NO_PAGE };
    },
    readDatabasePages: ({ recordType, firstPage, pageCount }) => {
      if (pageCount < 1 || pageCount > maxPagesPerRequest) return REFUSED;
      const pages = new Uint8Array(pageCount * PAGE_SIZE);
      for (let i = 0; i < pageCount; i++) {
        const page = database.page(recordType, firstPage + i);
        if (page === undefined) return REFUSED;
        pages.set(page, i * PAGE_SIZE);
      }
      return pages;
    },
    readDatabasePageHeader: ({ recordType, page }) => {
      const bytes = database.page(recordType, page)?.slice(0, PAGE_HEADER_SIZE);
      return bytes === undefined ? REFUSED : PAGE_HEADER.decode(bytes);
    },
    readTransmitterId: () => profile.transmitterId,
    readLanguage: () => ({ language: named(LANGUAGES, 1033) }),
    readDisplayTimeOffset: () => ({ displayOffsetSeconds }),
    writeDisplayTimeOffset: (request) => {
      displayOffsetSeconds = request.displayOffsetSeconds;
      database.setDisplayOffset(displayOffsetSeconds);
      recordSettings();
    },
    // What is wrong with the internal clock is in the offset, unless the counter itself lost time.
    readRtc: () => ({ rtcSeconds: (systemNow() - offsetNow()) >>> 0 }),
    readBatteryLevel: () => ({ percent: batteryPercent }),
    readSystemTime: () => ({ systemSeconds: systemNow() }),
    readSystemTimeOffset: () => ({ systemOffsetSeconds: offsetNow() }),
    readGlucoseUnit: () => ({ unit: named(GLUCOSE_UNITS, 1) }),
    readBlindedMode: () => ({ blinded: { raw: 0, blinded: false } }),
    readClockMode: () => ({ mode: named(CLOCK_MODES, 0) }),
    readDeviceMode: () => ({ mode: unknown.deviceMode }),
    readBatteryState: () => ({ state: named(BATTERY_STATES, 1) }),
    readHardwareBoardId: () => unknown.hardwareBoardId,
    readFirmwareSettings: () => unknown.firmwareSettings,
    readEnableSetupWizardFlag: () => unknown.enableSetupWizardFlag,
    readSetupWizardState: () => unknown.setupWizardState,
    readChargerCurrentSetting: () => ({
      current: named(CHARGER_CURRENTS, 1),
      more: new Uint8Array(0),
    }),
  };
}
