/** The command line itself is wrong: one sentence says how. Ends with exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
