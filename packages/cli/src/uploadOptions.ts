import { parseArgs } from 'node:util';
import { REGIONS, type RegionName } from '@egvkit/protocol/share';
import { UNITS, type Unit } from './glucose.ts';
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

type Flags = NonNullable<Parameters<typeof parseArgs>[0]>['options'];

type Options = NonNullable<Flags>;
type Parsed<F extends Options, Words extends boolean> = ReturnType<
  typeof parseArgs<{ options: F; args: string[]; strict: true; allowPositionals: Words }>
>;

/** Reads flags; anything else on the command line is a `UsageError`. */
export function parseFlags<F extends Options>(
  args: readonly string[],
  options: F,
): Parsed<F, false>['values'] {
  return refused(() =>
    parseArgs({ args: [...args], options, strict: true, allowPositionals: false }),
  ).values;
}

/** Reads flags and the words between them; an unknown flag is a `UsageError`. */
export function parseWords<F extends Options>(
  args: readonly string[],
  options: F,
): { readonly values: Parsed<F, true>['values']; readonly words: readonly string[] } {
  const { values, positionals } = refused(() =>
    parseArgs({ args: [...args], options, strict: true, allowPositionals: true }),
  );
  return { values, words: positionals };
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
  if (shareUrl !== undefined) return { origin: shareUrl };
  if (region === undefined) return undefined;
  if (!Object.hasOwn(REGIONS, region)) {
    throw new UsageError(`There is no region "${region}"; use ${listOf(Object.keys(REGIONS))}.`);
  }
  return { region: region as RegionName };
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
