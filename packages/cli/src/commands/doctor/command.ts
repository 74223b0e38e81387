import { Option } from '@commander-js/extra-typings';
import { NIGHTSCOUT_URL_OPTION, TO_OPTION } from '../../options/destination.ts';
import { PORT_OPTION, SERIAL_OPTION } from '../../options/port.ts';
import { ACCOUNT_OPTION, REGION_OPTION, SHARE_URL_OPTION } from '../../options/share-account.ts';
import { exampleText } from '../../output/help-text.ts';
import type { Root, Run } from '../base.ts';

const LOGIN_OPTION = new Option('--login', 'log in once, if that is needed, without asking');

export function defineDoctor(root: Root, run: Run): void {
  root
    .command('doctor')
    .summary('find out what keeps readings from being uploaded')
    .description(
      'Looks at receiver, port, computer, network, account and Nightscout site, and says what to do about each thing that is wrong. Uploads nothing, and asks before it logs in.',
    )
    .addOption(REGION_OPTION)
    .addOption(ACCOUNT_OPTION)
    .addOption(PORT_OPTION)
    .addOption(SERIAL_OPTION)
    .addOption(TO_OPTION)
    .addOption(NIGHTSCOUT_URL_OPTION)
    .addOption(SHARE_URL_OPTION)
    .addOption(LOGIN_OPTION)
    .addHelpText('after', exampleText('egvkit doctor', 'egvkit doctor --json'))
    .action((_options, command) =>
      run(async (io) => {
        const { examine } = await import('./action.ts');
        return await examine(command.optsWithGlobals(), io);
      }),
    );
}
