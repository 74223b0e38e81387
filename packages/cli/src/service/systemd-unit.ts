import { join } from 'node:path';
import { EXIT_CODES } from '../output/exit-codes.ts';
import { MARK, type ServicePlan, type ServiceSetting, type ServiceState } from './plan.ts';

/** Name of the unit. */
const UNIT = 'egvkit.service';

/** Seconds from an end to the next start: a program that fails at once starts 60 times an hour. */
const RESTART_SECONDS = 60;

/** Exit codes after which the service stays stopped: the same would come of every start. */
const FINAL_EXIT_CODES = Object.values(EXIT_CODES)
  .filter(({ startAgain }) => !startAgain)
  .map(({ code }) => code);

/** Files and commands by which systemd runs the service. */
export function systemdPlan(setting: ServiceSetting): ServicePlan {
  const { scope, home, environment } = setting;
  const folder =
    scope === 'system'
      ? '/etc/systemd/system'
      : join(environment.XDG_CONFIG_HOME ?? join(home, '.config'), 'systemd', 'user');
  const systemctl = ['systemctl', ...(scope === 'user' ? ['--user'] : [])] as const;
  const properties =
    'ActiveState,SubState,UnitFileState,ExecMainCode,ExecMainStatus,ActiveEnterTimestamp';
  return {
    manager: 'systemd',
    definition: { path: join(folder, UNIT), content: unitText(setting) },
    probe: {
      command: [...systemctl, 'is-system-running'],
      works: (output) => /^(?:initializing|starting|running|degraded|maintenance)$/m.test(output),
    },
    reload: [{ command: [...systemctl, 'daemon-reload'] }],
    enable: [{ command: [...systemctl, 'enable', UNIT] }],
    start: [{ command: [...systemctl, 'start', UNIT] }],
    restart: [{ command: [...systemctl, 'restart', UNIT] }],
    disable: [{ command: [...systemctl, 'disable', '--now', UNIT] }],
    forget: [{ command: [...systemctl, 'daemon-reload'] }],
    query: [...systemctl, 'show', '--timestamp=unix', `--property=${properties}`, UNIT],
    readState,
    log: `journalctl ${scope === 'user' ? '--user ' : ''}-u ${UNIT}`,
  };
}

function unitText(setting: ServiceSetting): string {
  const { scope, node, egvkit, inputs } = setting;
  const isSystem = scope === 'system';
  const order = isSystem
    ? ['Wants=network-online.target', 'After=network-online.target time-sync.target']
    : [];
  return [
    `# ${MARK}`,
    `# To change something: systemctl ${isSystem ? '' : '--user '}edit ${UNIT}`,
    '',
    '[Unit]',
    'Description=Upload readings of a Dexcom receiver (egvkit)',
    ...order,
    '# No number of starts ends it for good: what fails for hours may work again.',
    'StartLimitIntervalSec=0',
    '',
    '[Service]',
    'Type=exec',
    `ExecStart=${[node, egvkit].map(programWord).join(' ')} upload --watch`,
    ...inputs.map(({ name, path }) => `LoadCredential=${name}:${literal(path)}`),
    ...variables(setting).map((assignment) => `Environment=${assignment}`),
    '# Starts again after every end but that by systemctl; never where only a person can help:',
    ...describeFinal(),
    // A log that is gone ends it with 0, as `| head` does.
    'Restart=always',
    `RestartSec=${RESTART_SECONDS}`,
    `RestartPreventExitStatus=${FINAL_EXIT_CODES.join(' ')}`,
    `SuccessExitStatus=${EXIT_CODES.interrupted.code}`,
    'TimeoutStopSec=15',
    ...(isSystem ? systemLimits(setting) : USER_LIMITS),
    '',
    '[Install]',
    `WantedBy=${isSystem ? 'multi-user.target' : 'default.target'}`,
    '',
  ].join('\n');
}

/** Assignments; `%d` is the folder of the files that systemd has read for the service. */
function variables({ scope, inputs, environment }: ServiceSetting): string[] {
  return [
    ...Object.entries(environment).map(([name, value]) => assignment(name, literal(value))),
    ...inputs.flatMap(({ name, variable }) =>
      variable ? [assignment(variable, `%d/${name}`)] : [],
    ),
    // Settings come as passwords do: the service need not be let into their folder.
    ...(scope === 'system' ? [assignment('CONFIGURATION_DIRECTORY', '%d')] : []),
  ];
}

function describeFinal(): string[] {
  return Object.values(EXIT_CODES)
    .filter(({ startAgain }) => !startAgain)
    .map(({ code, meaning }) => `#   ${code}  ${meaning}`);
}

/** Limits that a manager of one user can set, which has no rights of its own. */
const USER_LIMITS = [
  'UMask=0077',
  'NoNewPrivileges=yes',
  'LockPersonality=yes',
  'RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX',
  'RestrictNamespaces=yes',
  'RestrictRealtime=yes',
  'RestrictSUIDSGID=yes',
  'SystemCallArchitectures=native',
  'SystemCallFilter=@system-service',
  'SystemCallFilter=~@privileged @resources',
  'SystemCallErrorNumber=EPERM',
] as const;

function systemLimits({ portGroup }: ServiceSetting): string[] {
  return [
    'DynamicUser=yes',
    ...(portGroup === undefined ? [] : [`SupplementaryGroups=${portGroup}`]),
    'StateDirectory=egvkit',
    'StateDirectoryMode=0700',
    ...USER_LIMITS,
    'CapabilityBoundingSet=',
    'PrivateMounts=yes',
    'PrivateTmp=yes',
    'PrivateUsers=yes',
    'ProtectClock=yes',
    'ProtectControlGroups=yes',
    'ProtectHome=yes',
    'ProtectHostname=yes',
    'ProtectKernelLogs=yes',
    'ProtectKernelModules=yes',
    'ProtectKernelTunables=yes',
    'ProtectProc=invisible',
    'ProtectSystem=strict',
    'RemoveIPC=yes',
    // 166 is ttyACM. By its name it is known only once a receiver has been plugged in.
    'DevicePolicy=closed',
    'DeviceAllow=char-166 rw',
  ];
}

/** A word of `ExecStart`, in which `%` and `$` mean nothing. */
function programWord(word: string): string {
  return quoted(literal(word).replaceAll('$', '$$$$'));
}

function assignment(name: string, value: string): string {
  return quoted(`${name}=${value}`);
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

/** Text in which `%` means nothing. */
function literal(text: string): string {
  return text.replaceAll('%', '%%');
}

/** Exited, in the numbers of `waitid`; others are signals. */
const EXITED = '1';

function readState(output: string): ServiceState {
  const of = (name: string): string => new RegExp(`^${name}=(.*)$`, 'm').exec(output)?.[1] ?? '';
  const [active, sub] = [of('ActiveState'), of('SubState')];
  const seconds = Number(of('ActiveEnterTimestamp').replace('@', ''));
  return {
    enabled: of('UnitFileState') === 'enabled',
    running: active === 'active',
    waiting: active === 'activating' || active === 'reloading',
    startedMs: seconds > 0 ? seconds * 1000 : undefined,
    exitCode:
      active !== 'active' && of('ExecMainCode') === EXITED
        ? Number(of('ExecMainStatus'))
        : undefined,
    words: `${active} (${sub})`,
  };
}
