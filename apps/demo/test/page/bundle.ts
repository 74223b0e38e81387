import { join } from 'node:path';
import { build } from 'vite';

/** A file of this folder with all that it imports, as one script for a page. */
export async function bundle(file: string): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      write: false,
      minify: false,
      target: 'es2024',
      lib: { entry: join(import.meta.dirname, file), formats: ['iife'], name: 'bundled' },
    },
  });
  const [result] = Array.isArray(built) ? built : [built];
  if (result === undefined || !('output' in result)) throw new Error(`${file} gave no bundle.`);
  return result.output.map((one) => (one.type === 'chunk' ? one.code : '')).join('');
}
