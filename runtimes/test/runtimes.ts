import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Endings } from '../src/play.ts';
import type { Scene } from '../src/scene.ts';
import { oldestNode, platformBinary } from './binaries.ts';
import { launchChromium, serveSite } from './browser.ts';
import { bundle } from './bundle.ts';
import { HERE, run, temporaryFolder } from './programs.ts';
import { RELAY_HOSTS } from './relays.ts';
import { serveWorker } from './workerd.ts';

/** Where the Share client has to work. */
export interface Runtime {
  readonly name: string;
  /** Why it cannot run on this platform, if it cannot. */
  readonly missing?: string | undefined;
  /**
   * What it makes of an address at which nothing listens: those that tell programs why a
   * connection failed let the client say `unreachable`.
   */
  readonly nobodyThere: 'unreachable' | 'connectionLost';
  /** The status of a redirect that is not followed: web pages are not told it. */
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

/** Plays in a page of its own, as the function of that name does. Between it and Share is a relay. */
async function inBrowser(scene: Scene, how: 'play' | 'playInWorker'): Promise<Endings> {
  const script = (text: string) => ({ type: 'text/javascript', text });
  await using site = await serveSite({
    '/': {
      type: 'text/html',
      text: '<!doctype html><script type="module" src="/page.js"></script>',
    },
    '/page.js': script(await bundle('hosts/page.js')),
    '/worker.js': script(await bundle('hosts/web-worker.js')),
  });
  const host = RELAY_HOSTS.find(({ binary }) => binary !== undefined);
  if (host === undefined) throw new Error('No runtime is here that could serve the relay.');
  await using relay = await host.start({ upstream: scene.share, pages: [site.origin] });
  await using browser = await launchChromium();
  const page = await browser.newPage();
  await page.goto(site.origin);
  return await page.evaluate(`${how}(${JSON.stringify({ ...scene, share: relay.origin })})`);
}

const tellsWhy = { nobodyThere: 'unreachable', redirectStatus: 307 } as const;
const tellsNothing = { nobodyThere: 'connectionLost', redirectStatus: 307 } as const;
const web = { nobodyThere: 'connectionLost', redirectStatus: 0 } as const;

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
];
