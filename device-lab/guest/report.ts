/** Rows for the host, a line of JSON each; see `src/table.ts` there. */

const chosen = new RegExp(process.env.LAB_ONLY ?? '');

/** Runs a case and prints its row. A case that fails does not end the others. */
export async function report(name: string, act: () => Promise<string>): Promise<void> {
  if (!chosen.test(name)) return;
  const began = performance.now();
  console.error(`case: ${name}`);
  let row: { name: string; result: string; measured: string };
  try {
    row = { name, result: 'ok', measured: await act() };
  } catch (error) {
    console.error(error);
    row = { name, result: 'failed', measured: String((error as Error).message ?? error) };
  }
  print({ ...row, measured: row.measured.replace(/\s+/g, ' ').slice(0, 600) });
  console.error(`${row.result} after ${Math.round(performance.now() - began)} ms`);
}

function print(row: object): void {
  process.stdout.write(`${JSON.stringify(row)}\n`);
}

/** Tells the host that all cases have run. */
export function reportDone(): void {
  process.stdout.write('done\n');
}
