/** Stands in for `node:crypto` in the modules that name files. */
export { createHash, hash } from 'node:crypto';
export { uuid as randomUUID } from './globals.ts';
