import type { SystemSeconds } from '../../clock.ts';
import { u32OrNull } from '../../fields.ts';
import { type Field, layout, u8, u32 } from '../../layout.ts';
import { type Named, namedField } from '../../named.ts';
import { SESSION_STATES } from '../enumerations.ts';
import { type AboutFormat, PREFIX, plain, type RecordBase, type RecordFormat } from './record.ts';
import { ASCII_ID, type TransmitterId } from './transmitter-id.ts';

export type SessionStateName = (typeof SESSION_STATES)[keyof typeof SESSION_STATES];

/** The beginning or the end of a sensor session. */
export interface InsertionRecord extends RecordBase {
  // receiver §5.7
  readonly kind: 'insertion';
  /**
   * Insertion of the sensor; null (0xFFFFFFFF) in records that end a session, whose moment
   * is then their system time.
   */
  readonly insertionSystemSeconds: SystemSeconds | null;
  readonly state: Named<SessionStateName>;
  /** Revision 2 and above: a number of unknown meaning. */
  readonly unknown13?: number;
  /** Revision 2 and above: of the transmitter of this session. */
  readonly transmitter?: TransmitterId;
}

const FIELDS = {
  ...PREFIX,
  insertionSystemSeconds: u32OrNull as Field<SystemSeconds | null>,
  state: namedField(u8, SESSION_STATES),
};

export const INSERTION_FORMATS: readonly RecordFormat<InsertionRecord>[] = [
  {
    ...plain('insertion', layout(FIELDS)),
    recordTypes: [7],
    revisions: { from: 1, to: 1 },
  },
  {
    ...plain('insertion', layout({ ...FIELDS, unknown13: u32, transmitter: ASCII_ID })),
    recordTypes: [7],
    revisions: { from: 2, to: 255 },
  } as RecordFormat<InsertionRecord>,
];

const WORDS = {
  transmitter: 'transmitter id',
  insertionSystemSeconds:
    'time of insertion, system seconds since 2009; 0xFFFFFFFF if there is none',
  unknown13: 'unknown',
  state: 'session state',
} as const;

/** Facts about these layouts by their names, in their order. */
export const about = {
  'Insertion (G4)': {
    doc: 'A sensor session began or ended.',
    evidence: 'captured',
    source: '§5.7',
    words: WORDS,
  },
  'Insertion (G5, G6)': {
    doc: 'A sensor session began or ended.',
    evidence: 'several sources',
    source: '§5.7',
    words: WORDS,
  },
} as const satisfies Record<string, AboutFormat>;
