import { AsyncLocalStorage } from 'node:async_hooks';

/** Place of a program that is not the family's first, in all that follows from its start. */
export const elsewhere: AsyncLocalStorage<object | undefined> = new AsyncLocalStorage();

let isNeeded = false;

/** Says that what is called back must run where it was made: only with more than one program. */
export function needBinding(needed: boolean): void {
  isNeeded = needed;
}

/** Makes a function that runs where it was made, whoever calls it. */
export function bound(work: () => void): () => void {
  if (!isNeeded) return work;
  const here = elsewhere.getStore();
  return () => elsewhere.run(here, work);
}
