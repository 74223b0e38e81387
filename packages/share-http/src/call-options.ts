/** Options of every call. */
export interface CallOptions {
  /** Aborting it ends the call with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}
