import { outOfRange } from '../../errors/input.ts';
import { ascii, untilNul } from '../../fields.ts';
import { type Field, mapped } from '../../layout.ts';

/** The digits of a packed transmitter id: no I, O, V, Z. */
const ALPHABET = '0123456789ABCDEFGHJKLMNPQRSTUWXY'; // receiver §5.11
const DIGITS = 5;
const BITS = 5;

/** Unpacks an id that a G4 packs into five bits a character. Undefined for a number beyond 25 bits. */
export function unpackTransmitterId(packed: number): string | undefined {
  if (!Number.isInteger(packed) || packed < 0 || packed >= 2 ** (DIGITS * BITS)) return undefined;
  let id = '';
  for (let i = DIGITS - 1; i >= 0; i--) id += ALPHABET[(packed >>> (BITS * i)) & 31];
  return id;
}

/** The number for five characters. Throws `outOfRange` for any other text. */
export function packTransmitterId(id: string): number {
  let packed = 0;
  for (const digit of id) packed = packed * 32 + ALPHABET.indexOf(digit);
  if (id.length !== DIGITS || [...id].some((digit) => !ALPHABET.includes(digit))) {
    throw outOfRange('transmitter id', id, `${DIGITS} of ${ALPHABET}`);
  }
  return packed;
}

/** The transmitter a receiver is paired with, as its settings hold it. */
export interface TransmitterId {
  /** As stored: a packed number on a G4, six characters on others. */
  readonly raw: number | string;
  /** The id as printed; null if what is stored is none. */
  readonly id: string | null;
}

/** A packed id beside its text. */
export function packedTransmitterId(raw: number): TransmitterId {
  return { raw, id: unpackTransmitterId(raw) ?? null };
}

/** Six stored characters beside the id in them. */
export function asciiTransmitterId(raw: string): TransmitterId {
  const id = untilNul(raw).trim();
  return { raw, id: id === '' ? null : id };
}

/** Ids that a receiver leaves the factory with: nobody's transmitter. */
export const FACTORY_TRANSMITTER_IDS: readonly string[] = ['60000', '400000', '888888']; // receiver §5.11

/** Six characters as they are stored. */
export const ASCII_ID: Field<TransmitterId> = mapped(
  ascii(6),
  asciiTransmitterId,
  ({ raw: characters }) => String(characters),
);
