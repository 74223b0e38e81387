import type {
  CommandUnknownOpts,
  Help,
  HelpConfiguration,
  Option,
} from '@commander-js/extra-typings';
import { commandPath } from '../options/command-line.ts';
import { describeExitCodes } from './exit-codes.ts';

/** Columns of help: those of the narrowest terminal that people use. */
const HELP_WIDTH = 80;

/** Help of one command: its use, its commands or arguments, its options with those of its parents. */
export const HELP: HelpConfiguration = {
  helpWidth: HELP_WIDTH,
  visibleOptions,
  formatHelp,
  optionDescription: ({ description }) => description,
  argumentDescription: ({ description }) => description,
  subcommandTerm: (command) => command.name(),
};

/** The options of a command and of those above it; the version is of `egvkit` itself only. */
function visibleOptions(command: CommandUnknownOpts): Option[] {
  const all: Option[] = [];
  for (let one: CommandUnknownOpts | null = command; one !== null; one = one.parent) {
    all.push(...one.options.filter(({ long }) => one === command || long !== '--version'));
  }
  return [...all, command.createOption('-h, --help', 'print this help')] as Option[];
}

function formatHelp(command: CommandUnknownOpts, helper: Help): string {
  const width = helper.padWidth(command, helper);
  const list = (heading: string, items: readonly (readonly [string, string])[]): string[] => {
    const lines = items.map(([term, text]) => helper.formatItem(term, width, text, helper));
    return lines.length === 0 ? [] : ['', `${heading}:`, ...lines];
  };
  return [
    helper.boxWrap(command.description(), HELP_WIDTH),
    '',
    `Usage: ${describeUsage(command)}`,
    ...list(
      'Commands',
      helper.visibleCommands(command).map((one) => [one.name(), one.summary()] as const),
    ),
    ...list(
      'Arguments',
      helper.visibleArguments(command).map((one) => [one.name(), one.description] as const),
    ),
    ...list(
      'Options',
      helper.visibleOptions(command).map((one) => [one.flags, one.description] as const),
    ),
    '',
  ].join('\n');
}

function describeUsage(command: CommandUnknownOpts): string {
  const words = command.registeredArguments.map((argument) => {
    const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
    return argument.required ? `<${name}>` : `[${name}]`;
  });
  const what = command.commands.length > 0 ? ['<command>'] : words;
  return [commandPath(command), ...what, '[options]'].join(' ');
}

/** Examples, below the options of a command. */
export function exampleText(...lines: readonly string[]): string {
  const heading = lines.length > 1 ? 'Examples' : 'Example';
  return [`\n${heading}:`, ...lines.map((line) => `  ${line}`)].join('\n');
}

/** The end of every help. */
export function exitCodeText(): string {
  return `\nExit codes:\n${describeExitCodes()}`;
}
