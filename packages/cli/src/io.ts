import { buffer } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { WriteStream } from 'node:tty';
import { styleText } from 'node:util';
import { Interrupted } from './interrupted.ts';
import { printableLines } from './printable.ts';
import { askLine } from './prompt.ts';
import { UsageError } from './usage.ts';

type Style = Parameters<typeof styleText>[0];

/** What a command needs of the outside: passed in, so that a test can look at all of it. */
export interface Io {
  readonly env: Readonly<Record<string, string | undefined>>;
  /**
   * Writes to standard output. Control characters are spelled out: what a service or a receiver
   * says must not turn into commands to the terminal.
   */
  readonly write: (text: string) => void;
  /** Writes to standard output as it is, for styles and lines that are redrawn. */
  readonly draw: (text: string) => void;
  /** Writes to standard error; control characters are spelled out. */
  readonly writeError: (text: string) => void;
  /** Whether standard output is a terminal, where lines can be redrawn. */
  readonly isTerminal: boolean;
  /** Columns of the terminal; 80 where there is none. */
  readonly columns: number;
  /** Text in a style, where the terminal shows styles and the user has not said no to them. */
  readonly style: (style: Style, text: string) => string;
  /**
   * Asks for something that must not be shown. Throws `UsageError` if there is nobody to ask, and
   * `Interrupted` at Ctrl-C and Ctrl-D.
   */
  readonly askSecret: (question: string, instead: string) => Promise<string>;
  /** Everything on standard input, to its end. */
  readonly readInput: () => Promise<Uint8Array>;
  /**
   * Asks whether to go on; left out where there is nobody to ask. Ctrl-D means no; throws
   * `Interrupted` at Ctrl-C.
   */
  readonly askYesNo?: (question: string) => Promise<boolean>;
  /** Waits, unless the signal is aborted. */
  readonly sleep: (ms: number) => Promise<void>;
  readonly signal: AbortSignal;
}

/** FORCE_COLOR is also for what is no terminal; what it says, NO_COLOR and TERM, Node.js knows. */
function showsColours(stdout: WriteStream, env: Io['env']): boolean {
  return (
    (stdout.isTTY === true || env.FORCE_COLOR !== undefined) && WriteStream.prototype.hasColors()
  );
}

/** The process itself. */
export function processIo(signal: AbortSignal): Io {
  const { stdin, stdout, stderr, env } = process;
  return {
    env,
    write: (text) => void stdout.write(printableLines(text)),
    draw: (text) => void stdout.write(text),
    writeError: (text) => void stderr.write(printableLines(text)),
    isTerminal: stdout.isTTY === true,
    columns: stdout.columns ?? 80,
    // `styleText` would decide for itself, but before Node.js 22.13 it always says yes.
    style: (style, text) =>
      showsColours(stdout, env) ? styleText(style, text, { validateStream: false }) : text,
    async askSecret(question, instead) {
      if (stdin.isTTY !== true) throw new UsageError(`There is no terminal to ask on; ${instead}.`);
      const answer = await askLine(`${question}: `, { hidden: true, signal });
      if (answer === undefined) throw new Interrupted();
      return answer;
    },
    readInput: async () => await buffer(stdin),
    ...(stdin.isTTY === true && {
      async askYesNo(question: string) {
        const answer = await askLine(`${question} [y/N] `, { hidden: false, signal });
        return /^y(?:es)?$/i.test(answer?.trim() ?? '');
      },
    }),
    sleep: async (ms) => await setTimeout(ms, undefined, { signal }),
    signal,
  };
}
