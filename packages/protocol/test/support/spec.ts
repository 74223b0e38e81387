import { readFileSync } from 'node:fs';

const SPEC = readFileSync(new URL('../../../../docs/spec/receiver.md', import.meta.url), 'utf8');

/** Gives the text of a section of docs/spec/receiver.md, without its heading. */
export function specSection(number: string): string {
  const from = SPEC.indexOf(`\n### ${number} `);
  if (from < 0) throw new Error(`docs/spec/receiver.md has no section ${number}`);
  const start = SPEC.indexOf('\n', from + 1);
  const end = SPEC.slice(start).search(/\n<a id=|\n#{2,3} /);
  return SPEC.slice(start, end < 0 ? undefined : start + end).trim();
}

/** Gives the cells of the tables of a section, without their heads. */
export function specTable(number: string): string[][] {
  return specSection(number)
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('|---'))
    .slice(1)
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

/** Reads a list like `0 none; 1 mg/dL; 0x0405 Czech.` as names by number. */
export function specNames(number: string): Record<number, string> {
  const [sentence = ''] = specSection(number).split(/[.](?:\s|$)/);
  return Object.fromEntries(
    sentence.split(';').map((item) => {
      const [, value = '', name = ''] = /^\s*(0x[0-9A-F]+|\d+) (?:= )?(.*)$/s.exec(item) ?? [];
      return [Number(value), name];
    }),
  );
}
