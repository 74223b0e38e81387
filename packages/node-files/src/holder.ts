/** The program that has a lock. */
export interface LockHolder {
  /** Undefined if the holder has not said it yet. */
  readonly processId: number | undefined;
  readonly host: string | undefined;
  /** False if it cannot be known: the process is in another container or on another machine. */
  readonly isAlive: boolean;
  /** The file to remove if that process has ended, and `isAlive` is false. */
  readonly lockFile: string;
}

/** The holder of a lock by process and host. */
export function whoHolds({ processId, host }: LockHolder): string {
  if (processId === undefined) return 'an unknown process';
  return host === undefined ? `process ${processId}` : `process ${processId} on host ${host}`;
}

/** The advice for a holder that may be dead; undefined if it lives. */
export function adviceOnHolder({ isAlive, lockFile }: LockHolder): string | undefined {
  if (isAlive) return undefined;
  return `That process cannot be seen from here. If it has ended, remove ${lockFile} and try again.`;
}
