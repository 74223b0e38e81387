import { describeChoices } from '../../options/choice.ts';
import { PORT_OPTION, SERIAL_OPTION } from '../../options/port.ts';
import { RECORD_TYPES, TYPE_ARGUMENT } from '../../options/record-type.ts';
import { SINCE_OPTION } from '../../options/since.ts';
import { TIME_OPTION } from '../../options/time.ts';
import { UNITS_OPTION } from '../../options/units.ts';
import { exampleText } from '../../output/help-text.ts';
import type { Root, Run } from '../base.ts';

export function defineRead(root: Root, run: Run): void {
  root
    .command('read')
    .summary('read records from a receiver, such as its readings')
    .description(
      'Reads the records of one type from a receiver, oldest first, and prints a line for each. Nothing on the receiver is changed.',
    )
    .addArgument(TYPE_ARGUMENT)
    .addOption(PORT_OPTION)
    .addOption(SERIAL_OPTION)
    .addOption(SINCE_OPTION)
    .addOption(TIME_OPTION)
    .addOption(UNITS_OPTION)
    .addHelpText(
      'after',
      `${describeChoices('Record types', RECORD_TYPES)}
  or the receiver's own name of a type, or its number
${exampleText('egvkit read egv --since 24h')}`,
    )
    .action((type, _options, command) =>
      run(async (io) => {
        const { readRecords } = await import('./action.ts');
        return await readRecords(type, command.optsWithGlobals(), io);
      }),
    );
}
