import { UNITS_OPTION } from '../../options/units.ts';
import { exampleText } from '../../output/help-text.ts';
import type { Root, Run } from '../base.ts';

export function defineReceivers(root: Root, run: Run): void {
  root
    .command('receivers')
    .summary('list the receivers that are plugged in')
    .description(
      'Lists the receivers that are plugged into this computer: port, product, serial number and newest reading of each.',
    )
    .addOption(UNITS_OPTION)
    .addHelpText('after', exampleText('egvkit receivers'))
    .action((_options, command) =>
      run(async (io) => {
        const { listReceivers } = await import('./action.ts');
        return await listReceivers(command.optsWithGlobals(), io);
      }),
    );
}
