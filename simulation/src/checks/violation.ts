/** A rule that was broken: the first one ends a history. */
export interface Violation {
  readonly rule: RuleName;
  /** True time, Unix ms. */
  readonly atMs: number;
  readonly what: string;
}

/** Rules that hold at every step of every history. */
export const RULES = {
  twice: 'no reading is twice at a destination',
  missing: 'none is missing that could have been sent',
  wrongTime: 'none has a wrong time, to the second',
  noReading: 'nothing is sent that was not measured',
  wrongReceiver: 'readings are sent under the serial number of their receiver',
  refusedAgain: 'no login is repeated after it was refused',
  lockedLogin: 'no login is tried while the account is known to be locked',
  loginsTooOften: 'two attempts to log in are 15 minutes apart',
  tooSoon: 'a service that asks to wait is not asked before',
  receiverTooOften: 'a receiver is not asked more often than the schedule says',
  notARead: 'nothing but reads is sent to a receiver',
  falseStatus: 'the status never claims what is not so',
  silentStatus: 'the status says what is wrong and what a person must do',
  memory: 'memory and journal stay small',
  ended: 'unattended uploading never ends by itself',
} as const;

export type RuleName = keyof typeof RULES;

/** Keeps the first violation of a history. */
export class Verdict {
  #first: Violation | undefined;
  readonly #nowMs: () => number;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  get first(): Violation | undefined {
    return this.#first;
  }

  broken(rule: RuleName, what: string): void {
    this.#first ??= { rule, atMs: this.#nowMs(), what };
  }
}
