import { Option } from '@commander-js/extra-typings';
import type { Scope } from '../service/plan.ts';
import { UsageError } from './usage.ts';

export const USER_OPTION = new Option('--user', 'for you alone (the default, unless you are root)');

export const SYSTEM_OPTION = new Option('--system', 'for the whole computer; needs root');

export const PRINT_OPTION = new Option(
  '--print',
  'print every file and command, and install nothing',
);

/** Values of the options that choose a service. */
export interface ScopeOptions {
  readonly user?: true | undefined;
  readonly system?: true | undefined;
}

/** The scope that is named; undefined if none is. */
export function chosenScope({ user, system }: ScopeOptions): Scope | undefined {
  if (user && system) throw new UsageError('Give either --user or --system, not both.');
  if (user) return 'user';
  return system ? 'system' : undefined;
}
