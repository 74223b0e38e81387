import { daysOption, SEED_OPTION } from '../../options/number.ts';
import { PORT_OPTION } from '../../options/port.ts';
import { PROFILE_OPTION } from '../../options/profile.ts';
import {
  ACCOUNT_OPTION,
  REGION_OPTION,
  SHARE_URL_OPTION,
  YES_OPTION,
} from '../../options/share-account.ts';
import { UNITS_OPTION } from '../../options/units.ts';
import { ASSIGN_RECEIVER_OPTION, DRY_RUN_OPTION, JOURNAL_OPTION } from '../../options/upload.ts';
import { exampleText } from '../../output/help-text.ts';
import type { Root, Run } from '../base.ts';

export function defineDemo(root: Root, run: Run): void {
  root
    .command('demo')
    .summary('try an upload with an emulated receiver and an emulated Share')
    .description(
      'Uploads a day of readings from an emulated receiver to an emulated Share service, and checks that each arrived. Needs no receiver, no account and no network. With --port it is "egvkit upload", with a real receiver and account.',
    )
    .addOption(PROFILE_OPTION)
    .addOption(daysOption('how many days of readings the receiver has (30)', 1))
    .addOption(SEED_OPTION)
    .addOption(DRY_RUN_OPTION)
    .addOption(UNITS_OPTION)
    .addOption(PORT_OPTION)
    .addOption(REGION_OPTION)
    .addOption(ACCOUNT_OPTION)
    .addOption(ASSIGN_RECEIVER_OPTION)
    .addOption(YES_OPTION)
    .addOption(JOURNAL_OPTION)
    .addOption(SHARE_URL_OPTION)
    .addHelpText(
      'after',
      exampleText('egvkit demo', 'egvkit demo --port auto --region us --account NAME'),
    )
    .action((_options, command) =>
      run(async (io) => {
        const { demonstrate } = await import('./action.ts');
        const isSaid = (name: string): boolean => command.getOptionValueSource(name) === 'cli';
        return await demonstrate(command.optsWithGlobals(), isSaid, io);
      }),
    );
}
