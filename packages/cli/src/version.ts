import { readFileSync } from 'node:fs';

/** The version of this package. Its manifest lies above `src` and `dist` alike. */
export function packageVersion(): string {
  const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  const { version } = JSON.parse(manifest) as { version: string };
  return version;
}
