import { readFileSync } from 'node:fs';

// An old Node.js runs this file before any other: it imports nothing of ours and uses nothing new.

interface Manifest {
  readonly engines: { readonly node: string };
}

/** Says that this Node.js is too old for egvkit; undefined if it is not. */
export function describeOldNode(version: string = process.versions.node): string | undefined {
  const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  const { engines } = JSON.parse(manifest) as Manifest;
  const [, major = '0', minor = '0'] = /(\d+)(?:\.(\d+))?/.exec(engines.node) ?? [];
  const [ourMajor, ourMinor] = version.split('.').map(Number);
  const isNewer = Number(ourMajor) > Number(major);
  const isSame = Number(ourMajor) === Number(major) && Number(ourMinor) >= Number(minor);
  if (isNewer || isSame) return undefined;
  return (
    `egvkit needs Node.js ${major}.${minor} or newer, and this is Node.js ${version}. ` +
    'Install a newer one and try again.\n'
  );
}
