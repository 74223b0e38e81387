/** A line that the guest prints for a case. */
export interface Row {
  readonly name: string;
  readonly result: 'ok' | 'failed';
  readonly measured: string;
}

/** The rows as a table of Markdown, for a terminal and for a note alike. */
export function tableOf(rows: readonly Row[]): string {
  const cells = [
    ['case', 'result', 'measured'],
    ...rows.map(({ name, result, measured }) => [name, result, measured.replaceAll('|', '\\|')]),
  ];
  const widths = [0, 1].map((i) => Math.max(...cells.map((line) => line[i]?.length ?? 0)));
  const lines = cells.map(
    (line) => `| ${line.map((c, i) => c.padEnd(widths[i] ?? 0)).join(' | ')} |`,
  );
  lines.splice(1, 0, `| ${widths.map((w) => '-'.repeat(w)).join(' | ')} | --- |`);
  return lines.join('\n');
}
