import { EgvkitError } from '@egvkit/protocol';
import type { Io } from '../../io/io.ts';
import { invalid, UsageError } from '../../options/usage.ts';
import { failureLines } from '../../output/failure.ts';
import { printable } from '../../output/printable.ts';

/** Options of a question for a line. */
interface TextOptions<Value> {
  /** Taken when nothing but Enter is typed; shown in brackets. */
  readonly initial?: string | undefined;
  /** Turns the line into a value; its `UsageError` is shown, and the question asked again. */
  readonly parse: (text: string) => Value;
}

/** Questions to a person, one after the other. Each throws `Interrupted` at Ctrl-C and Ctrl-D. */
export interface Dialog {
  readonly io: Io;
  readonly say: (line: string) => void;
  readonly sayFailure: (error: unknown) => void;
  readonly text: <Value>(question: string, options: TextOptions<Value>) => Promise<Value>;
  readonly secret: (question: string) => Promise<string>;
  readonly yesNo: (question: string, initial: boolean) => Promise<boolean>;
}

/** @throws UsageError if there is no terminal to ask on */
export function openDialog(io: Io): Dialog {
  const { askText } = io;
  if (askText === undefined) {
    throw new UsageError('egvkit setup asks questions, and there is no terminal to ask on.', {
      help: [
        'Without questions: "egvkit settings set NAME VALUE", DEXCOM_PASSWORD_FILE for the password, ' +
          'and "egvkit service install".',
      ],
    });
  }
  // Questions are on standard error, and so is what stands between them.
  const say = (line: string): void => io.writeError(`${printable(line)}\n`);
  const text: Dialog['text'] = async (question, { initial, parse }) => {
    const shown = initial === undefined ? question : `${question} [${printable(initial)}]`;
    for (;;) {
      const answer = (await askText(shown)).trim() || (initial ?? '');
      try {
        return parse(answer);
      } catch (error) {
        if (!(error instanceof UsageError)) throw error;
        say(error.message);
      }
    }
  };
  return {
    io,
    say,
    sayFailure: (error) => {
      for (const line of failureLines(error, io, 'share')) say(line);
    },
    text,
    async secret(question) {
      for (;;) {
        const answer = await io.askSecret(question, '');
        if (answer.trim() !== '') return answer;
        say('Nothing was typed.');
      }
    },
    yesNo: (question, initial) =>
      text(question, { initial: initial ? 'yes' : 'no', parse: parseYesNo }),
  };
}

function parseYesNo(text: string): boolean {
  if (/^y(?:es)?$/i.test(text)) return true;
  if (/^no?$/i.test(text)) return false;
  throw invalid('answer', text, 'type yes or no');
}

/**
 * Tries an answer: once, and again on the person's word while what failed may pass by itself. Undefined
 * if the person would rather answer anew.
 */
export async function attempt<Result>(
  { io, yesNo, sayFailure }: Dialog,
  make: () => Promise<Result>,
): Promise<Result | undefined> {
  for (;;) {
    try {
      return await make();
    } catch (error) {
      if (io.signal.aborted || !(error instanceof EgvkitError && error.retryable)) throw error;
      sayFailure(error);
      if (!(await yesNo('Try again?', true))) return undefined;
    }
  }
}
