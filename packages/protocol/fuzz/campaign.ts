import { caseSeed, Random } from './random.ts';
import { shrink } from './shrinking.ts';
import { checkStream, generateStream } from './targets/packet.ts';
import { checkPage, generatePage } from './targets/page.ts';
import { checkRecord, generateRecord } from './targets/record.ts';
import { checkXml, generateXml } from './targets/xml.ts';

interface Target {
  readonly generate: (random: Random) => Uint8Array;
  /** Throws if what must hold does not. */
  readonly check: (input: Uint8Array, random: Random) => void;
}

/** Decoders under test. */
export const TARGETS = {
  packet: { generate: generateStream, check: checkStream },
  page: { generate: generatePage, check: checkPage },
  record: { generate: generateRecord, check: checkRecord },
  xml: { generate: generateXml, check: checkXml },
} as const satisfies Readonly<Record<string, Target>>;

export type TargetName = keyof typeof TARGETS;
export const TARGET_NAMES = Object.keys(TARGETS) as TargetName[];

/** A case that fails, as small as it could be made. */
export interface Failure {
  readonly target: TargetName;
  readonly seed: number;
  readonly input: Uint8Array;
  readonly error: unknown;
}

/** No single case may take longer; the slowest take a few milliseconds. */
const SLOWEST_MS = 2000;

/** Reason that an input fails; undefined if it does not. The seed decides on cuts, margins and the like. */
export function errorOf(target: TargetName, input: Uint8Array, seed: number): unknown {
  const begun = performance.now();
  try {
    TARGETS[target].check(input, new Random(seed));
  } catch (error) {
    return error ?? new Error('nothing was thrown');
  }
  const tookMs = performance.now() - begun;
  return tookMs > SLOWEST_MS ? new Error(`it took ${Math.round(tookMs)} ms`) : undefined;
}

/** Runs one case; gives its failure, shrunk. */
export function runCase(target: TargetName, seed: number): Failure | undefined {
  const input = TARGETS[target].generate(new Random(seed));
  if (errorOf(target, input, seed) === undefined) return undefined;
  const smallest = shrink(input, (candidate) => errorOf(target, candidate, seed) !== undefined);
  return { target, seed, input: smallest, error: errorOf(target, smallest, seed) };
}

/** The target and the seed of case `index` of a campaign: the targets take turns. */
export function caseOf(
  campaignSeed: number,
  index: number,
  targets: readonly TargetName[] = TARGET_NAMES,
): { readonly target: TargetName; readonly seed: number } {
  return { target: targets[index % targets.length]!, seed: caseSeed(campaignSeed, index) };
}

/** Describes a failing case: its command line, and its error. */
export function describeFailure({ target, seed, input, error }: Failure): string {
  const hex = Array.from(input, (byte) => byte.toString(16).padStart(2, '0')).join('');
  const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return (
    `${target} fails with ${input.length} bytes: ${reason}\n` +
    `Again: npm run fuzz -- --target ${target} --case ${seed} --input ${hex || "''"}`
  );
}
