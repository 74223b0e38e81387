import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import type { Report } from './report.ts';

const CLIENT = fileURLToPath(import.meta.resolve('@egvkit/share-http'));

/** What a browser downloads for an import: bundled, minified, gzipped. */
async function weigh(code: string): Promise<{ minified: number; gzipped: number }> {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: import.meta.dirname },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2024',
    write: false,
  });
  const bundle = outputFiles[0]?.contents ?? new Uint8Array();
  return { minified: bundle.length, gzipped: gzipSync(bundle, { level: 9 }).length };
}

/** What a client that logs in and reads may weigh, zod included. */
const MOST_BYTES = 12_000;

/** What clients cost a page to download. */
export async function benchSize(report: Report): Promise<void> {
  report.heading('Size of the Share client, with everything it needs');
  for (const [what, names] of [
    ['ShareReader with watchReadings', 'ShareReader, watchReadings'],
    ['ShareClient', 'ShareClient'],
  ] as const) {
    const { gzipped } = await weigh(`export { ${names} } from ${JSON.stringify(CLIENT)};`);
    report.number(`${what}, min + gzip`, gzipped, 'bytes');
  }
  const { minified, gzipped } = await weigh(
    `export { ShareReader } from ${JSON.stringify(CLIENT)};`,
  );
  report.number('ShareReader: logs in and reads, minified', minified, 'bytes');
  const what = 'ShareReader: logs in and reads, min + gzip';
  report.atMost(what, gzipped, MOST_BYTES, 'bytes');
}
