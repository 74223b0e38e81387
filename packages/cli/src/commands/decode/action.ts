import { setImmediate } from 'node:timers/promises';
import { readFileInput } from '../../io/file-input.ts';
import type { Io } from '../../io/io.ts';
import { EXIT, type ExitCode } from '../../output/exit-codes.ts';
import { jsonLine } from '../../output/json-line.ts';
import { decodeInput } from './input.ts';
import type { DamageItem, DecodedItem, ItemDecoder } from './items.ts';
import type { DecodeKind } from './kinds.ts';
import { PacketItems } from './packets.ts';
import { PageItems } from './pages.ts';

const DECODERS: Readonly<Record<DecodeKind, () => ItemDecoder>> = {
  packet: () => new PacketItems(),
  page: () => new PageItems(),
};

/**
 * Decodes packets or pages from a file or standard input into NDJSON, as they come. Ends
 * with `damaged` if any of them are.
 */
export async function decodeBytes(
  kind: DecodeKind,
  file: string | undefined,
  io: Io,
): Promise<ExitCode> {
  const decoder = DECODERS[kind]();
  let damaged = false;
  const tell = (items: Iterable<DecodedItem>): void => {
    for (const item of items) {
      damaged ||= item.kind === 'damage';
      io.write(jsonLine(item));
    }
  };
  const given =
    file === undefined || file === '-' ? io.readInput() : readFileInput(file, io.signal);
  for await (const input of decodeInput(given)) {
    tell('bytes' in input ? decoder.push(input.bytes) : [...decoder.end(), damageAt(input)]);
    // What is being decoded is in memory already: signals are heard between its pieces.
    await setImmediate();
    io.signal.throwIfAborted();
  }
  tell(decoder.end());
  return damaged ? EXIT.damaged : EXIT.ok;
}

function damageAt(problem: { readonly offset: number; readonly reason: string }): DamageItem {
  return { kind: 'damage', length: 1, ...problem };
}
