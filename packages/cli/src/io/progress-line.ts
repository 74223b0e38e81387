import type { Io, PlainIo } from './io.ts';

/** To the beginning of the line, and everything on it gone. */
const OVER_LINE = '\r\x1b[2K';

/** Adds a progress line that ends before anything else is printed or asked. */
export function trackProgress(plain: PlainIo): Io {
  let isOpen = false;
  const end = (): void => {
    if (isOpen) plain.draw('\n');
    isOpen = false;
  };
  const below =
    <Args extends readonly unknown[], Result>(print: (...args: Args) => Result) =>
    (...args: Args): Result => {
      end();
      return print(...args);
    };
  const { askYesNo, askText } = plain;
  return {
    ...plain,
    get columns() {
      return plain.columns;
    },
    write: below(plain.write),
    draw: below(plain.draw),
    writeError: below(plain.writeError),
    askSecret: below(plain.askSecret),
    ...(askYesNo && { askYesNo: below(askYesNo) }),
    ...(askText && { askText: below(askText) }),
    progress: {
      show(line) {
        if (!plain.isTerminal) return;
        plain.draw(`${OVER_LINE}${line}`);
        isOpen = true;
      },
      clear() {
        if (isOpen) plain.draw(OVER_LINE);
        isOpen = false;
      },
      end,
    },
  };
}
