import type { ExitCode } from './failure.ts';
import type { Io } from './io.ts';
import { listOf } from './uploadOptions.ts';
import { UsageError } from './usage.ts';

/** What a word of the command line does with the words after it. */
type Run = (args: readonly string[], io: Io) => Promise<ExitCode>;

/** A command whose next word says what it does: `share login`. */
export function group(name: string, commands: Readonly<Record<string, Run>>): Run {
  return async (args, io) => {
    const [word, ...rest] = args;
    const run = word !== undefined && Object.hasOwn(commands, word) ? commands[word] : undefined;
    if (run !== undefined) return await run(rest, io);
    const words = Object.keys(commands);
    const known = words.length === 1 ? words[0] : listOf(words);
    throw new UsageError(
      word === undefined || word.startsWith('-')
        ? `Say what to do: egvkit ${name} ${known}.`
        : `There is no command "${name} ${word}"; use ${known}.`,
    );
  };
}
