import type { Fields } from './store.ts';

/** A comparison with a field. */
export interface Condition {
  readonly field: string;
  readonly operator: string;
  readonly value: unknown;
}

const OPERATORS: Readonly<Record<string, (has: unknown, value: unknown) => boolean>> = {
  eq: (has, value) => has === value,
  ne: (has, value) => has !== value,
  gt: (has, value) => compared(has, value, (a, b) => a > b),
  gte: (has, value) => compared(has, value, (a, b) => a >= b),
  lt: (has, value) => compared(has, value, (a, b) => a < b),
  lte: (has, value) => compared(has, value, (a, b) => a <= b),
  in: (has, value) => String(value).split('|').includes(String(has)),
  nin: (has, value) => !String(value).split('|').includes(String(has)),
  re: (has, value) => typeof has === 'string' && new RegExp(String(value)).test(has),
};

/** Values of another type are in no order with each other. */
function compared(
  has: unknown,
  value: unknown,
  holds: (a: number | string, b: number | string) => boolean,
): boolean {
  if (typeof has === 'number' && typeof value === 'number') return holds(has, value);
  return typeof has === 'string' && typeof value === 'string' && holds(has, value);
}

export const isOperator = (name: string): boolean => Object.hasOwn(OPERATORS, name);

/** True if an entry meets all conditions. */
export function meets(fields: Fields, conditions: readonly Condition[]): boolean {
  return conditions.every(({ field, operator, value }) =>
    OPERATORS[operator]?.(fields[field], value),
  );
}

/** The span of times that conditions leave, so that not every entry has to be looked at. */
export function spanOf(conditions: readonly Condition[]): { fromMs: number; toMs: number } {
  let fromMs = Number.NEGATIVE_INFINITY;
  let toMs = Number.POSITIVE_INFINITY;
  for (const { field, operator, value } of conditions) {
    if (field !== 'date' || typeof value !== 'number') continue;
    if (/^(?:gte?|eq)$/.test(operator)) fromMs = Math.max(fromMs, value);
    if (/^(?:lte?|eq)$/.test(operator)) toMs = Math.min(toMs, value);
  }
  return { fromMs, toMs };
}
