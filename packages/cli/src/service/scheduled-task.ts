import { win32 } from 'node:path';
import { MARK, type ServicePlan, type ServiceSetting, type ServiceState } from './plan.ts';
import { xmlText } from './xml.ts';

const TASK = 'egvkit';

/** Words of schtasks are in the language of Windows; these are not. */
const STATE_SCRIPT =
  `"state=$((Get-ScheduledTask -TaskName ${TASK} -ErrorAction Stop).State)"; ` +
  `"result=$((Get-ScheduledTaskInfo -TaskName ${TASK} -ErrorAction Stop).LastTaskResult)"`;

/** Files and commands by which the Task Scheduler of Windows runs the service of one user. */
export function taskPlan(setting: ServiceSetting): ServicePlan {
  const path = win32.join(setting.configFolder, 'service.xml');
  return {
    manager: 'Task Scheduler',
    definition: { path, content: taskText(setting), encoding: 'utf16le' },
    probe: { command: ['schtasks', '/Query', '/FO', 'LIST'], works: () => true },
    reload: [{ command: ['schtasks', '/Create', '/TN', TASK, '/XML', path, '/F'] }],
    enable: [],
    start: [{ command: ['schtasks', '/Run', '/TN', TASK] }],
    restart: [
      { command: ['schtasks', '/End', '/TN', TASK], mayFail: true },
      { command: ['schtasks', '/Run', '/TN', TASK] },
    ],
    disable: [
      { command: ['schtasks', '/End', '/TN', TASK], mayFail: true },
      { command: ['schtasks', '/Delete', '/TN', TASK, '/F'] },
    ],
    forget: [],
    query: ['powershell', '-NoProfile', '-NonInteractive', '-Command', STATE_SCRIPT],
    readState,
    log: 'Get-WinEvent Microsoft-Windows-TaskScheduler/Operational -MaxEvents 20',
  };
}

/** An argument as programs of Windows take their command line apart. */
function argument(word: string): string {
  return `"${word.replace(/(\\*)"/g, '$1$1\\"').replace(/(\\+)$/, '$1$1')}"`;
}

function taskText({ node, egvkit }: ServiceSetting): string {
  const words = [node, egvkit].map(argument).join(' ');
  return `\uFEFF<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.4" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Description>Uploads readings of a Dexcom receiver (egvkit). ${xmlText(MARK)}</Description>
  </RegistrationInfo>
  <Triggers>
    <LogonTrigger>
      <Enabled>true</Enabled>
    </LogonTrigger>
  </Triggers>
  <Principals>
    <Principal id="Author">
      <LogonType>InteractiveToken</LogonType>
      <RunLevel>LeastPrivilege</RunLevel>
    </Principal>
  </Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <StartWhenAvailable>true</StartWhenAvailable>
    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
    <Hidden>true</Hidden>
    <RestartOnFailure>
      <Interval>PT1M</Interval>
      <Count>255</Count>
    </RestartOnFailure>
  </Settings>
  <Actions Context="Author">
    <Exec>
      <Command>conhost.exe</Command>
      <Arguments>${xmlText(`--headless ${words} service run`)}</Arguments>
    </Exec>
  </Actions>
</Task>
`;
}

/** Results of the Task Scheduler itself, such as "has not run yet", begin here. */
const FIRST_RESULT_OF_SCHEDULER = 0x41300;

function readState(output: string, succeeded: boolean): ServiceState {
  const state = /^state=(\w+)/m.exec(output)?.[1] ?? 'not registered';
  const result = Number(/^result=(\d+)/m.exec(output)?.[1] ?? Number.NaN);
  const running = state === 'Running';
  return {
    enabled: succeeded && state !== 'Disabled',
    running,
    waiting: state === 'Queued',
    exitCode: running || !(result < FIRST_RESULT_OF_SCHEDULER) ? undefined : result,
    words: state,
  };
}
