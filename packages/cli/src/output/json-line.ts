/** A value as one line of NDJSON: bytes as hexadecimal, null for what is unknown. */
export function jsonLine(value: unknown): string {
  return `${JSON.stringify(value, asJson)}\n`;
}

/** Bytes as hexadecimal, the way they are written everywhere here: `0a ff` without the blank. */
export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function asJson(_key: string, value: unknown): unknown {
  if (value === undefined) return null;
  return value instanceof Uint8Array ? hex(value) : value;
}
