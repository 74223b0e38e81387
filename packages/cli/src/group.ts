import { parseArgs } from 'node:util';
import type { ExitCode } from './failure.ts';
import type { Io } from './io.ts';
import { type FlagTable, listOf } from './uploadOptions.ts';
import { UsageError } from './usage.ts';

/** What a word of the command line does with the words after it. */
type Run = (args: readonly string[], io: Io) => Promise<ExitCode>;

/**
 * A command with a word that says what it does: `share login`. The word may stand after flags;
 * which of them have a value is looked up in `flags`, those of all the commands.
 */
export function group(
  name: string,
  commands: Readonly<Record<string, Run>>,
  flags: FlagTable,
): Run {
  return async (args, io) => {
    const { word, rest } = takeWord(args, flags);
    const run = word !== undefined && Object.hasOwn(commands, word) ? commands[word] : undefined;
    if (run !== undefined) return await run(rest, io);
    const words = Object.keys(commands);
    const known = words.length === 1 ? words[0] : listOf(words);
    throw new UsageError(
      word === undefined
        ? `Say what to do: egvkit ${name} ${known}.`
        : `There is no command "${name} ${word}"; use ${known}.`,
    );
  };
}

/** The first word that is neither a flag nor the value of one, and everything else. */
function takeWord(args: readonly string[], options: FlagTable) {
  const { tokens } = parseArgs({
    args: [...args],
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const found = tokens.find((token) => token.kind === 'positional');
  if (found === undefined) return { word: undefined, rest: args };
  return { word: found.value, rest: args.toSpliced(found.index, 1) };
}
