import { explained, type Field } from './layout.ts';

/** A value as it came beside its name: the shape of everything that is stored or sent as a code. */
export interface Named<Name extends string, Raw = number> {
  /** The value as it was stored or sent. */
  readonly raw: Raw;
  /** `unknown` where no source has a name for the value. */
  readonly name: Name | 'unknown';
}

type Names = Readonly<Record<number, string>>;

/** Finds the name of a raw value. */
export function named<T extends Names>(names: T, raw: number): Named<T[keyof T & number]> {
  return { raw, name: (names[raw] as T[keyof T & number] | undefined) ?? 'unknown' };
}

/** Makes a number field that is read with its name. */
export function namedField<T extends Names>(
  field: Field<number>,
  names: T,
): Field<Named<T[keyof T & number]>> {
  return explained(field, (raw) => named(names, raw));
}
