declare const self: ServiceWorkerGlobalScope;

/** Filled in by the build: the files of the page as JSON, and a name for just these. */
const FILES = JSON.parse('__FILES__') as readonly string[];
const CACHE = 'egvkit-page __VERSION__';

self.addEventListener('install', (event) => {
  event.waitUntil(
    caches
      .open(CACHE)
      .then((cache) => cache.addAll(FILES.map((file) => new Request(file, { cache: 'reload' }))))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener('activate', (event) => {
  const removeOld = async (): Promise<void> => {
    const names = await caches.keys();
    const old = names.filter((name) => name.startsWith('egvkit-page') && name !== CACHE);
    await Promise.all(old.map((name) => caches.delete(name)));
    await self.clients.claim();
  };
  event.waitUntil(removeOld());
});

/** Files of the page are answered from the cache; the relay and everything else is not touched. */
const OWN = new Set(FILES.map((file) => new URL(file, self.registration.scope).href));

/** The page itself comes from the network while there is one, so that it is the newest. */
async function pageOf(request: Request): Promise<Response> {
  try {
    const answer = await fetch(request);
    if (answer.ok) return answer;
  } catch {
    // There is no network.
  }
  const cache = await caches.open(CACHE);
  return (await cache.match('./')) ?? Response.error();
}

async function fileOf(request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  return (await cache.match(request, { ignoreSearch: true })) ?? fetch(request);
}

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || !OWN.has(origin + pathname)) return;
  event.respondWith(request.mode === 'navigate' ? pageOf(request) : fileOf(request));
});
