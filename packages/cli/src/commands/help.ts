import { Argument, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { UsageError } from '../options/usage.ts';
import { EXIT } from '../output/exit-codes.ts';
import { exampleText } from '../output/help-text.ts';
import { packageVersion } from '../version.ts';
import type { Root, Run } from './base.ts';

/** `egvkit help` and `egvkit version`: what `--help` and `--version` print. */
export function defineHelp(root: Root, run: Run): void {
  root
    .command('help')
    .summary('print how a command is used')
    .description('Prints how a command is used.')
    .addArgument(new Argument('[command...]', 'the command, such as: share followers invite'))
    .addHelpText('after', exampleText('egvkit help upload'))
    .action(async (words) => {
      const at = words.findIndex(
        (_, index) => findCommand(root, words.slice(0, index + 1)) === undefined,
      );
      if (at < 0) await root.parseAsync([...words, '--help'], { from: 'user' });
      const group = findCommand(root, words.slice(0, at));
      if (group?.commands.length === 0) {
        throw new UsageError(`Unexpected argument "${words[at]}".`);
      }
      // Nothing runs: a group does nothing but refuse what it does not know.
      await root.parseAsync(words.slice(0, at + 1), { from: 'user' });
    });
  root.command('version', { hidden: true }).action(() =>
    run(async (io) => {
      io.write(`${packageVersion()}\n`);
      return EXIT.ok;
    }),
  );
}

function findCommand(
  root: CommandUnknownOpts,
  words: readonly string[],
): CommandUnknownOpts | undefined {
  let found: CommandUnknownOpts | undefined = root;
  for (const word of words) found = found?.commands.find((one) => one.name() === word);
  return found;
}
