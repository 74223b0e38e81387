import { Option } from '@commander-js/extra-typings';
import { spanParser } from './span.ts';

export const WATCH_OPTION = new Option(
  '--watch',
  'go on: read the receiver whenever its next reading is due, until stopped',
);

export const QUIET_OPTION = new Option('--quiet', 'with --watch: print failures only');

/** A receiver keeps about 30 days. */
const LONGEST_BACKFILL = { ms: 30 * 86_400_000, text: '30d' };

export const BACKFILL_OPTION = new Option(
  '--backfill <span>',
  'age of the oldest reading to upload, such as 7d; 24h is the most that Share takes (default: 24h)',
).argParser(spanParser('--backfill', LONGEST_BACKFILL));
