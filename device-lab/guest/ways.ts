/** The three ways to a receiver, each of which reads by the same code. */
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { inPage } from './browser.ts';
import { runAsReader } from './processes.ts';
import type { failureOf, TASKS, TaskName } from './reading.ts';

export type ResultOf<Task extends TaskName> = Awaited<ReturnType<(typeof TASKS)[Task]>>;
/** An error that came from another process. */
export type Failed = ReturnType<typeof failureOf>;

export interface Way {
  readonly name: string;
  /** Reads; throws what went wrong there. */
  read<Task extends TaskName>(task: Task, types: readonly number[]): Promise<ResultOf<Task>>;
}

function resultOf<T extends object>(result: T | Failed): T {
  if (!('failure' in result)) return result;
  const { code, message, stack, cause } = result.failure;
  throw new Error(`${code}: ${message} ${cause ?? ''}`.trim(), { cause: stack });
}

/** A program that reads by serialport, as the ordinary user. */
export const SERIALPORT: Way = {
  name: 'node serialport',
  async read<Task extends TaskName>(task: Task, types: readonly number[]) {
    const script = join(import.meta.dirname, 'serial-reader.ts');
    const { code, out, err } = await runAsReader([script, task, types.join(',')]);
    if (code !== 0) throw new Error(`The reader ended with ${code}: ${err}`);
    return resultOf(JSON.parse(out) as ResultOf<Task> | Failed);
  },
};

/** A page that reads. */
export function pageWay(page: Page, api: 'webserial' | 'webusb'): Way {
  return {
    name: api === 'webusb' ? 'WebUSB' : 'Web Serial',
    async read<Task extends TaskName>(task: Task, types: readonly number[]) {
      const json = await inPage<string>(page, 'read', api, task, types);
      return resultOf(JSON.parse(json) as ResultOf<Task> | Failed);
    },
  };
}
