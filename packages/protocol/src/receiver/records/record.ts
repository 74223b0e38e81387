import type { DisplaySeconds, SystemSeconds } from '../../clock.ts';
import type { Evidence } from '../../evidence.ts';
import {
  type Field,
  type FieldDescription,
  type FieldWords,
  type Layout,
  u32,
} from '../../layout.ts';

/** Fields of every record: its common prefix and its place in a page. */
export interface RecordBase {
  readonly recordType: number;
  readonly revision: number;
  /** Running index within its type; with the type a key that stays. */
  readonly index: number;
  /** Time of storing, on the internal clock. */
  readonly systemSeconds: SystemSeconds;
  /** Time of storing, as the screen showed it. */
  readonly displaySeconds: DisplaySeconds;
}

/** Origin of a record: told by its page, not by its own bytes. */
export interface RecordOrigin {
  readonly recordType: number;
  readonly revision: number;
  readonly index: number;
}

/**
 * Layout of the records of some types and revisions. `size` counts the CRC; the layout does
 * not, since the page writes and checks it.
 */
export interface RecordFormat<R extends RecordBase = RecordBase> {
  readonly recordTypes: readonly number[];
  readonly revisions: { readonly from: number; readonly to: number };
  /** Bytes of a record with its CRC. */
  readonly size: number;
  readonly fields: readonly FieldDescription[];
  /** Reads the record that begins at `base`; its CRC has been checked. */
  readonly read: (bytes: Uint8Array, base: number, origin: RecordOrigin) => R;
  /** Writes everything but the CRC. */
  readonly write: (bytes: Uint8Array, base: number, record: R) => void;
}

/** Further facts about a layout, for people; apart, so that a driver does not carry them along. */
export interface AboutFormat {
  readonly doc: string;
  readonly evidence: Evidence;
  /** The section of spec/receiver that tells it. */
  readonly source: string;
  /** Words about the fields beyond those of every record. */
  readonly words: FieldWords;
}

export const RECORD_CRC_SIZE = 2;

/** A u32 of the internal clock. */
export const systemTime: Field<SystemSeconds> = u32 as Field<unknown> as Field<SystemSeconds>;

/** A u32 of the clock on the screen. */
export const displayTime: Field<DisplaySeconds> = u32 as Field<unknown> as Field<DisplaySeconds>;

/** The first two fields of every record. */
export const PREFIX: {
  readonly systemSeconds: Field<SystemSeconds>;
  readonly displaySeconds: Field<DisplaySeconds>;
} = { systemSeconds: systemTime, displaySeconds: displayTime };

/** Words about them. */
export const PREFIX_WORDS = {
  systemSeconds: 'system time, seconds since 2009',
  displaySeconds: 'display time, seconds since 2009',
} as const;

/** The parts of a format that follow from its layout. */
export function laidOut<Value extends object>(
  layout: Layout<Value>,
): {
  readonly size: number;
  readonly fields: readonly FieldDescription[];
  readonly write: Layout<Value>['write'];
} {
  return { size: layout.size + RECORD_CRC_SIZE, fields: layout.fields, write: layout.write };
}

/** Reader and writer of a format whose records are just their fields. */
export function plain<Kind extends string, Value extends object>(
  kind: Kind,
  layout: Layout<Value>,
): {
  readonly size: number;
  readonly fields: readonly FieldDescription[];
  readonly read: (
    bytes: Uint8Array,
    base: number,
    origin: RecordOrigin,
  ) => Value & RecordOrigin & { readonly kind: Kind };
  readonly write: Layout<Value>['write'];
} {
  return {
    ...laidOut(layout),
    read: (bytes, base, origin) => ({ kind, ...origin, ...layout.read(bytes, base) }),
  };
}

/** Finds the layout of a record type at a revision; undefined if it is unknown. */
export type FindFormat<R extends RecordBase = RecordBase> = (
  recordType: number,
  revision: number,
) => RecordFormat<R> | undefined;

/** Makes a search through these layouts; it must not cost more than the checksums of a page. */
// @__NO_SIDE_EFFECTS__
export function formatFinder<R extends RecordBase>(
  formats: readonly RecordFormat<R>[],
): FindFormat<R> {
  const byKey = new Map<number, RecordFormat<R>>();
  for (const format of formats) {
    const { from, to } = format.revisions;
    for (const recordType of format.recordTypes) {
      for (let at = from; at <= to; at++) byKey.set(keyOf(recordType, at), format);
    }
  }
  return (recordType, revision) => byKey.get(keyOf(recordType, revision));
}

function keyOf(recordType: number, revision: number): number {
  return recordType * 256 + revision;
}
