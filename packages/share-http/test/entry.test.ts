import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/** Every module an entry brings in of ours, and what it imports from elsewhere. */
function importsOf(entry: URL, seen = new Map<string, string[]>()): Map<string, string[]> {
  if (seen.has(entry.href)) return seen;
  // Without comments: their examples import the packages by name.
  const code = readFileSync(entry, 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
  const all = [...code.matchAll(/from '([^']+)'|import\('([^']+)'\)/g)].map(
    ([, a, b]) => a ?? b ?? '',
  );
  seen.set(
    entry.href,
    all.filter((name) => !name.startsWith('.')),
  );
  for (const name of all.filter((one) => one.startsWith('.')))
    importsOf(new URL(name, entry), seen);
  return seen;
}

describe('the main entry', () => {
  it('imports nothing but protocol and platform: it runs wherever fetch and WebCrypto are', () => {
    const modules = importsOf(new URL('../src/index.ts', import.meta.url));
    expect(modules.size).toBeGreaterThan(15);
    const foreign = new Set([...modules.values()].flat());
    expect([...foreign].toSorted()).toEqual([
      ...['@egvkit/platform', '@egvkit/protocol', '@egvkit/protocol/share'],
    ]);
  });
});
