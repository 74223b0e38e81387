import { ReceiverError } from '@egvkit/protocol';
import {
  describePageProblem,
  type EgvRecord,
  type Page,
  type PageProblem,
  RECORD_TYPES,
  type RecordTypeName,
  type XmlRecord,
} from '@egvkit/protocol/receiver';

/** The record types that can be asked for by name, and what they give. */
export interface RecordsByName {
  egv: EgvRecord;
  /** Readings that the transmitter delivered late; only touchscreen receivers keep them (§5.4). */
  backfilledEgv: EgvRecord;
  manufacturing: XmlRecord;
}

export type RecordName = keyof RecordsByName;

const PARTITION_NAMES: Readonly<Record<RecordName, RecordTypeName>> = {
  egv: 'EGVData',
  backfilledEgv: 'BackfilledEGVData',
  manufacturing: 'ManufacturingData',
};

/** The number of a record type on the wire. */
export function recordTypeOf(name: RecordName): number {
  const partition = PARTITION_NAMES[name];
  const found = Object.entries(RECORD_TYPES).find(([, known]) => known === partition);
  return Number(found?.[0]);
}

/** Damage that was met while reading, and where. */
export interface DamageReport {
  readonly recordType: number;
  readonly page: number;
  readonly problem: PageProblem;
}

/** Whether a problem makes the whole page unusable, not only one of its records. */
export function spoilsPage(problem: PageProblem): boolean {
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
