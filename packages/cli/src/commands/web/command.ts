import { Option } from '@commander-js/extra-typings';
import { numberOption } from '../../options/number.ts';
import { exampleText } from '../../output/help-text.ts';
import type { Root, Run } from '../base.ts';

export function defineWeb(root: Root, run: Run): void {
  root
    .command('web')
    .summary('read a receiver and upload in a web page')
    .description(
      'Serves a web page on this computer and opens it: plug in the receiver, see its readings, upload them to Dexcom Share, follow an account. Only this computer reaches it. Runs until it is interrupted with Ctrl-C. With --verbose it prints a line for every request.',
    )
    .addOption(
      new Option('--demo', 'add an emulated Share service with an account to try everything with'),
    )
    .addOption(new Option('--no-open', 'print the address only, and open no browser'))
    .addOption(numberOption('--port <n>', 'port to listen on; a free one by default', [0, 65_535]))
    .addHelpText('after', exampleText('egvkit web', 'egvkit web --demo'))
    .action((_options, command) =>
      run(async (io) => {
        const { servePage } = await import('./action.ts');
        return await servePage(command.optsWithGlobals(), io);
      }),
    );
}
