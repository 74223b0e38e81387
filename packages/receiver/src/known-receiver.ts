import type { DeviceMemory } from './device-memory.ts';
import { ReceiverError } from './errors.ts';
import { readSerialNumber } from './identity.ts';
import type { PageReader } from './pages.ts';

/** Applies what is remembered of this receiver, and remembers what is learnt from now on. */
export async function useMemory(
  reader: PageReader,
  memory: DeviceMemory,
  signal: AbortSignal | undefined,
): Promise<void> {
  let serialNumber: string | undefined;
  try {
    serialNumber = await readSerialNumber(reader, signal);
  } catch (error) {
    // A damaged page must not keep anybody from reading the others.
    if (!(error instanceof ReceiverError) || error.code !== 'badPage') throw error;
  }
  if (serialNumber === undefined) return;
  const known = serialNumber;
  const facts = await memory.load(known);
  if (facts !== undefined) reader.limit(facts.pagesPerRequest);
  reader.onFallBack = async () => {
    await memory.save(known, { pagesPerRequest: reader.pagesPerRequest });
  };
}
