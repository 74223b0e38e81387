import type { Reading } from '@egvkit/protocol';

/** A reading as `--json` prints it everywhere: 39 is LOW and 401 is HIGH, as `status` says. */
export function readingJson({ utcMs, value, status, trend }: Reading): object {
  return { time: new Date(utcMs).toISOString(), mgDl: value, status, trend: trend.name };
}
