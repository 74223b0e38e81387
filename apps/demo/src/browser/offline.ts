import { ownScript } from './own-script.ts';

/** Keeps the page in the browser, so that it opens without a network from the second visit on. */
export async function keepForOffline(): Promise<void> {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  // A browser that keeps no page opens it from the network.
  await navigator.serviceWorker.register(ownScript('offline.js')).catch(() => {});
}
