import { join } from 'node:path';
import { build } from 'esbuild';
import { HERE } from './programs.ts';

/** A built file with all that it imports, as what has no node_modules needs it. */
export async function bundle(file: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(HERE, 'dist', file)],
    bundle: true,
    format: 'esm',
    platform: 'browser',
    write: false,
    logLevel: 'silent',
  });
  return outputFiles.map(({ text }) => text).join('');
}
