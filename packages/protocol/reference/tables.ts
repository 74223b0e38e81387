/** A table of GitHub's Markdown; cells may hold anything but line breaks. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** A word of code, or nothing. */
export function code(text: string | number): string {
  return text === '' ? '' : `\`${text}\``;
}

/** A number as people look for it: decimal, and hexadecimal as on the wire. */
export function codeNumber(value: number): string {
  return `${value} (0x${value.toString(16).toUpperCase().padStart(2, '0')})`;
}

/** Revisions or a single one. */
export function span({ from, to }: { readonly from: number; readonly to: number }): string {
  return from === to ? String(from) : `${from} to ${to}`;
}
