import { createInterface, type Interface } from 'node:readline';
import { Writable } from 'node:stream';
import { Interrupted } from './interrupted.ts';

/** Options of a question on the terminal. */
export interface PromptOptions {
  /** True if typed characters must not be shown. */
  readonly hidden: boolean;
  readonly signal: AbortSignal;
}

/**
 * Asks for one line on the terminal, on standard error, since standard output is for results.
 *
 * @returns undefined if there is none: Ctrl-D
 * @throws Interrupted at Ctrl-C
 */
export async function askLine(
  question: string,
  { hidden, signal }: PromptOptions,
): Promise<string | undefined> {
  const { stdin, stderr } = process;
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({
    input: stdin,
    output: hidden ? nowhere : stderr,
    historySize: 0,
    // Only then does the terminal leave it to us what is shown of the keys.
    ...(hidden && { terminal: true }),
  });
  const answered = Promise.withResolvers<string | undefined>();
  const stop = (): void => answered.reject(new Interrupted());
  lines.once('line', answered.resolve).once('SIGINT', stop);
  lines.once('close', () => answered.resolve(undefined));
  const ask = (): void => {
    if (hidden) stderr.write(question);
    lines.prompt(true);
  };
  // Ctrl-Z pauses the input for good, unless it is asked again when the program goes on.
  lines.on('SIGCONT', () => {
    // Nobody sees what was typed before, so it must not become part of the answer.
    if (hidden) clearLine(lines);
    ask();
  });
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  let answer: string | undefined;
  try {
    lines.setPrompt(question);
    ask();
    answer = await answered.promise;
    return answer;
  } finally {
    signal.removeEventListener('abort', stop);
    lines.close();
    // What comes next begins on a line of its own, though no Enter was shown.
    if (hidden || answer === undefined) stderr.write('\n');
  }
}

function clearLine(lines: Interface): void {
  // Ctrl-U takes only what is before the cursor: Ctrl-E first.
  for (const name of ['e', 'u']) lines.write(null, { ctrl: true, name });
}
