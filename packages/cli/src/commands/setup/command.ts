import { SYSTEM_OPTION, USER_OPTION } from '../../options/service.ts';
import { exampleText } from '../../output/help-text.ts';
import type { Root, Run } from '../base.ts';

export function defineSetup(root: Root, run: Run): void {
  root
    .command('setup')
    .summary('answer some questions, and have readings uploaded from then on')
    .description(
      'Asks where readings are to go and from which receiver, tries each answer at once, keeps the settings, and installs the service that uploads from then on. A password is kept only where the service needs it, and only on your word. Asked again it offers the answers of the last time; Ctrl-C ends it without a change.',
    )
    .addOption(USER_OPTION)
    .addOption(SYSTEM_OPTION)
    .addHelpText('after', exampleText('egvkit setup'))
    .action((_options, command) =>
      run(async (io) => {
        const { setUp } = await import('./action.ts');
        return await setUp(command.optsWithGlobals(), io);
      }),
    );
}
