import type { SystemSeconds } from '../../clock.ts';
import { u32OrNull } from '../../fields.ts';
import { type Field, layout, raw, u8 } from '../../layout.ts';
import { type Named, namedField, SESSION_STATES } from '../enumerations.ts';
import { PREFIX, plain, type RecordBase, type RecordFormat } from './record.ts';

export type SessionStateName = (typeof SESSION_STATES)[keyof typeof SESSION_STATES];

/** The beginning or the end of a sensor session (spec/receiver §5.7). */
export interface InsertionRecord extends RecordBase {
  readonly kind: 'insertion';
  /**
   * When the sensor was inserted; null (0xFFFFFFFF) in records that end a session, whose moment
   * is then their system time.
   */
  readonly insertionSystemSeconds: SystemSeconds | null;
  readonly state: Named<SessionStateName>;
  /** Revision 2 and above: ten bytes that nobody knows. */
  readonly unknown13?: Uint8Array;
}

const FIELDS = {
  ...PREFIX,
  insertionSystemSeconds: u32OrNull(
    'time of insertion, system seconds since 2009; 0xFFFFFFFF if there is none',
  ) as Field<SystemSeconds | null>,
  state: namedField(u8('session state'), SESSION_STATES),
};

export const INSERTION_FORMATS: readonly RecordFormat<InsertionRecord>[] = [
  {
    ...plain('insertion', layout(FIELDS)),
    name: 'Insertion (G4)',
    recordTypes: [7],
    revisions: { from: 1, to: 1 },
    doc: 'A sensor session began or ended.',
    evidence: 'captured',
    source: '§5.7',
  },
  {
    ...plain('insertion', layout({ ...FIELDS, unknown13: raw(10, 'unknown') })),
    name: 'Insertion (G5, G6)',
    recordTypes: [7],
    revisions: { from: 2, to: 255 },
    doc: 'A sensor session began or ended.',
    evidence: 'one source',
    source: '§5.7, D8',
  } as RecordFormat<InsertionRecord>,
];
