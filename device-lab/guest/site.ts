/** The site that the browser opens: an empty page that can import the product by its names. */
import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { stripTypeScriptTypes } from 'node:module';
import { join, normalize } from 'node:path';

const PRODUCT = join(import.meta.dirname, '..');
const PORT = 8080;
/** An origin that browsers take for secure. */
export const ORIGIN = `http://localhost:${PORT}`;

interface Manifest {
  readonly exports?: Readonly<Record<string, string | { readonly default: string }>>;
}

function importMap(): string {
  const names = readdirSync(join(PRODUCT, 'node_modules/@egvkit')).map((name) => `@egvkit/${name}`);
  const imports = names.flatMap((name) => {
    const file = join(PRODUCT, 'node_modules', name, 'package.json');
    const { exports = {} }: Manifest = JSON.parse(readFileSync(file, 'utf8'));
    return Object.entries(exports).flatMap(([path, target]) =>
      typeof target === 'string'
        ? []
        : [[join(name, path), join('/node_modules', name, target.default)]],
    );
  });
  return JSON.stringify({ imports: Object.fromEntries(imports) });
}

const page = () => `<!doctype html>
<title>Device lab</title>
<script type="importmap">${importMap()}</script>`;

/** The lab's own modules without their types; built ones as they are. */
async function moduleAt(path: string): Promise<string> {
  const text = await readFile(join(PRODUCT, normalize(path)), 'utf8');
  return path.endsWith('.ts') ? stripTypeScriptTypes(text) : text;
}

/** Serves for as long as the machine runs. */
export async function serveSite(): Promise<void> {
  const html = page();
  const server = createServer(async ({ url = '/' }, response) => {
    try {
      const [text, type] =
        url === '/' ? [html, 'text/html'] : [await moduleAt(url), 'text/javascript'];
      response.writeHead(200, { 'content-type': type }).end(text);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(PORT, '127.0.0.1', resolve));
}
