/** A failure, as the page shows it. */
export interface Problem {
  /** Stable, of egvkit's error tables; `partMissing` of the page, `unknown` for anything else. */
  readonly code: string;
  /** In English; the page has its own words for the codes that people meet. */
  readonly message: string;
  /** In English; empty if there is nothing to advise. */
  readonly help: string;
  /** Facts of this occurrence, for the page's own words. */
  readonly data: Readonly<Record<string, unknown>>;
}

interface Told {
  readonly code?: unknown;
  readonly message?: unknown;
  readonly help?: unknown;
  readonly data?: unknown;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Words of Chrome, Firefox and Safari for a part of the page that could not be loaded. */
const PART_MISSING = /dynamically imported module|Importing a module script failed/;

/** A thrown value as a problem. egvkit's errors hold no secret; of others only the message is kept. */
export function problemOf(error: unknown): Problem {
  const { code, message, help, data } = (error ?? {}) as Told;
  const isOurs = typeof code === 'string' && typeof help === 'string';
  return {
    code: isOurs ? code : PART_MISSING.test(text(message)) ? 'partMissing' : 'unknown',
    message: text(message) || String(error),
    help: text(help),
    data: isOurs ? ((data ?? {}) as Problem['data']) : {},
  };
}
