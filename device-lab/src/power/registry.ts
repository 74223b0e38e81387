/** A registry from which npm installs what this workspace would publish, and what that needs. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { run } from '../command.ts';
import { type Archives, everythingNeeded, type Place } from '../packages.ts';

const LIMIT_MS = 60_000;
const ARCHIVE = '/-/';
/** Port of the guest at which it is. */
export const REGISTRY_PORT = 4873;
/** Origin by which the guest reaches it. */
export const REGISTRY_ORIGIN = `http://127.0.0.1:${REGISTRY_PORT}`;

/** A registry on a port of this computer. */
export interface Registry extends AsyncDisposable {
  readonly port: number;
}

/** Serves the packages. */
export async function serveRegistry(archives: Archives): Promise<Registry> {
  const places = new Map((await everythingNeeded()).map((place) => [place.manifest.name, place]));
  const server = createServer(async ({ url = '' }, response) => {
    try {
      const path = decodeURIComponent(new URL(url, REGISTRY_ORIGIN).pathname).slice(1);
      const isArchive = `/${path}`.startsWith(ARCHIVE);
      const place = places.get(isArchive ? path.slice(ARCHIVE.length - 1) : path);
      // Optional packages for other systems are not there.
      if (place === undefined) return response.writeHead(404).end('{}');
      if (isArchive) return response.end(await readFile(await archives.of(place)));
      const about = await describe(place, archives);
      return response.setHeader('content-type', 'application/json').end(JSON.stringify(about));
    } catch (error) {
      console.error(error);
      return response.writeHead(500).end('{}');
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { port, [Symbol.asyncDispose]: () => close(server) };
}

/** All that is known of a package, which has one version. */
async function describe(place: Place, archives: Archives): Promise<object> {
  const { name, version } = place.manifest;
  const archive = await archives.of(place);
  const bytes = await readFile(archive);
  // The manifest as it is packed: pnpm puts versions in the place of `workspace:`.
  const packed = await run(
    'tar',
    ['-xzOf', archive, '--wildcards', '--no-wildcards-match-slash', '*/package.json'],
    { limitMs: LIMIT_MS },
  );
  const integrity = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
  const dist = { tarball: `${REGISTRY_ORIGIN}${ARCHIVE}${name}`, integrity };
  return {
    name,
    'dist-tags': { latest: version },
    versions: { [version]: { ...JSON.parse(packed), dist } },
  };
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
