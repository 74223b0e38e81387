import { EgvkitError } from '@egvkit/protocol';
import type { Io } from '../../io/io.ts';
import type { DestinationName } from '../../options/destination.ts';
import { UsageError } from '../../options/usage.ts';
import { adviceOn } from '../../output/advice.ts';
import { type Exit, exitOf } from '../../output/exit-codes.ts';

/** Checks of this computer. */
const COMPUTER_CHECKS = {
  receiver: 'receiver',
  permission: 'permission',
  udev: 'udev rule',
  modemManager: 'ModemManager',
  proxy: 'proxy',
} as const;

/** Checks of a destination: left out if readings do not go there. */
export const DESTINATION_CHECKS = {
  share: {
    dns: 'name of the service',
    tls: 'connection',
    region: 'region',
    clock: "computer's clock",
    login: 'login',
    sharing: 'sharing',
    assignment: 'assignment',
  },
  nightscout: {
    nightscoutDns: 'Nightscout name',
    nightscoutSite: 'Nightscout site',
    nightscoutClock: 'Nightscout clock',
    nightscoutSecret: 'Nightscout secret',
    nightscoutRights: 'Nightscout rights',
  },
} as const satisfies Readonly<Record<DestinationName, object>>;

/** Every check, in the order in which a person would look: id and name for people. */
export const CHECKS = {
  ...COMPUTER_CHECKS,
  ...DESTINATION_CHECKS.share,
  ...DESTINATION_CHECKS.nightscout,
} as const;

export type CheckId = keyof typeof CHECKS;

/** Outcome of a check. `warn` is in order for now; `fail` is not, and nothing is uploaded. */
export type CheckState = 'ok' | 'warn' | 'fail' | 'skipped';

/** A row of `egvkit doctor`. */
export interface CheckResult {
  readonly state: CheckState;
  /** Facts that were found, or the reason for which nothing was looked for. */
  readonly found: string;
  /** Advice to a person, if there is something to do. */
  readonly fix?: string | undefined;
  /** Exit code that a failure asks for. */
  readonly exit?: Exit | undefined;
}

/** Tells the outcome of a check. */
export type Note = (id: CheckId, result: CheckResult) => void;

export function ok(found: string): CheckResult {
  return { state: 'ok', found };
}

export function warn(found: string, fix: string): CheckResult {
  return { state: 'warn', found, fix };
}

export function fail(found: string, fix: string, exit: Exit = 'needsPerson'): CheckResult {
  return { state: 'fail', found, fix, exit };
}

export function skipped(found: string, fix?: string): CheckResult {
  return { state: 'skipped', found, fix };
}

/** The result of a check that an error ended. Throws the errors that no check foresees. */
export function failedBy(error: unknown, { env, signal }: Pick<Io, 'env' | 'signal'>): CheckResult {
  signal.throwIfAborted();
  if (error instanceof UsageError) return fail(error.message, error.help.join(' '));
  if (!(error instanceof EgvkitError)) throw error;
  const advice = adviceOn(error, 'doctor', env);
  const fix = advice === undefined ? error.help : `${error.help} ${advice}`;
  return fail(error.message, fix, exitOf(error));
}
