import type { Evidence } from '../evidence.ts';

/** A command that is known by name and never sent. */
interface NeverSentRow {
  readonly code: number;
  /** Reason, without a full stop; part of the error's message. */
  readonly why: string;
  /** Evidence for the name and the number. */
  readonly evidence: Evidence;
  /** The section of spec/receiver that tells it. */
  readonly source: string;
}

/**
 * Commands that a receiver has and that are never sent: dangerous ones, and ones of an
 * unknown format. The rows have no layout, and `prepareRequest` refuses them; they are here so that
 * documents and refusals can name them.
 */
export const NEVER_SENT = {
  // receiver §12.11
  null: {
    code: 0,
    why: 'its meaning is unknown, and some reply arrives all the same',
    evidence: 'unconfirmed',
    source: '§3.1',
  },
  writeTransmitterId: {
    code: 26,
    why: 'its format is unknown, and it would unpair the transmitter',
    evidence: 'unconfirmed',
    source: '§3.1, §10.2',
  },
  writeLanguage: {
    code: 28,
    why: 'its format is unknown',
    evidence: 'unconfirmed',
    source: '§3.1, §10.2',
  },
  resetReceiver: {
    code: 32,
    why: 'it resets the receiver',
    evidence: 'unconfirmed',
    source: '§3.1, §12.11',
  },
  writeSystemTime: {
    code: 36,
    why: 'its format is unknown, and it would break every time that is stored',
    evidence: 'unconfirmed',
    source: '§3.1, §10.2',
  },
  writeGlucoseUnit: {
    code: 38,
    why: 'its format is unknown',
    evidence: 'unconfirmed',
    source: '§3.1, §10.2',
  },
  writeBlindedMode: {
    code: 40,
    why: 'its format is unknown',
    evidence: 'unconfirmed',
    source: '§3.1, §10.2',
  },
  writeClockMode: {
    code: 42,
    why: 'its format is unknown',
    evidence: 'unconfirmed',
    source: '§3.1, §10.2',
  },
  eraseDatabase: {
    code: 45,
    why: 'it erases the database',
    evidence: 'several sources',
    source: '§3.1, §12.11',
  },
  shutdownReceiver: {
    code: 46,
    why: 'it switches the receiver off',
    evidence: 'one source',
    source: '§3.1, §12.11',
  },
  writePcParameters: {
    code: 47,
    why: 'its format is unknown',
    evidence: 'unconfirmed',
    source: '§3.1, §12.11',
  },
  enterFirmwareUpgradeMode: {
    code: 50,
    why: 'it stops the receiver from being one',
    evidence: 'one source',
    source: '§3.1, §12.11',
  },
  readFlashPage: {
    code: 51,
    why: 'it reads raw memory, which nobody needs',
    evidence: 'captured',
    source: '§3.1',
  },
  writeFlashPage: {
    code: 52,
    why: 'it overwrites raw memory',
    evidence: 'one source',
    source: '§3.1, §12.11',
  },
  enterSambaAccessMode: {
    code: 53,
    why: 'it is reported to brick the receiver',
    evidence: 'one source',
    source: '§3.1, §12.11',
  },
  writeEnableSetupWizardFlag: {
    code: 56,
    why: 'its format is unknown',
    evidence: 'one source',
    source: '§3.1, §12.11',
  },
  writeSetupWizardState: {
    code: 58,
    why: 'its format is unknown',
    evidence: 'one source',
    source: '§3.1, §12.11',
  },
  writeChargerCurrentSetting: {
    code: 60,
    why: 'it changes how the battery is charged, and reading a receiver does not need that',
    evidence: 'several sources',
    source: '§3.1, §3.7',
  },
} as const satisfies Readonly<Record<string, NeverSentRow>>;

export type NeverSentName = keyof typeof NEVER_SENT;
