import { describe, expect, it } from 'vitest';
import { serveRelay } from '../src/node/index.ts';
import { rightRequest, type Scene } from './attacks/change.ts';
import { attacks } from './attacks/index.ts';
import {
  bytesOf,
  CLOCK,
  cookieOf,
  ENTRIES,
  openService,
  PASSWORD,
  pageFolder,
  READINGS,
  raw,
} from './support.ts';

const MAX_REQUEST_BYTES = 10_000;
const AT_ONCE = 50;

/** The results in the order of the list, so many at a time. */
async function mapSome<From, To>(list: readonly From[], work: (from: From) => Promise<To>) {
  const results: To[] = [];
  const rest = list.entries();
  const takeAll = async () => {
    for (const [at, from] of rest) results[at] = await work(from);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, takeAll));
  return results;
}

describe('a server under attack', () => {
  it('refuses all of it, and the services hear nothing', async () => {
    await using share = await openService();
    await using nightscout = await openService();
    await using elsewhere = await openService();
    await using folder = await pageFolder();
    const told: string[] = [];
    const options = {
      folder: folder.path,
      shareOrigin: share.origin,
      nightscout: nightscout.origin,
      maxRequestBytes: MAX_REQUEST_BYTES,
      onAccess: (access: object) => told.push(JSON.stringify(access)),
    };
    await using server = await serveRelay(options);
    await using otherRun = await serveRelay(options);
    const scene: Scene = {
      port: server.port,
      elsewhere: elsewhere.host,
      cookie: await cookieOf(server.origin),
      otherCookie: await cookieOf(otherRun.origin),
      maxRequestBytes: MAX_REQUEST_BYTES,
    };
    const calls = [
      ['POST', READINGS],
      ['GET', CLOCK],
      ['POST', ENTRIES],
      ['GET', ENTRIES],
      ['POST', `/${share.host}${READINGS}`],
    ] as const;

    // What each attack is a change of gets through.
    for (const [method, path] of calls) {
      const { status } = await raw(server.port, bytesOf(rightRequest(scene, method, path)));
      expect([method, path, status]).toEqual([method, path, 200]);
    }
    expect([share.arrived.length, nightscout.arrived.length]).toEqual([3, 2]);
    share.arrived.length = 0;
    nightscout.arrived.length = 0;

    const lines: string[] = [];
    const notRefused: unknown[] = [];
    let total = 0;
    for (const [kind, list] of attacks(scene, calls)) {
      const results = await mapSome(list, async ([name, bytes]) => {
        return { name, ...(await raw(server.port, bytes)) };
      });
      const isRefused = (status: number | undefined) =>
        status === undefined || (status >= 400 && status < 500) || status === 501 || status === 505;
      const through = results.filter(({ status }) => !isRefused(status));
      notRefused.push(...through.map(({ name, status }) => [kind, name, status]));
      total += list.length;
      lines.push(`${kind}: ${list.length} tried, ${list.length - through.length} refused`);
    }
    const heard = [share, nightscout, elsewhere].flatMap(({ arrived }) => arrived);
    console.log([...lines, `all: ${total} tried, ${heard.length} reached a service`].join('\n'));
    expect(notRefused).toEqual([]);
    expect(heard).toEqual([]);
    expect(total).toBeGreaterThan(1000);
    const token = scene.cookie.split('=')[1] ?? '';
    for (const secret of [PASSWORD, token, '?', 'ann:secret']) {
      expect(told.filter((line) => line.includes(secret))).toEqual([]);
    }

    const { status } = await raw(server.port, bytesOf(rightRequest(scene, 'POST', READINGS)));
    expect([status, share.arrived.length]).toEqual([200, 1]);
  });
});
