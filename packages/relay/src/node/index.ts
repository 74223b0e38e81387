export type { RelayServices } from '../options.ts';
export { type Access, type RelayServer, type RelayServerOptions, serveRelay } from './server.ts';
