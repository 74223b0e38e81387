// Writes docs/reference/share.md from the tables; needs a Node that reads TypeScript.
import { mkdirSync, writeFileSync } from 'node:fs';
import { shareReference } from './share.ts';

const folder = new URL('../../../docs/reference/', import.meta.url);
mkdirSync(folder, { recursive: true });
writeFileSync(new URL('share.md', folder), await shareReference());
