import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Endings } from '../src/play.ts';
import type { Scene } from '../src/scene.ts';
import { oldestNode, platformBinary } from './binaries.ts';
import { launchChromium, serveSite } from './browser.ts';
import { bundle } from './bundle.ts';
import { HERE, run, temporaryFolder } from './programs.ts';
import { RELAY_HOSTS, servePage } from './relays.ts';
import { serveWorker } from './workerd.ts';

/** A runtime in which the Share client has to work. */
export interface Runtime {
  readonly name: string;
  /** Reason for which the runtime cannot run on this platform, if it cannot. */
  readonly missing?: string | undefined;
  /**
   * Error code for an address at which nothing listens: `unreachable` in runtimes that tell
   * programs the reason of a failed connection.
   */
  readonly noListener: 'unreachable' | 'connectionLost';
  /** Status of a redirect that is not followed; 0 in web pages, which are not told it. */
  readonly redirectStatus: 307 | 0;
  readonly play: (scene: Scene) => Promise<Endings>;
}

const commandLine = join(HERE, 'dist/hosts/command-line.js');

const notHere = (name: string, binary: string | undefined) =>
  binary === undefined ? `npm has no ${name} for this platform` : undefined;

const onNode = (node: string) => async (scene: Scene) =>
  JSON.parse(await run(node, [commandLine, JSON.stringify(scene)]));

async function inThread(scene: Scene): Promise<Endings> {
  const thread = new Worker(join(HERE, 'dist/hosts/thread.js'), { workerData: scene });
  const [endings] = await once(thread, 'message');
  return endings;
}

const deno = platformBinary('deno');

async function onDeno(scene: Scene): Promise<Endings> {
  await using cache = await temporaryFolder();
  const args = ['run', '--no-prompt', '--allow-net=127.0.0.1', '--node-modules-dir=manual'];
  const env = { DENO_DIR: cache.path, DENO_NO_UPDATE_CHECK: '1' };
  return JSON.parse(await run(deno ?? '', [...args, commandLine, JSON.stringify(scene)], env));
}

const bun = platformBinary('bun');

async function onBun(scene: Scene): Promise<Endings> {
  return JSON.parse(await run(bun ?? '', ['run', commandLine, JSON.stringify(scene)]));
}

const workerd = platformBinary('workerd');

async function onWorkerd(scene: Scene): Promise<Endings> {
  await using worker = await serveWorker(workerd ?? '', await bundle('hosts/edge-worker.js'));
  const answer = await fetch(worker.origin, { method: 'POST', body: JSON.stringify(scene) });
  return (await answer.json()) as Endings;
}

const script = (text: string) => ({ type: 'text/javascript', text });

/** Files of the page. */
const siteFiles = async () => ({
  'index.html': {
    type: 'text/html',
    text: '<!doctype html><script type="module" src="/page.js"></script>',
  },
  'page.js': script(await bundle('hosts/page.js')),
  'worker.js': script(await bundle('hosts/web-worker.js')),
});

type How = 'play' | 'playInWorker';

async function playAt(origin: string, scene: Scene, how: How): Promise<Endings> {
  await using browser = await launchChromium();
  // The page may talk to its own server only; the cases call Share and the controller too.
  const page = await browser.newPage({ bypassCSP: true });
  await page.goto(origin);
  return await page.evaluate(`${how}(${JSON.stringify(scene)})`);
}

/** Plays in a page of its own, as the function of that name does. Between it and Share is a relay. */
async function inBrowser(scene: Scene, how: How): Promise<Endings> {
  const { 'index.html': document, ...scripts } = await siteFiles();
  await using site = await serveSite({
    '/': document,
    ...Object.fromEntries(Object.entries(scripts).map(([name, file]) => [`/${name}`, file])),
  });
  const host = RELAY_HOSTS.find(({ binary }) => binary !== undefined);
  if (host === undefined) throw new Error('No runtime is here that could serve the relay.');
  await using relay = await host.start({ upstream: scene.share, pages: [site.origin] });
  return await playAt(site.origin, { ...scene, share: relay.origin }, how);
}

/** The same, with page and relay from one server on this computer. */
async function inServedPage(scene: Scene): Promise<Endings> {
  await using folder = await temporaryFolder();
  for (const [name, { text }] of Object.entries(await siteFiles())) {
    await writeFile(join(folder.path, name), text);
  }
  await using server = await servePage(folder.path, scene.share);
  return await playAt(server.origin, { ...scene, share: server.origin }, 'play');
}

const tellsWhy = { noListener: 'unreachable', redirectStatus: 307 } as const;
const tellsNothing = { noListener: 'connectionLost', redirectStatus: 307 } as const;
const web = { noListener: 'connectionLost', redirectStatus: 0 } as const;

/** All of them. */
export const RUNTIMES: readonly Runtime[] = [
  { name: 'Node 22.0', ...tellsWhy, play: onNode(oldestNode) },
  { name: 'Node, as pinned', ...tellsWhy, play: onNode(process.execPath) },
  { name: 'a thread of Node', ...tellsWhy, play: inThread },
  { name: 'Deno', ...tellsNothing, missing: notHere('deno', deno), play: onDeno },
  { name: 'Bun', ...tellsWhy, missing: notHere('bun', bun), play: onBun },
  { name: 'workerd', ...tellsNothing, missing: notHere('workerd', workerd), play: onWorkerd },
  { name: 'a page in Chromium', ...web, play: (scene) => inBrowser(scene, 'play') },
  { name: 'a worker in Chromium', ...web, play: (scene) => inBrowser(scene, 'playInWorker') },
  { name: 'a page beside its relay', ...web, play: inServedPage },
];
