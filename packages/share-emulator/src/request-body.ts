/** Reads a text that arrives in pieces; gives undefined as soon as it is longer than allowed. */
export async function readText(
  pieces: AsyncIterable<Uint8Array> | null,
  maxBytes: number,
): Promise<string | undefined> {
  if (pieces === null) return '';
  const decoder = new TextDecoder();
  let read = '';
  let size = 0;
  for await (const piece of pieces) {
    size += piece.length;
    if (size > maxBytes) return undefined;
    read += decoder.decode(piece, { stream: true });
  }
  return read + decoder.decode();
}
