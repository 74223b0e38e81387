/** The demo page with its relay and an emulated Share service, as `egvkit web --demo` serves it. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { startAsReader } from './processes.ts';

const MAIN = join(import.meta.dirname, '../node_modules/egvkit/bin/egvkit.js');
const PORT = 8787;
export const DEMO_ORIGIN = `http://127.0.0.1:${PORT}`;

/** Starts the server, and waits until it has told its address. */
export async function serveDemo(): Promise<ChildProcess> {
  const server = await startAsReader([MAIN, 'web', '--demo', '--no-open', '--port', String(PORT)]);
  if (server.stdout) await Promise.race([once(server.stdout, 'data'), once(server, 'exit')]);
  if (server.exitCode !== null) throw new Error(`The demo's server ended with ${server.exitCode}.`);
  return server;
}
