import { parseArgs } from 'node:util';
import { EgvkitError } from '@egvkit/protocol';
import { REGIONS, type RegionName } from '@egvkit/protocol/share';
import { ShareReader } from '@egvkit/share-http';
import { UNITS, type Unit } from './glucose.ts';
import type { Io } from './io.ts';
import { UsageError } from './usage.ts';

/** The flags of an upload, as `parseArgs` wants them. */
export const UPLOAD_FLAGS = {
  port: { type: 'string' },
  region: { type: 'string' },
  'share-url': { type: 'string' },
  account: { type: 'string' },
  journal: { type: 'string' },
  'assign-receiver': { type: 'boolean' },
  yes: { type: 'boolean' },
  'dry-run': { type: 'boolean' },
  units: { type: 'string' },
  json: { type: 'boolean' },
  verbose: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

/** Flags, as `parseArgs` wants them. */
export type FlagTable = NonNullable<NonNullable<Parameters<typeof parseArgs>[0]>['options']>;

type Parsed<F extends FlagTable, Words extends boolean> = ReturnType<
  typeof parseArgs<{ options: F; args: string[]; strict: true; allowPositionals: Words }>
>;

/** Reads flags; anything else on the command line is a `UsageError`. */
export function parseFlags<F extends FlagTable>(
  args: readonly string[],
  options: F,
): Parsed<F, false>['values'] {
  return refused(() =>
    parseArgs({ args: [...args], options, strict: true, allowPositionals: false }),
  ).values;
}

/**
 * Reads flags and the words between them; an unknown flag is a `UsageError`. What follows `--` are
 * words, whatever they begin with.
 */
export function parseWords<F extends FlagTable>(
  args: readonly string[],
  options: F,
): { readonly values: Parsed<F, true>['values']; readonly words: readonly string[] } {
  const { values, positionals } = refused(() =>
    parseArgs({ args: [...args], options, strict: true, allowPositionals: true }),
  );
  return { values, words: positionals };
}

/** Reads flags and exactly the words that are named, wherever they stand among the flags. */
export function parseNamedWords<F extends FlagTable, const Names extends readonly string[]>(
  args: readonly string[],
  options: F,
  names: Names,
): {
  readonly values: Parsed<F, true>['values'];
  readonly words: { readonly [Name in keyof Names]: string };
} {
  const { values, words } = parseWords(args, options);
  const missing = names[words.length];
  if (missing !== undefined) throw new UsageError(`${missing} is missing.`);
  const [surplus] = words.slice(names.length);
  if (surplus !== undefined) throw new UsageError(`"${surplus}" is one word too many.`);
  return { values, words: words as { readonly [Name in keyof Names]: string } };
}

/** Whether a flag without a value is given, on a command line that may be wrong. */
export function isGiven(args: readonly string[], flag: string): boolean {
  const end = args.indexOf('--');
  return (end < 0 ? args : args.slice(0, end)).includes(flag);
}

function refused<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof TypeError) throw new UsageError(firstSentence(error.message));
    throw error;
  }
}

function firstSentence(message: string): string {
  const sentence = message.split(/\.(?:\s|$)/)[0] ?? message;
  return `${sentence}.`;
}

/** Which service to upload to. */
export type ServiceChoice = { readonly region: RegionName } | { readonly origin: string };

/** The service that is named by `--region` or `--share-url`; undefined if neither is there. */
export function chooseService(
  region: string | undefined,
  shareUrl: string | undefined,
): ServiceChoice | undefined {
  if (region !== undefined && shareUrl !== undefined) {
    throw new UsageError('Give either --region or --share-url, not both.');
  }
  if (shareUrl !== undefined) return { origin: checkedOrigin(shareUrl) };
  if (region === undefined) return undefined;
  if (!Object.hasOwn(REGIONS, region)) {
    throw new UsageError(`There is no region "${region}"; use ${listOf(Object.keys(REGIONS))}.`);
  }
  return { region: region as RegionName };
}

/** An address that a client can be made for: found out before anything is asked. */
function checkedOrigin(shareUrl: string): string {
  try {
    // Nothing is sent with it: it looks at the address as every client does.
    return new ShareReader({ origin: shareUrl, accountName: 'any', password: 'any' }).origin;
  } catch (error) {
    if (!(error instanceof EgvkitError)) throw error;
    throw new UsageError(`${error.message} ${error.help}`, { cause: error });
  }
}

/** The account that is named on the command line or, if it is not, by DEXCOM_USERNAME. */
export function chooseAccountName(account: string | undefined, io: Io): string | undefined {
  const name = account ?? io.env.DEXCOM_USERNAME;
  // What is set to nothing is not set.
  return name?.trim() ? name : undefined;
}

/** The password that is set, or else what is typed. */
export async function choosePassword(io: Io): Promise<string> {
  return (
    io.env.DEXCOM_PASSWORD ||
    (await io.askSecret('Password of the Share account', 'set DEXCOM_PASSWORD'))
  );
}

export function chooseUnit(units: string | undefined): Unit {
  const unit = UNITS.find((one) => one.toLowerCase() === (units ?? 'mg/dL').toLowerCase());
  if (unit === undefined) {
    throw new UsageError(`There is no unit "${units}"; use ${listOf(UNITS)}.`);
  }
  return unit;
}

/** `a, b or c`. */
export function listOf(words: readonly string[]): string {
  return `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}
