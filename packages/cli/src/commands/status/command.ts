import { Option } from '@commander-js/extra-typings';
import { spanParser } from '../../options/span.ts';
import { UNITS_OPTION } from '../../options/units.ts';
import { exampleText } from '../../output/help-text.ts';
import type { Root, Run } from '../base.ts';

const LONGEST_AGE = { ms: 7 * 86_400_000, text: '7d' };

const MAX_AGE_OPTION = new Option(
  '--max-age <span>',
  'age from which on the newest reading counts as old, such as 20m (default: 20m)',
).argParser(spanParser('--max-age', LONGEST_AGE));

export function defineStatus(root: Root, run: Run): void {
  root
    .command('status')
    .summary('tell how unattended uploading goes')
    .description(
      'Tells how "egvkit upload --watch" goes, by the status that it keeps. Asks neither receiver nor service. The exit code is for monitors: 0 if the newest reading is fresh and uploaded.',
    )
    .addOption(MAX_AGE_OPTION)
    .addOption(UNITS_OPTION)
    .addHelpText('after', exampleText('egvkit status --max-age 20m'))
    .action((_options, command) =>
      run(async (io) => {
        const { tellStatus } = await import('./action.ts');
        return await tellStatus(command.optsWithGlobals(), io);
      }),
    );
}
