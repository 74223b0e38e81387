import type { CheckId, CheckState } from '../../src/commands/doctor/check.ts';
import type { PlainIo } from '../../src/io/io.ts';
import { run } from './world.ts';

/** A row of `egvkit doctor --json`. */
export interface CheckRow {
  readonly id: CheckId;
  readonly state: CheckState;
  readonly found: string;
  readonly fix: string | null;
}

/** Runs `egvkit doctor --json` and gives its rows by their ids. */
export async function examine(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  io: Partial<PlainIo> = {},
) {
  const { out, err, exitCode } = await run(['doctor', '--json', ...args], env, io);
  const { ok, checks } = JSON.parse(out) as { ok: boolean; checks: readonly CheckRow[] };
  const rows = Object.fromEntries(checks.map((row) => [row.id, row])) as Record<CheckId, CheckRow>;
  return { ok, rows, checks, out, err, exitCode };
}
