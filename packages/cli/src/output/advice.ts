import { REGIONS } from '@egvkit/protocol/share';
import type { PlainIo } from '../io/io.ts';
import { proxyOf, proxySupport } from '../io/proxy.ts';

/**
 * Advice by error code that names options and commands of `egvkit`, which the libraries do not
 * know.
 */
const ADVICE: Readonly<Record<string, Advice>> = {
  credentialsRefused: logInAnotherWay,
  credentialsRefusedBefore: () =>
    'If name and password are right now, "egvkit share login --again" sends them once more.',
  loginUnanswered: () => 'On the command line: "egvkit share login --again" logs in now.',
  receiverNotAssigned: (_data, command) =>
    command === 'share'
      ? 'On the command line: egvkit share receiver assign SERIAL.'
      : 'Run the same command again with --assign-receiver: this receiver takes the place of the ' +
        'one the account has, if it has one. It asks first; --yes answers that.',
  noReceiver: ({ unidentified: [path] = [] }) =>
    path === undefined ? undefined : `On the command line: --port ${path}.`,
  severalReceivers: ({ paths: [path] = [] }) =>
    `On the command line: --port ${path}, for example; or --serial and a serial number, which ` +
    '"egvkit receivers" shows.',
  unsupportedReceiver: ({ path }) => `On the command line: --port ${path}.`,
  unreachable: nameProxy,
  timeout: nameProxy,
  connectionLost: nameProxy,
  noReadings: ({ records = 0 }) =>
    records === 0 ? undefined : 'On the command line: egvkit read egv shows the records.',
  hostClockWrong: () => 'On the command line of Linux: sudo timedatectl set-ntp true.',
  notSharing: () => 'On the command line: egvkit share monitoring start SERIAL.',
  contactUncertain: () =>
    'On the command line: invite again and, if the name is taken then, under another name.',
  unusable: () =>
    'On the command line: XDG_STATE_HOME (LOCALAPPDATA on Windows) names another folder.',
  undoFailed: removeContact,
  invitationUncertain: removeContact,
};

/** Makes one line of advice for a failed command; undefined if the library's own advice is enough. */
type Advice = (
  data: KnownData,
  command: string | undefined,
  env: PlainIo['env'],
) => string | undefined;

interface KnownData {
  readonly contactId?: string;
  readonly host?: string;
  readonly path?: string;
  readonly records?: number;
  readonly paths?: readonly string[];
  readonly unidentified?: readonly string[];
}

const DEXCOM_HOSTS: ReadonlySet<string> = new Set(Object.values(REGIONS).map(({ host }) => host));

/** Advises the old login for a service that is not Dexcom's; Dexcom's own no longer take it. */
function logInAnotherWay({ host = '' }: KnownData, command?: string): string | undefined {
  if (command !== 'share' || DEXCOM_HOSTS.has(host)) return undefined;
  return (
    'A service that takes logins as Share did until 2020 needs --login-way oneStep; ' +
    'if this is one: egvkit share login --again --login-way oneStep.'
  );
}

const THIS_COMPUTER = /^(?:(?:.+\.)?localhost|127(?:\.\d+){3}|\[::1\])(?::\d+)?$/;

/** Names the proxy that a connection went through, or should have gone through. */
function nameProxy(
  { host }: KnownData,
  _command: unknown,
  env: PlainIo['env'],
): string | undefined {
  const proxy = proxyOf(env);
  if (host === undefined || THIS_COMPUTER.test(host) || proxy === undefined) return undefined;
  if (proxySupport() !== 'none') {
    return `The way there is through the proxy ${proxy.host} (HTTPS_PROXY): it may be what failed.`;
  }
  return (
    `HTTPS_PROXY is set, but Node.js ${process.versions.node} cannot use it: install Node.js 22.21, ` +
    '24.5 or newer.'
  );
}

function removeContact({ contactId }: KnownData): string | undefined {
  if (contactId === undefined) return undefined;
  return `On the command line: egvkit share followers remove ${contactId}.`;
}

/**
 * Advice for the command line on an error; undefined if there is nothing to add to the error's own.
 */
export function adviceOn(
  { code, data }: { readonly code: string; readonly data: object },
  command: string | undefined,
  env: PlainIo['env'],
): string | undefined {
  return ADVICE[code]?.(data, command, env);
}
