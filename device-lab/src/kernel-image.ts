/** Kernel and initial disk, ready to run: an emulated processor needs longer to decompress a kernel than to start it. */
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';

/** Of the header of a compressed kernel: where the kernel proper lies, counted from the end of the set-up code. */
const HEADER = { signature: 0x202, setupSectors: 0x1f1, offset: 0x248, length: 0x24c } as const;
const SIGNATURE = 'HdrS';
const SECTOR_BYTES = 512;
/** A number behind the compressed bytes: the length before compression. */
const LENGTH_BYTES = 4;
const XZ = Buffer.from('fd377a585a00', 'hex');
const GZIP = Buffer.from('1f8b', 'hex');
const MOST_BYTES = 256 << 20;
const LIMIT_MS = 2 * 60_000;

/** Writes the kernel that is in a compressed one, as an ELF file that QEMU starts directly. */
export async function unpackKernel(compressed: string, into: string): Promise<void> {
  const file = await readFile(compressed);
  const signature = file.toString('latin1', HEADER.signature, HEADER.signature + SIGNATURE.length);
  if (signature !== SIGNATURE) throw new Error(`${compressed} is no kernel for x86.`);
  const start =
    ((file[HEADER.setupSectors] ?? 0) + 1) * SECTOR_BYTES + file.readUInt32LE(HEADER.offset);
  const payload = file.subarray(start, start + file.readUInt32LE(HEADER.length) - LENGTH_BYTES);
  if (!payload.subarray(0, XZ.length).equals(XZ)) {
    throw new Error(`${compressed} is compressed by something else than xz.`);
  }
  await writeFile(into, await decompressXz(payload));
}

/** Writes an initial disk without its compression. */
export async function unpackInitrd(compressed: string, into: string): Promise<void> {
  const file = await readFile(compressed);
  const isCompressed = file.subarray(0, GZIP.length).equals(GZIP);
  await writeFile(into, isCompressed ? gunzipSync(file) : file);
}

function decompressXz(bytes: Buffer): Promise<Buffer> {
  const options = { encoding: 'buffer', maxBuffer: MOST_BYTES, timeout: LIMIT_MS } as const;
  return new Promise((resolve, reject) => {
    const child = execFile('xz', ['--decompress', '--stdout'], options, (error, out) =>
      error === null ? resolve(out) : reject(error),
    );
    child.stdin?.on('error', () => {}).end(bytes);
  });
}
