import { invalid } from './usage.ts';

const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };
const SPAN = /^(\d{1,6})([mhd])$/;

/** Milliseconds of `30m`, `24h` or `7d`; undefined for anything else. */
export function parseSpan(text: string): number | undefined {
  const [, amount, unit] = SPAN.exec(text) ?? [];
  return unit === undefined ? undefined : Number(amount) * (UNIT_MS[unit] ?? 0);
}

/** Makes the parser of an option that takes a span, up to a longest one. */
export function spanParser(
  option: string,
  longest: { readonly ms: number; readonly text: string },
): (text: string) => number {
  return (text) => {
    const ms = parseSpan(text);
    if (ms !== undefined && ms > 0 && ms <= longest.ms) return ms;
    throw invalid(option, text, `use 30m, 24h or 7d, up to ${longest.text}`);
  };
}
