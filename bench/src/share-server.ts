// A Share service in a process of its own, as the bench of it starts and kills it:
// `node share-server.ts FILE`. Prints its origin and the time of its newest readings.

import { createShareService } from '@egvkit/share-emulator';
import { scryptPasswords, serveShare, sqliteShareStore } from '@egvkit/share-emulator/node';

const [, , path] = process.argv;
if (path === undefined) throw new Error('name the file');
const store = await sqliteShareStore(path);
const service = createShareService({ store, passwords: scryptPasswords });
const server = await serveShare(service);
console.log(server.origin);
