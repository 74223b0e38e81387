/** CRC-16/XMODEM one bit at a time, as its definition reads: slow, and plainly right. */
export function bitwiseCrc16(bytes: Uint8Array, seed = 0): number {
  let crc = seed;
  for (const byte of bytes) {
    for (let bit = 7; bit >= 0; bit--) {
      const carry = ((crc >> 15) ^ (byte >> bit)) & 1;
      crc = (crc << 1) & 0xffff;
      if (carry) crc ^= 0x1021;
    }
  }
  return crc;
}

/** Writes the right CRC, low byte first, behind `bytes[start, end)`. */
export function sealCrc(bytes: Uint8Array, start: number, end: number): void {
  const crc = bitwiseCrc16(bytes.subarray(start, end));
  bytes[end] = crc & 0xff;
  bytes[end + 1] = crc >> 8;
}
