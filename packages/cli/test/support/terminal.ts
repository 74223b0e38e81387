import { join } from 'node:path';
import { type IPty, spawn } from '@lydell/node-pty';
import { onTestFinished, vi } from 'vitest';
import { NO_SETTINGS } from './no-settings.ts';

/** `egvkit` as it is started. */
export const MAIN = join(import.meta.dirname, '../../dist/main.js');

/** Ctrl and a letter, as a terminal sends it. */
export const ctrl = (letter: string): string =>
  String.fromCharCode(letter.toUpperCase().charCodeAt(0) - 0x40);

/** A program on a terminal of its own. */
export interface Terminal {
  readonly type: (keys: string) => void;
  /** Everything it has shown. */
  readonly shown: () => string;
  /** Waits until it has shown this. */
  readonly see: (text: RegExp) => Promise<void>;
  readonly ended: Promise<number>;
}

/** Starts a program on a terminal; it is gone when the test is. */
export function startOnTerminal(
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Terminal {
  const { PATH = '' } = process.env;
  const all = { PATH, TERM: 'xterm', ...NO_SETTINGS, ...env };
  const pty: IPty = spawn(file, [...args], { cols: 200, env: all });
  let shown = '';
  pty.onData((text) => {
    shown += text;
  });
  const ended = new Promise<number>((resolve) => {
    pty.onExit(({ exitCode }) => resolve(exitCode));
  });
  onTestFinished(() => {
    try {
      pty.kill('SIGKILL');
    } catch {
      // It has ended, as it should.
    }
  });
  return {
    type: (keys) => pty.write(keys),
    shown: () => shown,
    see: (text) =>
      vi.waitFor(
        () => {
          if (!text.test(shown)) throw new Error(`not seen: ${text} in ${JSON.stringify(shown)}`);
        },
        { timeout: 10_000 },
      ),
    ended,
  };
}
