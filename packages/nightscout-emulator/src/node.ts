export { type NightscoutServer, type ServeOptions, serveNightscout } from './server.ts';
