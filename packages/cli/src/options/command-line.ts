import type { CommanderError, CommandUnknownOpts } from '@commander-js/extra-typings';
import { listOf, UsageError } from './usage.ts';

/** True if a flag without a value is given, even on an invalid command line. */
export function isGiven(args: readonly string[], flag: string): boolean {
  const end = args.indexOf('--');
  return (end < 0 ? args : args.slice(0, end)).includes(flag);
}

/**
 * Throws if an option that takes a value has none behind it. The parser would take the next option
 * for the value: `--port --json` has no port.
 */
export function requireValues(
  args: readonly string[],
  commands: Iterable<CommandUnknownOpts>,
): void {
  const options = [...commands].flatMap((command) => command.options);
  const flags = new Set(options.map(({ long }) => long));
  const withValue = new Set(options.filter(({ required }) => required).map(({ long }) => long));
  for (let at = 0; at < args.length && args[at] !== '--'; at++) {
    const flag = args[at] ?? '';
    if (!withValue.has(flag)) continue;
    const value = args[++at];
    if (value !== undefined && !/^-./.test(value)) continue;
    const isOption = value === undefined || flags.has(value) || value === '--';
    throw new UsageError(
      isOption
        ? `${flag} needs a value behind it.`
        : `${flag} needs a value behind it; one that begins with "-" is written ${flag}=${value}.`,
    );
  }
}

/**
 * Turns an error of the parser into a sentence of ours. Never shows the value of
 * `--password=secret`.
 */
export function describeRefusal(command: CommandUnknownOpts, error: CommanderError): UsageError {
  const path = commandPath(command);
  const seeHelp = `"${path} --help" shows how it is used.`;
  const [, quoted = ''] = /'(.*?)'/s.exec(error.message) ?? [];
  const [, guess] = /\(Did you mean (?:one of )?(.*)\?\)/.exec(error.message) ?? [];
  const didYouMean = guess === undefined ? '' : ` Did you mean ${listOf(guess.split(', '))}?`;
  switch (error.code) {
    case 'commander.unknownCommand':
      return new UsageError(`Unknown command "${quoted}".${didYouMean}`, {
        help: [`"${path} --help" lists the commands.`],
      });
    case 'commander.unknownOption':
      return describeUnknownOption(command, quoted.replace(/=.*$/s, ''), didYouMean, seeHelp);
    case 'commander.missingArgument': {
      const found = command.registeredArguments.find((one) => one.name() === quoted);
      // What it is, without what may be said besides.
      const what = found?.description.replace(/[,:(].*$/s, '').trim() ?? quoted;
      const choices = found?.argChoices;
      const use = choices === undefined ? [] : [`Use ${listOf(choices)}.`];
      return new UsageError(`The ${what} is missing.`, { help: [...use, seeHelp] });
    }
    case 'commander.excessArguments': {
      const [surplus = ''] = command.args.slice(command.registeredArguments.length);
      return new UsageError(`Unexpected argument "${surplus}".`, { help: [seeHelp] });
    }
    case 'commander.help': {
      const names = command.commands.map((one) => one.name());
      return new UsageError(`The command is missing: ${path} ${listOf(names)}.`, {
        help: [seeHelp],
      });
    }
    default:
      return new UsageError('The command line cannot be understood.', { help: [seeHelp] });
  }
}

function describeUnknownOption(
  command: CommandUnknownOpts,
  flag: string,
  didYouMean: string,
  seeHelp: string,
): UsageError {
  for (let one: CommandUnknownOpts | null = command; one !== null; one = one.parent) {
    const isKnown = one.options.some(({ long, required }) => long === flag && !required);
    if (isKnown) return new UsageError(`${flag} takes no value.`);
  }
  const help =
    command.commands.length > 0 && didYouMean === ''
      ? ['The options of a command are written behind it.', seeHelp]
      : [seeHelp];
  return new UsageError(`Unknown option ${flag}.${didYouMean}`, { help });
}

/** `egvkit share followers`. */
export function commandPath(command: CommandUnknownOpts): string {
  const name = command.name();
  return command.parent === null ? name : `${commandPath(command.parent)} ${name}`;
}
