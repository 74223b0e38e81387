import { COMMANDS } from '@egvkit/protocol/receiver';
import { unhex } from './bytes.ts';

/** Describes a request as short as a test wants to read it: `range 4`, `pages 4 7+4`. */
function shortRequest(request: string): string {
  const bytes = unhex(request);
  const payload = bytes.slice(4, -2);
  switch (bytes[3]) {
    case COMMANDS.readDatabasePageRange.code:
      return `range ${payload[0]}`;
    case COMMANDS.readDatabasePageHeader.code: {
      const { recordType, page } = COMMANDS.readDatabasePageHeader.request.decode(payload);
      return `header ${recordType} ${page}`;
    }
    case COMMANDS.readDatabasePages.code: {
      const { recordType, firstPage, pageCount } =
        COMMANDS.readDatabasePages.request.decode(payload);
      return `pages ${recordType} ${firstPage}+${pageCount}`;
    }
    default:
      return `command ${bytes[3]}`;
  }
}

/** All of them, and none are left. */
export function takeRequests(requests: string[]): string[] {
  return requests.splice(0).map(shortRequest);
}
