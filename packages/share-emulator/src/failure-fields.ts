import { ENDPOINTS, FAULTS } from '@egvkit/protocol/share';
import type { InjectedFailure, RandomFailure } from './failure.ts';

type Fields = Readonly<Record<string, unknown>>;

const isWhen = (value: unknown): boolean => value === 'before' || value === 'after';
const isStatus = (value: unknown): boolean =>
  Number.isInteger(value) && (value as number) >= 200 && (value as number) <= 599;
const optional =
  (is: (value: unknown) => boolean) =>
  (value: unknown): boolean =>
    value === undefined || is(value);

const FIELDS: Readonly<
  Record<InjectedFailure['kind'], Readonly<Record<string, (value: unknown) => boolean>>>
> = {
  fault: { code: (value) => typeof value === 'string' && Object.hasOwn(FAULTS, value) },
  html: { status: isStatus, when: optional(isWhen) },
  body: {
    status: isStatus,
    body: (value) => typeof value === 'string',
    when: optional(isWhen),
  },
  drop: { when: isWhen },
  hang: { when: isWhen },
  truncate: {},
  wrongTypes: {},
  expireSession: {},
  latency: { ms: (value) => Number.isInteger(value) && (value as number) >= 0 },
};

const COMMON: Readonly<Record<string, (value: unknown) => boolean>> = {
  kind: (value) => typeof value === 'string' && Object.hasOwn(FIELDS, value),
  endpoint: optional((value) => typeof value === 'string' && Object.hasOwn(ENDPOINTS, value)),
  times: optional((value) => Number.isInteger(value) && (value as number) > 0),
};

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

/** Describes the field that is missing or wrong; undefined for a good failure. */
function flaw(value: unknown): string | undefined {
  if (!isFields(value)) return 'it is not an object';
  if (!COMMON.kind?.(value.kind)) return `kind is one of ${Object.keys(FIELDS).join(', ')}`;
  const checks = { ...FIELDS[value.kind as InjectedFailure['kind']], ...COMMON };
  const wrong = Object.entries(checks).find(([name, isRight]) => !isRight(value[name]));
  if (wrong !== undefined) return `${wrong[0]} is missing or wrong`;
  const unknown = Object.keys(value).find((name) => !Object.hasOwn(checks, name));
  return unknown === undefined ? undefined : `there is no ${unknown}`;
}

/** Checks a failure that was sent; gives a text about its flaw if it has one. */
export function parseFailure(value: unknown): InjectedFailure | string {
  return flaw(value) ?? (value as InjectedFailure);
}

/** Checks failures by chance that were sent; gives a text about their flaw if they have one. */
export function parseRandomFailure(value: unknown): RandomFailure | string {
  if (!isFields(value)) return 'it is not an object';
  const { seed, probability, among } = value;
  if (!Number.isInteger(seed)) return 'seed is a whole number';
  if (typeof probability !== 'number' || !(probability >= 0 && probability <= 1)) {
    return 'probability is from 0 to 1';
  }
  if (!Array.isArray(among) || among.length === 0) return 'among is a list of failures';
  const flawed = among.map(flaw).find((one) => one !== undefined);
  return flawed === undefined ? (value as unknown as RandomFailure) : `among: ${flawed}`;
}
