import { type DataOf, row, TableError } from '@egvkit/protocol';

/** Failures to install, remove or ask for the service that uploads. */
export const SERVICE_ERRORS = {
  noServiceManager: row<{ manager: string; reason: string }>({
    message: ({ manager, reason }) => `There is no ${manager} to run the service: ${reason}.`,
    help:
      'Let whatever starts programs on this computer run "egvkit upload --watch", and start it ' +
      'again a minute after it has ended with the exit code 1, 3, 4 or 6.',
    retryable: false,
  }),
  scopeUnsupported: row<{ manager: string }>({
    message: ({ manager }) =>
      `A service of the whole computer is not made for ${manager}, only one of the user.`,
    help: 'Use --user: the service runs while that user is logged in.',
    retryable: false,
  }),
  needsRoot: row<{ command: string }>({
    message: () => 'Only root may install, remove or change a service of the whole computer.',
    help: ({ command }) => `Run it as root: ${command}`,
    retryable: false,
  }),
  noSettings: row<{ path: string }>({
    message: ({ path }) => `There are no settings for the service to go by: no ${path}.`,
    help: 'Run "egvkit setup" first, for a service of the whole computer as root.',
    retryable: false,
  }),
  temporaryProgram: row<{ path: string }>({
    message: ({ path }) =>
      `egvkit runs from ${path}, which may be emptied at any time, so no service can run it.`,
    help: 'Install it: "npm install -g egvkit". Then run "egvkit service install" again.',
    retryable: false,
  }),
  hiddenProgram: row<{ path: string; folder: string }>({
    message: ({ path, folder }) =>
      `The service of the whole computer cannot run ${path}: it does not get to see ${folder}.`,
    help:
      'Install Node.js and egvkit for all users of this computer, or use --user, which gives the ' +
      'service to you alone.',
    retryable: false,
  }),
  foreignFile: row<{ path: string }>({
    message: ({ path }) => `${path} is there and was not written by egvkit, so it stays as it is.`,
    help: 'Remove it, or give it another name, and try again.',
    retryable: false,
  }),
  fileUnusable: row<{ path: string; reason: string }>({
    message: ({ path, reason }) => `${path} cannot be read, written or removed: ${reason}.`,
    help: 'Make room, or correct its permissions, and try again.',
    retryable: false,
  }),
  commandFailed: row<{ command: string; outcome: string; output: string }>({
    message: ({ command, outcome, output }) =>
      `"${command}" failed (${outcome})${output === '' ? '' : `: ${output}`}`,
    help: 'Correct that and run the same command again: what was done is kept.',
    retryable: false,
  }),
  notInstalled: row<{ scope: string; path: string }>({
    message: ({ scope, path }) => `No ${scope} service of egvkit is installed: no ${path}.`,
    help: '"egvkit service install" installs one; --user or --system says which is meant.',
    retryable: false,
  }),
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
