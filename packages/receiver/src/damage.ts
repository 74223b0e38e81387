import { ReceiverError } from '@egvkit/protocol';
import {
  describePageProblem,
  type Page,
  type PageProblem,
  type RawRecord,
  type ReceiverRecord,
} from '@egvkit/protocol/receiver';

/** Damage that was met while reading, and where. */
export interface DamageReport {
  readonly recordType: number;
  readonly page: number;
  readonly problem: PageProblem;
}

/** Whether a problem makes the whole page unusable, not only one of its records. */
function spoilsPage(problem: PageProblem): boolean {
  return problem.kind !== 'recordCrc';
}

/**
 * What is wrong with a page for who wants its records. That includes a layout nobody knows: a
 * page that holds records and gives none must not pass for an empty one.
 */
export function problemsOf({ header, records, problems }: Page): readonly PageProblem[] {
  const { recordType, revision, recordCount } = header;
  if (problems.some(spoilsPage) || records.length + problems.length >= recordCount) return problems;
  return [...problems, { kind: 'unknownLayout', recordType, revision }];
}

/** The error for a page that cannot be used, or not without the record that is damaged. */
export function badPage(
  problems: readonly PageProblem[],
  recordType: number,
  pageNumber: number,
): ReceiverError {
  const problem = problems.find(spoilsPage) ?? problems[0];
  const reason = problem === undefined ? 'it is damaged' : describePageProblem(problem);
  return new ReceiverError('badPage', { recordType, page: pageNumber, reason });
}

/** Who is told of damage; without one, a page that cannot be used ends the reading. */
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

  /** @param raw whether records that nobody understands are wanted, as their bytes */
  constructor(recordType: number, raw: boolean, onDamage: OnDamage | undefined) {
    this.#recordType = recordType;
    this.#raw = raw;
    this.#onDamage = onDamage;
  }

  /**
   * The records of a page that are whole, oldest first.
   *
   * @throws ReceiverError `badPage` for a page that cannot be used, if nobody is told of damage
   */
  take(page: Page & { readonly pageNumber: number }): readonly (ReceiverRecord | RawRecord)[] {
    const { pageNumber } = page;
    const problems = this.#raw ? page.problems : problemsOf(page);
    if (this.#onDamage === undefined && problems.some(spoilsPage)) {
      throw badPage(problems, this.#recordType, pageNumber);
    }
    for (const problem of problems) {
      const key = `${pageNumber} ${problem.kind === 'recordCrc' ? problem.index : problem.kind}`;
      if (this.#told.has(key)) continue;
      this.#told.add(key);
      this.#onDamage?.({ recordType: this.#recordType, page: pageNumber, problem });
    }
    return this.#raw && page.rawRecords.length > 0 ? page.rawRecords : page.records;
  }
}
