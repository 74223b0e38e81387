import { Argument, Option } from '@commander-js/extra-typings';
import { invalid, listOf } from './usage.ts';

/** Values of an option or argument: the name of each, and its meaning. */
export type Choices<Name extends string> = Readonly<Record<Name, string>>;

/** An option that takes one of some names, in capitals or not. */
export function choiceOption<const Flags extends string, Name extends string>(
  flags: Flags,
  description: string,
  choices: Choices<Name>,
) {
  const names = namesOf(choices);
  return new Option(flags, description)
    .choices(names)
    .argParser(oneOf(flagOf(flags), names, listOf(names)));
}

/** An argument that takes one of some names, in capitals or not. */
export function choiceArgument<const Usage extends string, Name extends string>(
  usage: Usage,
  description: string,
  choices: Choices<Name>,
) {
  const names = namesOf(choices);
  const argument = new Argument(usage, description);
  return argument.choices(names).argParser(oneOf(argument.name(), names, listOf(names)));
}

/** The names of choices, in their order. */
export function namesOf<Name extends string>(choices: Choices<Name>): readonly Name[] {
  return Object.keys(choices) as Name[];
}

/** Choices as help has them: a line each, below their heading. */
export function describeChoices(heading: string, choices: Choices<string>): string {
  const entries = Object.entries(choices);
  const width = Math.max(...entries.map(([name]) => name.length));
  return [
    `\n${heading}:`,
    ...entries.map(([name, meaning]) => `  ${name.padEnd(width)}  ${meaning}`),
  ].join('\n');
}

function oneOf<Name extends string>(what: string, names: readonly Name[], list: string) {
  return (text: string): Name => {
    const found = names.find((name) => name.toLowerCase() === text.toLowerCase());
    if (found === undefined) throw invalid(what, text, `use ${list}`);
    return found;
  };
}

/** `--units <unit>` is `--units`. */
function flagOf(flags: string): string {
  return flags.replace(/ .*$/, '');
}
