/** Queue of the logins to one account: guesses at once would pass its lock. */
export class LoginQueue {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Runs the work after all earlier work for the same key. */
  async run<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
    const before = this.#last.get(key) ?? Promise.resolve();
    const mine = before.then(work, work);
    this.#last.set(key, mine);
    try {
      return await mine;
    } finally {
      if (this.#last.get(key) === mine) this.#last.delete(key);
    }
  }
}
