import { type DataOf, stays, TableError } from '@egvkit/protocol';

/** Failures to install, remove or ask for the service that uploads. */
export const SERVICE_ERRORS = {
  noServiceManager: stays<{ manager: string; reason: string }>(
    ({ manager, reason }) => `There is no ${manager} to run the service: ${reason}.`,
    'Let whatever starts programs on this computer run "egvkit upload --watch", and start it ' +
      'again a minute after it has ended by itself with any exit code but 2 and 5.',
  ),
  scopeUnsupported: stays<{ manager: string }>(
    ({ manager }) =>
      `A service of the whole computer is not made for ${manager}, only one of the user.`,
    'Use --user: the service runs while that user is logged in.',
  ),
  needsRoot: stays<{ command: string }>(
    () => 'Only root may install, remove or change a service of the whole computer.',
    ({ command }) => `Run it as root: ${command}`,
  ),
  noSettings: stays<{ path: string }>(
    ({ path }) => `There are no settings for the service to go by: no ${path}.`,
    'Run "egvkit setup" first, for a service of the whole computer as root.',
  ),
  temporaryProgram: stays<{ path: string }>(
    ({ path }) =>
      `egvkit runs from ${path}, which may be emptied at any time, so no service can run it.`,
    'Install it: "npm install -g egvkit". Then run "egvkit service install" again.',
  ),
  hiddenProgram: stays<{ path: string; folder: string }>(
    ({ path, folder }) =>
      `The service of the whole computer cannot run ${path}: it does not get to see ${folder}.`,
    'Install Node.js and egvkit for all users of this computer, or use --user, which gives the ' +
      'service to you alone.',
  ),
  foreignFile: stays<{ path: string }>(
    ({ path }) => `${path} is there and was not written by egvkit, so it stays as it is.`,
    'Remove it, or give it another name, and try again.',
  ),
  fileUnusable: stays<{ path: string; reason: string }>(
    ({ path, reason }) => `${path} cannot be read, written or removed: ${reason}.`,
    'Make room, or correct its permissions, and try again.',
  ),
  commandFailed: stays<{ command: string; outcome: string; output: string }>(
    ({ command, outcome, output }) =>
      `"${command}" failed (${outcome})${output === '' ? '' : `: ${output}`}`,
    'Correct that and run the same command again: what was done is kept.',
  ),
  notInstalled: stays<{ scope: string; path: string }>(
    ({ scope, path }) => `No ${scope} service of egvkit is installed: no ${path}.`,
    '"egvkit service install" installs one; --user or --system says which is meant.',
  ),
} as const;

export type ServiceErrorCode = keyof typeof SERVICE_ERRORS;

/** The service cannot be installed, removed or asked for. */
export class ServiceError<Code extends ServiceErrorCode = ServiceErrorCode> extends TableError<
  typeof SERVICE_ERRORS,
  Code
> {
  override readonly name = 'ServiceError';

  constructor(
    code: Code,
    data: DataOf<typeof SERVICE_ERRORS, Code>,
    options?: { cause?: unknown },
  ) {
    super(SERVICE_ERRORS, code, data, options);
  }
}
