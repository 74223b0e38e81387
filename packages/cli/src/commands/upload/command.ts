import { NIGHTSCOUT_URL_OPTION, TO_OPTION } from '../../options/destination.ts';
import { PASSWORD_STDIN_OPTION } from '../../options/password-stdin.ts';
import { PORT_OPTION, SERIAL_OPTION } from '../../options/port.ts';
import {
  ACCOUNT_OPTION,
  REGION_OPTION,
  SHARE_URL_OPTION,
  YES_OPTION,
} from '../../options/share-account.ts';
import { UNITS_OPTION } from '../../options/units.ts';
import { ASSIGN_RECEIVER_OPTION, DRY_RUN_OPTION, JOURNAL_OPTION } from '../../options/upload.ts';
import { BACKFILL_OPTION, QUIET_OPTION, WATCH_OPTION } from '../../options/watch.ts';
import { exampleText } from '../../output/help-text.ts';
import type { Root, Run } from '../base.ts';

export function defineUpload(root: Root, run: Run): void {
  root
    .command('upload')
    .summary('upload the readings of a receiver to Dexcom Share or Nightscout')
    .description(
      'Uploads the last 24 hours of readings from a receiver to Dexcom Share, a Nightscout site or both, and reads them back to check each. Run it as often as you like: nothing is uploaded twice. The password is asked for, or taken from DEXCOM_PASSWORD_FILE (a file) or DEXCOM_PASSWORD; the token of a site likewise, from NIGHTSCOUT_TOKEN_FILE or NIGHTSCOUT_TOKEN.',
    )
    .addOption(REGION_OPTION)
    .addOption(ACCOUNT_OPTION)
    .addOption(PORT_OPTION)
    .addOption(SERIAL_OPTION)
    .addOption(TO_OPTION)
    .addOption(NIGHTSCOUT_URL_OPTION)
    .addOption(WATCH_OPTION)
    .addOption(QUIET_OPTION)
    .addOption(BACKFILL_OPTION)
    .addOption(DRY_RUN_OPTION)
    .addOption(ASSIGN_RECEIVER_OPTION)
    .addOption(YES_OPTION)
    .addOption(UNITS_OPTION)
    .addOption(JOURNAL_OPTION)
    .addOption(SHARE_URL_OPTION)
    .addOption(PASSWORD_STDIN_OPTION)
    .addHelpText(
      'after',
      exampleText(
        'egvkit upload --region us --account NAME',
        'egvkit upload --region us --account NAME --watch',
        'egvkit upload --to nightscout --nightscout-url https://site.example',
      ),
    )
    .action((_options, command) =>
      run(async (io) => {
        const options = command.optsWithGlobals();
        if (options.watch) {
          const { watch } = await import('./watch.ts');
          return await watch(options, io);
        }
        const { upload } = await import('./action.ts');
        return await upload(options, io);
      }),
    );
}
