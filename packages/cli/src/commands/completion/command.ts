import { Argument } from '@commander-js/extra-typings';
import { choiceArgument } from '../../options/choice.ts';
import { EXIT } from '../../output/exit-codes.ts';
import { exampleText } from '../../output/help-text.ts';
import type { Root, Run } from '../base.ts';

const SHELLS = {
  bash: 'source <(egvkit completion bash)',
  zsh: 'source <(egvkit completion zsh)',
  fish: 'egvkit completion fish | source',
  powershell: 'egvkit completion powershell | Out-String | Invoke-Expression',
} as const;

/** `egvkit completion`, which prints a script, and `egvkit complete`, which the script calls. */
export function defineCompletion(root: Root, run: Run): void {
  root
    .command('completion')
    .summary('let the shell complete egvkit with the Tab key')
    .description(
      'Prints a script that lets a shell complete commands, options and their values with the Tab key.',
    )
    .addArgument(choiceArgument('<shell>', 'shell: bash, zsh, fish or powershell', SHELLS))
    .addHelpText(
      'after',
      `${exampleText(...Object.values(SHELLS))}

Put the line of your shell into the file that it reads when it starts, such as
~/.bashrc, ~/.zshrc, ~/.config/fish/config.fish or $PROFILE.`,
    )
    .action((shell) =>
      run(async () => {
        const { completer } = await import('./completer.ts');
        completer(root).setup('egvkit', 'egvkit', shell);
        return EXIT.ok;
      }),
    );
  root
    .command('complete', { hidden: true })
    .addArgument(new Argument('[words...]'))
    .addHelpText('after', exampleText('egvkit complete -- share ""'))
    .action((words) =>
      run(async () => {
        const { completer } = await import('./completer.ts');
        completer(root).parse([...words]);
        return EXIT.ok;
      }),
    );
}
