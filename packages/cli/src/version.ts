import { readFile } from 'node:fs/promises';

/** The version of this package. Its manifest lies above `src` and `dist` alike. */
export async function packageVersion(): Promise<string> {
  const manifest = await readFile(new URL('../package.json', import.meta.url), 'utf8');
  const { version } = JSON.parse(manifest) as { version: string };
  return version;
}
