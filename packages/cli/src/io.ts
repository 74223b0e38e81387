import { createInterface } from 'node:readline/promises';
import { buffer } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { styleText } from 'node:util';
import password from '@inquirer/password';
import { UsageError } from './usage.ts';

type Style = Parameters<typeof styleText>[0];

/** What a command needs of the outside: passed in, so that a test can look at all of it. */
export interface Io {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Writes to standard output. */
  readonly write: (text: string) => void;
  /** Writes to standard error. */
  readonly writeError: (text: string) => void;
  /** Whether standard output is a terminal, where lines can be redrawn. */
  readonly isTerminal: boolean;
  /** Columns of the terminal; 80 where there is none. */
  readonly columns: number;
  /** Text in a style, where the terminal shows styles and the user has not said no to them. */
  readonly style: (style: Style, text: string) => string;
  /** Asks for something that must not be shown. Throws `UsageError` if there is nobody to ask. */
  readonly askSecret: (question: string, instead: string) => Promise<string>;
  /** Everything on standard input, to its end. */
  readonly readInput: () => Promise<Uint8Array>;
  /** Asks whether to go on; left out where there is nobody to ask. */
  readonly askYesNo?: (question: string) => Promise<boolean>;
  /** Waits, unless the signal is aborted. */
  readonly sleep: (ms: number) => Promise<void>;
  readonly signal: AbortSignal;
}

/** The process itself. */
export function processIo(signal: AbortSignal): Io {
  const { stdin, stdout, stderr, env } = process;
  return {
    env,
    write: (text) => void stdout.write(text),
    writeError: (text) => void stderr.write(text),
    isTerminal: stdout.isTTY === true,
    columns: stdout.columns ?? 80,
    style: (style, text) => styleText(style, text, { stream: stdout }),
    async askSecret(question, instead) {
      if (stdin.isTTY !== true) throw new UsageError(`There is no terminal to ask on; ${instead}.`);
      return await password({ message: question }, { signal, output: stderr });
    },
    readInput: async () => await buffer(stdin),
    ...(stdin.isTTY === true && {
      async askYesNo(question: string) {
        const lines = createInterface({ input: stdin, output: stderr });
        try {
          const answer = await lines.question(`${question} [y/N] `, { signal });
          return /^y(?:es)?$/i.test(answer.trim());
        } finally {
          lines.close();
        }
      },
    }),
    sleep: async (ms) => await setTimeout(ms, undefined, { signal }),
    signal,
  };
}
