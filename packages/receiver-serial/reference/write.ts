// Writes docs/reference from the tables; needs a Node that reads TypeScript.
import { mkdirSync, writeFileSync } from 'node:fs';
import { receiverReference } from './receiver.ts';

const folder = new URL('../../../docs/reference/', import.meta.url);
mkdirSync(folder, { recursive: true });
writeFileSync(new URL('receiver.md', folder), receiverReference());
