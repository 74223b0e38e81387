import { RECORD_TYPES as PARTITIONS } from '@egvkit/protocol/receiver';
import { RECORD_NAMES, recordTypeOf } from '@egvkit/receiver';
import { namesOf } from '../../options/choice.ts';
import { RECORD_TYPES } from '../../options/record-type.ts';
import { invalid, listOf } from '../../options/usage.ts';

const HIGHEST_TYPE = 255;

/**
 * The number of a record type that is named as egvkit names it, as the receiver names it, or by
 * its number.
 */
export function recordTypeNamed(word: string): number {
  const wanted = word.toLowerCase();
  const name = RECORD_NAMES.find((one) => one.toLowerCase() === wanted);
  if (name !== undefined) return recordTypeOf(name);
  const partition = Object.entries(PARTITIONS).find(([, one]) => one.toLowerCase() === wanted);
  const number = partition?.[0] ?? word;
  if (/^\d{1,3}$/.test(number) && Number(number) <= HIGHEST_TYPE) return Number(number);
  throw invalid(
    'record type',
    word,
    `use ${listOf(namesOf(RECORD_TYPES))}, or a number up to ${HIGHEST_TYPE}`,
  );
}
