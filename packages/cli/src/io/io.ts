import { addAbortSignal } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { WriteStream } from 'node:tty';
import { styleText } from 'node:util';
import { UsageError } from '../options/usage.ts';
import { printableLines } from '../output/printable.ts';
import { Interrupted } from './interrupted.ts';
import { askLine, type PromptOptions } from './prompt.ts';

type Style = Parameters<typeof styleText>[0];

/** A line on the terminal that is drawn again and again while something goes on. */
export interface Progress {
  /** Draws the line over the one before; draws nothing if standard output is not a terminal. */
  readonly show: (line: string) => void;
  /** Takes the line away. */
  readonly clear: () => void;
  /** Leaves the line as it is; what follows begins below it. */
  readonly end: () => void;
}

/** Input and output of a command, with a progress line that never mixes with other output. */
export interface Io extends PlainIo {
  readonly progress: Progress;
}

/** All input and output of egvkit. A parameter, so that a test can observe every part. */
export interface PlainIo {
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
  /** True if standard output is a terminal, where lines can be redrawn. */
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
  /** Yields the chunks of standard input, to its end or to an interruption. */
  readonly readInput: () => AsyncIterable<Uint8Array>;
  /**
   * Asks whether to go on; left out where there is nobody to ask. Ctrl-D means no; throws
   * `Interrupted` at Ctrl-C.
   */
  readonly askYesNo?: (question: string) => Promise<boolean>;
  /**
   * Asks for a line that may be shown; left out where there is nobody to ask. Throws `Interrupted` at
   * Ctrl-C and Ctrl-D.
   */
  readonly askText?: (question: string) => Promise<string>;
  /** Waits, unless the signal is aborted. */
  readonly sleep: (ms: number) => Promise<void>;
  readonly signal: AbortSignal;
}

/** True if styles are shown: on a terminal, or with FORCE_COLOR. Node.js reads NO_COLOR and TERM. */
function showsColours(stdout: WriteStream, env: PlainIo['env']): boolean {
  return (
    (stdout.isTTY === true || env.FORCE_COLOR !== undefined) && WriteStream.prototype.hasColors()
  );
}

function noTerminal(question: string, instead: string): UsageError {
  return new UsageError(`${question}: there is no terminal to ask on.`, { help: [instead] });
}

async function askFor(question: string, options: PromptOptions): Promise<string> {
  const answer = await askLine(`${question}: `, options);
  if (answer === undefined) throw new Interrupted();
  return answer;
}

/** The process itself. */
export function processIo(signal: AbortSignal): PlainIo {
  const { stdin, stdout, stderr, env } = process;
  return {
    env,
    write: (text) => void stdout.write(printableLines(text)),
    draw: (text) => void stdout.write(text),
    writeError: (text) => void stderr.write(printableLines(text)),
    isTerminal: stdout.isTTY === true,
    // Anew each time: a window changes its size.
    get columns() {
      return stdout.columns ?? 80;
    },
    // `styleText` would decide for itself, but before Node.js 22.13 it always says yes.
    style: (style, text) =>
      showsColours(stdout, env) ? styleText(style, text, { validateStream: false }) : text,
    async askSecret(question, instead) {
      if (stdin.isTTY !== true) throw noTerminal(question, instead);
      return await askFor(question, { hidden: true, signal });
    },
    readInput: () => addAbortSignal(signal, stdin),
    ...(stdin.isTTY === true && {
      async askYesNo(question: string) {
        const answer = await askLine(`${question} [y/N] `, { hidden: false, signal });
        return /^y(?:es)?$/i.test(answer?.trim() ?? '');
      },
      askText: (question: string) => askFor(question, { hidden: false, signal }),
    }),
    sleep: async (ms) => await setTimeout(ms, undefined, { signal }),
    signal,
  };
}
