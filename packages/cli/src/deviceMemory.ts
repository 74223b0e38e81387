import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DeviceFacts, DeviceMemory } from '@egvkit/receiver';

/**
 * Remembers receivers in a file. What cannot be read or written is done without: all it saves is
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
        await mkdir(folder, { recursive: true, mode: 0o700 });
        const aside = `${path}.${process.pid}`;
        await writeFile(aside, JSON.stringify(Object.fromEntries(all)), { mode: 0o600 });
        await rename(aside, path);
      } catch {
        // See above.
      }
    },
  };
}

async function readAll(path: string): Promise<Map<string, DeviceFacts>> {
  try {
    const all: unknown = JSON.parse(await readFile(path, 'utf8'));
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
