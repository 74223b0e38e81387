import type { PageHeader } from '@egvkit/protocol/receiver';
import { readDatabasePageHeader } from '@egvkit/protocol/receiver/wire';
import type { PageReader } from './pages.ts';

/** Reads the header of one page, without its records. */
export async function readHeader(
  { line }: PageReader,
  recordType: number,
  page: number,
  signal: AbortSignal | undefined,
): Promise<PageHeader> {
  return await line.ask(readDatabasePageHeader, { recordType, page }, signal);
}
