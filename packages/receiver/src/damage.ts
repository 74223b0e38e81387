import type { Page, PageProblem, RawRecord, ReceiverRecord } from '@egvkit/protocol/receiver';
import { ReceiverError } from './errors.ts';

/** Damage that was met while reading, and where. */
export interface DamageReport {
  readonly recordType: number;
  readonly page: number;
  readonly problem: PageProblem;
}

/** Tells a problem that makes the whole page unusable, not only one of its records. */
function spoilsPage(problem: PageProblem): boolean {
  return !isOfRecord(problem);
}

/** Tells a problem of one record, which leaves the others good. */
function isOfRecord(problem: PageProblem): problem is PageProblem & { readonly index: number } {
  return problem.kind === 'recordCrc' || problem.kind === 'recordOfZeros';
}

/**
 * Gives the problems of a page for a reader of its records. That includes an unknown layout: a
 * page that holds records and gives none must not pass for an empty one.
 */
export function problemsOf({ header, records, problems }: Page): readonly PageProblem[] {
  const { recordType, revision, recordCount } = header;
  if (problems.some(spoilsPage) || records.length + problems.length >= recordCount) return problems;
  return [...problems, { kind: 'unknownLayout', recordType, revision }];
}

/** Makes the error for a page that cannot be used. @param problems at least one */
export function badPage(
  problems: readonly PageProblem[],
  recordType: number,
  pageNumber: number,
): ReceiverError {
  const problem = problems.find(spoilsPage) ?? problems[0]!;
  return new ReceiverError('badPage', { recordType, page: pageNumber, problem });
}

/** Callback for damage; without one, a page that cannot be used ends the reading. */
export type OnDamage = (damage: DamageReport) => void;

/**
 * Takes the records out of pages, tells of damage, and of each piece of it once, however often
 * its page is read.
 */
export class RecordTaker {
  readonly #recordType: number;
  readonly #raw: boolean;
  readonly #onDamage: OnDamage | undefined;
  readonly #told = new Set<string>();

  /** @param raw true to give records of an unknown layout too, as their bytes */
  constructor(recordType: number, raw: boolean, onDamage: OnDamage | undefined) {
    this.#recordType = recordType;
    this.#raw = raw;
    this.#onDamage = onDamage;
  }

  /**
   * The records of a page that are whole, oldest first.
   *
   * @throws ReceiverError `badPage` for a page that cannot be used, unless there is an `onDamage`
   */
  take(page: Page & { readonly pageNumber: number }): readonly (ReceiverRecord | RawRecord)[] {
    const { pageNumber } = page;
    const problems = this.#raw ? page.problems : problemsOf(page);
    if (this.#onDamage === undefined && problems.some(spoilsPage)) {
      throw badPage(problems, this.#recordType, pageNumber);
    }
    for (const problem of problems) {
      const key = `${pageNumber} ${isOfRecord(problem) ? problem.index : problem.kind}`;
      if (this.#told.has(key)) continue;
      this.#told.add(key);
      this.#onDamage?.({ recordType: this.#recordType, page: pageNumber, problem });
    }
    return this.#raw && page.rawRecords.length > 0 ? page.rawRecords : page.records;
  }
}
