import { readFile } from 'node:fs/promises';
import { readDecodeInput } from './decodeInput.ts';
import type { DecodedItem } from './decodeItems.ts';
import { packetItems } from './decodePackets.ts';
import { pageItems } from './decodePages.ts';
import { EXIT, type ExitCode } from './failure.ts';
import type { Io } from './io.ts';
import { jsonLine } from './jsonLine.ts';
import { parseWords } from './uploadOptions.ts';
import { UsageError } from './usage.ts';

const FLAGS = { json: { type: 'boolean' }, verbose: { type: 'boolean' } } as const;

const DECODERS: Readonly<Record<string, (bytes: Uint8Array) => Iterable<DecodedItem>>> = {
  packet: packetItems,
  page: (bytes) => pageItems(bytes),
};

/**
 * Decodes packets or pages from a file or standard input into NDJSON. Ends with 1 if anything
 * was damaged.
 */
export async function decodeCommand(args: readonly string[], io: Io): Promise<ExitCode> {
  const { words } = parseWords(args, FLAGS);
  const [what, file = '-', ...more] = words;
  const decode = what !== undefined && Object.hasOwn(DECODERS, what) ? DECODERS[what] : undefined;
  if (decode === undefined || more.length > 0) {
    throw new UsageError('Say what to decode: egvkit decode packet|page [FILE|-].');
  }
  const input = readDecodeInput(await readInput(file, io));
  let damaged = false;
  const items = 'bytes' in input ? decode(input.bytes) : [{ kind: 'damage', length: 1, ...input }];
  for (const item of items) {
    damaged ||= item.kind === 'damage';
    io.write(jsonLine(item));
  }
  return damaged ? EXIT.failed : EXIT.ok;
}

async function readInput(file: string, io: Io): Promise<Uint8Array> {
  if (file === '-') return await io.readInput();
  try {
    return await readFile(file, { signal: io.signal });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const why = WHY[String(code)];
    if (why === undefined) throw error;
    throw new UsageError(`${file} cannot be read: ${why}.`);
  }
}

const WHY: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'that is not permitted',
  EISDIR: 'it is a folder',
};
