/** Stands in for `node:timers/promises`. */
import { machine } from './machine.ts';

export async function setTimeout(
  ms: number,
  value?: unknown,
  { signal }: { readonly signal?: AbortSignal } = {},
): Promise<unknown> {
  await machine().host.sleep(ms, signal);
  return value;
}
