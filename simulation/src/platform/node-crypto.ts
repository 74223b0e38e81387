/** Stands in for `node:crypto` in the modules that name files. */
export { createHash } from 'node:crypto';
export { uuid as randomUUID } from './globals.ts';
