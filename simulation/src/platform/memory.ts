import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

let collect: (() => void) | undefined;

/** Bytes of this thread's heap that are in use, without what could be collected. */
export function heapBytes(): number {
  setFlagsFromString('--expose-gc');
  collect ??= runInNewContext('gc') as () => void;
  // What the first finds unused may keep something else.
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}
