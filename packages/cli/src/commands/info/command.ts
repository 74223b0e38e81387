import { PORT_OPTION, SERIAL_OPTION } from '../../options/port.ts';
import { exampleText } from '../../output/help-text.ts';
import type { Root, Run } from '../base.ts';

export function defineInfo(root: Root, run: Run): void {
  root
    .command('info')
    .summary('show serial number, clock, battery and records of a receiver')
    .description(
      'Shows serial number, transmitter, clock, battery and settings of a receiver, and how many records it holds.',
    )
    .addOption(PORT_OPTION)
    .addOption(SERIAL_OPTION)
    .addHelpText('after', exampleText('egvkit info'))
    .action((_options, command) =>
      run(async (io) => {
        const { showInfo } = await import('./action.ts');
        return await showInfo(command.optsWithGlobals(), io);
      }),
    );
}
