/** The commands that the guide tells people to type, taken from the guide itself. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const GUIDE = join(import.meta.dirname, '../../../docs/unattended.md');

/** Commands between fences. */
const BLOCK = /^```sh\n([\s\S]*?)^```$/gm;

/** Headings of the sections whose commands are typed. */
export const GUIDE_SECTIONS = {
  install: 'A Raspberry Pi, from nothing to a running service',
  desktop: 'A desktop computer',
  trouble: 'When it stops',
} as const;

/** Text below a heading. */
function sectionOf(heading: string): string {
  const [, section = ''] = readFileSync(GUIDE, 'utf8').split(`\n## ${heading}\n`);
  const [own = ''] = section.split('\n## ');
  return own;
}

/** Commands of the section with this heading, block by block. */
export function guideBlocks(heading: string): readonly (readonly string[])[] {
  const blocks = [...sectionOf(heading).matchAll(BLOCK)].map(([, block = '']) =>
    block.split('\n').filter((line) => line !== ''),
  );
  if (blocks.length === 0) throw new Error(`The guide has no commands below "${heading}".`);
  return blocks;
}

/** The block below "When it stops" in which this command is. */
export function troubleBlock(command: string): readonly string[] {
  const block = guideBlocks(GUIDE_SECTIONS.trouble).find((one) =>
    one.some((line) => line.includes(command)),
  );
  if (block === undefined) throw new Error(`The guide does not name "${command}".`);
  return block;
}

/** The command below "When it stops" that a sentence names and that has these words in it. */
export function troubleCommand(words: string): string {
  const sentences = sectionOf(GUIDE_SECTIONS.trouble).replace(BLOCK, '');
  const named = [...sentences.matchAll(/`([^`]+)`/g)].map(([, command = '']) => command);
  const command = named.find((one) => one.includes(words));
  if (command === undefined) throw new Error(`The guide does not name "${words}".`);
  return command;
}
