import { join } from 'node:path';
import { MARK, type ServicePlan, type ServiceSetting, type ServiceState } from './plan.ts';
import { xmlText } from './xml.ts';

const LABEL = 'egvkit.upload';

/** Files and commands by which launchd of macOS runs the service of one user. */
export function launchdPlan(setting: ServiceSetting): ServicePlan {
  const path = join(setting.home, 'Library', 'LaunchAgents', `${LABEL}.plist`);
  const domain = `gui/${setting.userId ?? ''}`;
  const target = `${domain}/${LABEL}`;
  return {
    manager: 'launchd',
    definition: { path, content: plistText(setting) },
    probe: { command: ['launchctl', 'print', domain], works: (output) => output !== '' },
    reload: [{ command: ['launchctl', 'bootout', target], mayFail: true }],
    enable: [{ command: ['launchctl', 'bootstrap', domain, path] }],
    start: [{ command: ['launchctl', 'kickstart', target] }],
    restart: [{ command: ['launchctl', 'kickstart', '-k', target] }],
    disable: [{ command: ['launchctl', 'bootout', target], mayFail: true }],
    forget: [],
    query: ['launchctl', 'print', target],
    readState,
    log: `tail ${logPath(setting)}`,
  };
}

function logPath({ home }: ServiceSetting): string {
  return join(home, 'Library', 'Logs', 'egvkit.log');
}

function plistText(setting: ServiceSetting): string {
  const { node, egvkit, environment, inputs } = setting;
  const paths = inputs.flatMap(({ variable, path }) =>
    variable ? [[variable, path] as const] : [],
  );
  const log = logPath(setting);
  const strings = [node, egvkit, 'service', 'run'].map(
    (word) => `    <string>${xmlText(word)}</string>`,
  );
  const variables = [...Object.entries(environment), ...paths].map(
    ([name, value]) => `    <key>${xmlText(name)}</key><string>${xmlText(value)}</string>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<!-- ${MARK} -->
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>Label</key><string>${LABEL}</string>
  <key>ProgramArguments</key>
  <array>
${strings.join('\n')}
  </array>
  <key>EnvironmentVariables</key>
  <dict>
${variables.join('\n')}
  </dict>
  <key>RunAtLoad</key><true/>
  <key>KeepAlive</key>
  <dict>
    <key>SuccessfulExit</key><false/>
  </dict>
  <key>ThrottleInterval</key><integer>60</integer>
  <key>ExitTimeOut</key><integer>15</integer>
  <key>Umask</key><integer>63</integer>
  <key>ProcessType</key><string>Background</string>
  <key>StandardOutPath</key><string>${xmlText(log)}</string>
  <key>StandardErrorPath</key><string>${xmlText(log)}</string>
</dict>
</plist>
`;
}

function readState(output: string, succeeded: boolean): ServiceState {
  const state = /^\s*state = (.*)$/m.exec(output)?.[1];
  const exitCode = /^\s*last exit code = (\d+)/m.exec(output)?.[1];
  const running = state === 'running';
  return {
    enabled: succeeded,
    running,
    waiting: false,
    exitCode: running || exitCode === undefined ? undefined : Number(exitCode),
    words: state ?? 'not loaded',
  };
}
