export { type ServeOptions, type ShareServer, serveShare } from './server.ts';
