import { join } from 'node:path';
import { platformBinary } from './binaries.ts';
import { bundle } from './bundle.ts';
import { HERE, type Served, serve, temporaryFolder } from './programs.ts';
import { serveWorker } from './workerd.ts';

/** The recipes of docs/browsers.md: for pages elsewhere, and for one that is served beside. */
export const RELAY = join(HERE, 'src/relay.ts');
export const PAGE_SERVER = join(HERE, 'src/page-server.ts');

/** For whom a relay works. */
export interface RelaySettings {
  readonly upstream: string;
  /** Origins of web pages. */
  readonly pages: readonly string[];
}

/** A runtime that can serve the relay. */
export interface RelayHost {
  readonly name: string;
  readonly binary: string | undefined;
  readonly start: (settings: RelaySettings) => Promise<Served>;
}

const deno = platformBinary('deno');
const bun = platformBinary('bun');
const workerd = platformBinary('workerd');

const variables = ({ upstream, pages }: RelaySettings) => ({
  RELAY_UPSTREAM: upstream,
  RELAY_PAGES: pages.join(' '),
});

/** Every runtime of which the docs say that the relay runs in it, as they say it. */
export const RELAY_HOSTS: readonly RelayHost[] = [
  {
    name: 'Deno',
    binary: deno,
    async start(settings) {
      await using stack = new AsyncDisposableStack();
      const cache = stack.use(await temporaryFolder());
      const permissions = [
        '--node-modules-dir=manual',
        '--allow-env=RELAY_UPSTREAM,RELAY_PAGES',
        `--allow-net=${new URL(settings.upstream).host}`,
      ];
      const served = stack.use(
        await serve(
          deno ?? '',
          ['serve', '--host=127.0.0.1', '--port=0', '--no-prompt', ...permissions, RELAY],
          { ...variables(settings), DENO_DIR: cache.path, DENO_NO_UPDATE_CHECK: '1' },
        ),
      );
      const resources = stack.move();
      return { ...served, [Symbol.asyncDispose]: () => resources.disposeAsync() };
    },
  },
  {
    name: 'Bun',
    binary: bun,
    start: (settings) => serve(bun ?? '', [RELAY], { ...variables(settings), PORT: '0' }),
  },
  {
    name: 'workerd',
    binary: workerd,
    start: async (settings) =>
      serveWorker(workerd ?? '', await bundle('relay.js'), variables(settings)),
  },
];

/** Serves a folder with the relay beside it, as the docs say for Node.js. */
export const servePage = (folder: string, upstream: string): Promise<Served> =>
  serve(process.execPath, [join(HERE, 'dist/page-server.js')], {
    PAGE: folder,
    PORT: '0',
    RELAY_UPSTREAM: upstream,
  });
