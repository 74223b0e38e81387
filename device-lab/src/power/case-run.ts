/** Running of cases one after the other: a row for each, and those left out that nobody chose. */
import type { Row } from '../table.ts';

/** Longest account of a failure, in characters. */
const MOST_WORDS = 1000;

export interface CaseRunOptions {
  readonly tell: (text: string) => void;
  /** Called with the outcome of each case. */
  readonly onRow: (row: Row) => void;
  /** Cases whose names do not match are left out. */
  readonly chosen: RegExp;
}

export class CaseRun {
  readonly tell: (text: string) => void;
  readonly #onRow: (row: Row) => void;
  readonly #chosen: RegExp;

  constructor({ tell, onRow, chosen }: CaseRunOptions) {
    this.tell = tell;
    this.#onRow = onRow;
    this.#chosen = chosen;
  }

  /** True if one of these cases is to be run. */
  wants(names: readonly string[]): boolean {
    return names.some((name) => this.#chosen.test(name));
  }

  /**
   * Runs a case that others need, chosen or not. `act` gives the words for its row.
   *
   * @throws Error that ended the case: those that need it make no sense then
   */
  async must(name: string, act: () => Promise<string>): Promise<void> {
    this.tell(`case: ${name}`);
    const began = performance.now();
    const finish = (result: Row['result'], measured: string): void => {
      const seconds = Math.round((performance.now() - began) / 1000);
      this.tell(`${result.padEnd(8)}${name} (${seconds} s): ${measured}`);
      this.#onRow({ name, result, measured });
    };
    try {
      finish('ok', await act());
    } catch (error) {
      finish('failed', (error as Error).message.slice(0, MOST_WORDS));
      throw error;
    }
  }

  /** Runs a case if it is chosen. One that fails is a row, and the next one follows. */
  async may(name: string, act: () => Promise<string>): Promise<void> {
    if (this.wants([name])) await this.must(name, act).catch(() => {});
  }
}
