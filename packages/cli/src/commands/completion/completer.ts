import { type Complete, RootCommand } from '@bomb.sh/tab';
import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { commandPath } from '../../options/command-line.ts';

/** Makes the tree from which @bomb.sh/tab completes: commands, options, arguments and choices. */
export function completer(program: CommandUnknownOpts): RootCommand {
  const root = new RootCommand();
  addOptions(root, program);
  for (const command of program.commands) addCommand(root, command);
  return root;
}

function addCommand(root: RootCommand, command: CommandUnknownOpts): void {
  if (
    command
      .createHelp()
      .visibleCommands(command.parent ?? command)
      .indexOf(command) < 0
  )
    return;
  // Without "egvkit" itself.
  const path = commandPath(command).replace(/^\S+ /, '');
  const entry = root.command(path, command.summary());
  addOptions(entry, command);
  for (const argument of command.registeredArguments) {
    entry.argument(argument.name(), offer(argument.argChoices), argument.variadic);
  }
  for (const one of command.commands) addCommand(root, one);
}

function addOptions(entry: Pick<RootCommand, 'option'>, command: CommandUnknownOpts): void {
  for (const option of command.createHelp().visibleOptions(command)) {
    const name = option.long?.replace(/^--/, '') ?? '';
    if (option.required) entry.option(name, option.description, offer(option.argChoices));
    else entry.option(name, option.description);
  }
}

function offer(choices: readonly string[] = []): (complete: Complete) => void {
  return (complete) => {
    for (const choice of choices) complete(choice, '');
  };
}
