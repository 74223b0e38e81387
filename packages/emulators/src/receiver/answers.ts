import { displaySeconds, RECEIVER_EPOCH_UNIX_SECONDS, systemSeconds } from '@egvkit/protocol';
import {
  BATTERY_STATES,
  CHARGER_CURRENTS,
  CLOCK_MODES,
  type CommandName,
  type CommandReply,
  type CommandRequest,
  GLUCOSE_UNITS,
  LANGUAGES,
  MAX_PAGES_PER_REQUEST,
  NO_PAGE,
  named,
  PAGE_HEADER,
  PAGE_HEADER_SIZE,
  PAGE_SIZE,
} from '@egvkit/protocol/receiver';
import { settingsRecord, withDisplayOffset } from './history/settings.ts';
import { BUILT_SECONDS } from './history/timeline.ts';
import type { EmulatedReceiverOptions, UnknownReplies } from './options.ts';
import { firmwareHeaderText, partitionInfoText } from './profiles.ts';

/** What a request that makes no sense is answered with, in place of a reply. */
export const REFUSED: unique symbol = Symbol('refused');

/** What a receiver says to every command of the table. */
export type Answers = {
  readonly [Name in CommandName]: (
    request: CommandRequest<Name>,
  ) => CommandReply<Name> | typeof REFUSED;
};

/** Nobody knows what these say (§10.2), except that captured settings named no image (§3.5). */
const OUR_REPLIES: UnknownReplies = {
  hardwareBoardId: Uint8Array.of(0),
  enableSetupWizardFlag: Uint8Array.of(0),
  setupWizardState: Uint8Array.of(0),
  deviceMode: 0,
  firmwareSettings: '<FirmwareSettings FirmwareImageId="" />',
};

/** The answers of one device: they share the clock on the screen, which command 30 sets. */
export function answersOf(options: EmulatedReceiverOptions): Answers {
  const { profile, database, clockErrorSeconds = 0, missingPartition = 'refused' } = options;
  const { nowMs = Date.now, batteryPercent = 84 } = options;
  const { maxPagesPerRequest = MAX_PAGES_PER_REQUEST } = options;
  const unknown = { ...OUR_REPLIES, ...options.unknownReplies };
  const systemOffsetSeconds = BUILT_SECONDS + clockErrorSeconds;
  let displayOffsetSeconds = options.displayOffsetSeconds ?? 0;
  const systemNow = (): number =>
    Math.floor(nowMs() / 1000) - RECEIVER_EPOCH_UNIX_SECONDS + clockErrorSeconds;

  /** A change of the settings leaves a record (inferred, §3.6). */
  function recordSettings(): void {
    const system = systemSeconds(systemNow());
    const newest = database.records(12).findLast((record) => record.kind === 'settings');
    const stamp = { systemSeconds: system, displaySeconds: displaySeconds(0) };
    const before = newest ?? settingsRecord(profile, systemOffsetSeconds, stamp, 0);
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
      const bytes = database.page(recordType, page)?.subarray(0, PAGE_HEADER_SIZE);
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
    // The counter runs true; what is wrong with the internal clock is in the offset.
    readRtc: () => ({ rtcSeconds: systemNow() - systemOffsetSeconds }),
    readBatteryLevel: () => ({ percent: batteryPercent }),
    readSystemTime: () => ({ systemSeconds: systemNow() }),
    readSystemTimeOffset: () => ({ systemOffsetSeconds }),
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
