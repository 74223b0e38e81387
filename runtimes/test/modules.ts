import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { extname, join, normalize } from 'node:path';
import { type Listening, listen } from './listen.ts';
import { HERE } from './programs.ts';

const ROOT = join(HERE, '..');

/** The packages that a page with a receiver loads. */
const PACKAGES = [
  'contracts',
  'platform',
  'protocol',
  'receiver',
  'receiver-emulator',
  'receiver-webserial',
  'receiver-webusb',
];

interface Manifest {
  readonly name: string;
  readonly exports: Readonly<Record<string, string | { readonly default: string }>>;
}

/** An import map for what the packages have built: no bundler has been near it. */
function importsOf(folder: string): [string, string][] {
  const file = join(ROOT, 'packages', folder, 'package.json');
  const { name, exports } = JSON.parse(readFileSync(file, 'utf8')) as Manifest;
  return Object.entries(exports).flatMap(([path, target]): [string, string][] =>
    typeof target === 'string'
      ? []
      : [[join(name, path), join('/packages', folder, target.default)]],
  );
}

const IMPORT_MAP = JSON.stringify({
  imports: {
    ...Object.fromEntries(PACKAGES.flatMap(importsOf)),
    vitest: '/runtimes/test/page/vitest.ts',
  },
});

/** A page that can import every package by its name. */
export const PAGE = `<!doctype html><script type="importmap">${IMPORT_MAP}</script>`;

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.ts': 'text/javascript',
  '.html': 'text/html',
};

/** Built files as they are; those of tests without their types. */
async function moduleAt(path: string): Promise<string> {
  const text = await readFile(join(ROOT, path), 'utf8');
  return extname(path) === '.ts' ? stripTypeScriptTypes(text) : text;
}

/**
 * Serves pages, and what they import from this workspace.
 *
 * @param pages more of them, by their paths
 */
export function serveModules(
  pages: Readonly<Record<string, string>> = {},
  headers: Readonly<Record<string, string>> = {},
): Promise<Listening> {
  const all: Readonly<Record<string, string>> = { '/': PAGE, ...pages };
  return listen(async ({ url = '' }, response) => {
    const path = normalize(url).replace(/^\/node_modules\/@egvkit\//, '/packages/');
    const page = all[path];
    try {
      const text = page ?? (await moduleAt(path));
      const type = page === undefined ? TYPES[extname(path)] : 'text/html';
      response.writeHead(200, { ...headers, 'content-type': type ?? 'text/plain' }).end(text);
    } catch {
      response.writeHead(404).end();
    }
  });
}
