/** Addresses, time and account for the cases. Plain JSON, so that every runtime can take it. */
export interface Scene {
  /** The Share service, or the relay in front of it. */
  readonly share: string;
  /** The controlling test: prepares each case, and redirects every call of Share. */
  readonly controller: string;
  /** An address of this computer at which nothing listens. */
  readonly nowhere: string;
  /** Unix milliseconds of the present, for client and service alike. */
  readonly nowMs: number;
  readonly accountName: string;
  readonly password: string;
  readonly wrongPassword: string;
  readonly serialNumber: string;
}

/** A failure as a program sees it, and all that could be printed of it. */
export interface Failure {
  /** The class, as `ShareError`. */
  readonly name: string;
  readonly code: unknown;
  readonly data: unknown;
  readonly texts: readonly string[];
}

/** Outcome of a case: its value as JSON, or its failure. */
export type Ending = { readonly value: unknown } | { readonly failure: Failure };

/** Name, code and data of an error, with its texts and those of its causes. */
export function describeFailure(error: unknown): Failure {
  const { name, code, data } = error as { name: string; code?: unknown; data?: unknown };
  return { name, code, data, texts: textsOf(error) };
}

function textsOf(error: unknown): string[] {
  const texts = [String(error), JSON.stringify(error) ?? ''];
  if (!(error instanceof Error)) return texts;
  return [...texts, error.stack ?? '', ...(error.cause === undefined ? [] : textsOf(error.cause))];
}

/** Failure of work that has to fail. */
export async function failureOf(work: Promise<unknown>): Promise<Failure> {
  let value: unknown;
  try {
    value = await work;
  } catch (error) {
    return describeFailure(error);
  }
  throw new Error(`It should have failed, and gave ${JSON.stringify(value)}.`);
}
