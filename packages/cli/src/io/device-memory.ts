import { join } from 'node:path';
import { makePrivateFolder, readRegularFile, replaceFile } from '@egvkit/node-files';
import type { DeviceFacts, DeviceMemory } from '@egvkit/receiver';

/** Most bytes of the file. A receiver takes only some bytes; a longer file is ignored. */
const MOST_BYTES = 1024 * 1024;

/**
 * Remembers receivers in a file. A file that cannot be read or written is ignored: all it saves is
 * some requests.
 */
export function fileDeviceMemory(folder: string): DeviceMemory {
  const path = join(folder, 'receivers.json');
  return {
    async load(serialNumber) {
      return (await readAll(path)).get(serialNumber);
    },
    async save(serialNumber, facts) {
      try {
        const all = (await readAll(path)).set(serialNumber, facts);
        await makePrivateFolder(folder);
        await replaceFile(path, JSON.stringify(Object.fromEntries(all)));
      } catch {
        // See above.
      }
    },
  };
}

async function readAll(path: string): Promise<Map<string, DeviceFacts>> {
  try {
    const content = await readRegularFile(path, { maxBytes: MOST_BYTES });
    const all: unknown = JSON.parse(content?.toString('utf8') ?? '{}');
    if (typeof all !== 'object' || all === null) return new Map();
    return new Map(
      Object.entries(all).filter((entry): entry is [string, DeviceFacts] => isFacts(entry[1])),
    );
  } catch {
    return new Map();
  }
}

function isFacts(value: unknown): value is DeviceFacts {
  const pages = (value as Partial<DeviceFacts> | null)?.pagesPerRequest;
  return pages === 1 || pages === 2 || pages === 3 || pages === 4;
}
