import { Option } from '@commander-js/extra-typings';
import type { DestinationName } from './destination.ts';
import type { ReceiverOptions } from './port.ts';
import type { AccountOptions } from './share-account.ts';
import { textOption } from './text.ts';
import type { Unit } from './units.ts';

/** The options of an upload. */
export interface UploadOptions extends AccountOptions, ReceiverOptions {
  /** Share if left out. */
  readonly to?: readonly DestinationName[] | undefined;
  readonly nightscoutUrl?: string | undefined;
  readonly watch?: true | undefined;
  readonly quiet?: true | undefined;
  /** Age of the oldest reading, ms. */
  readonly backfill?: number | undefined;
  readonly dryRun?: true | undefined;
  readonly assignReceiver?: true | undefined;
  readonly yes?: true | undefined;
  readonly journal?: string | undefined;
  readonly units?: Unit | undefined;
  readonly json?: true | undefined;
}

export const DRY_RUN_OPTION = new Option(
  '--dry-run',
  'show what would be uploaded, and upload nothing',
);

export const ASSIGN_RECEIVER_OPTION = new Option(
  '--assign-receiver',
  'put this receiver in the place of the one the account has; asks first',
);

export const JOURNAL_OPTION = textOption(
  '--journal <file>',
  "file that notes what was uploaded (default: one in the user's state folder)",
);
