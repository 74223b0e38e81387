import { AsyncLocalStorage } from 'node:async_hooks';

let isNeeded = false;

/** Says that what is called back must run where it was made: only with more than one program. */
export function needBinding(needed: boolean): void {
  isNeeded = needed;
}

/** Makes a function that runs where it was made, whoever calls it. */
export function bound(work: () => void): () => void {
  return isNeeded ? AsyncLocalStorage.bind(work) : work;
}
