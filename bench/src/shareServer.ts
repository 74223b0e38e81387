// A Share service in a process of its own, as the bench of it starts and kills it:
// `node shareServer.ts FILE`. Prints its origin and the time of its newest readings.
import { openSqliteStore, scryptPasswords, serveShare } from '@egvkit/emulators/node';
import { createShareService } from '@egvkit/emulators/share';

const [, , path] = process.argv;
if (path === undefined) throw new Error('name the file');
const store = await openSqliteStore(path);
const service = createShareService({ store, passwords: scryptPasswords });
const server = await serveShare(service);
console.log(server.origin);
