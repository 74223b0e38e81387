import { ServiceError } from '../errors/service-error.ts';
import { type CommandIo, commandLine, runCommand, tryCommand } from './command.ts';
import { launchdPlan } from './launchd.ts';
import type { ServicePlan, ServiceSetting, ServiceState, Step } from './plan.ts';
import { taskPlan } from './scheduled-task.ts';
import { systemdPlan } from './systemd-unit.ts';

const PLANS: Partial<Record<NodeJS.Platform, (setting: ServiceSetting) => ServicePlan>> = {
  darwin: launchdPlan,
  win32: taskPlan,
};

/**
 * Files and commands for the manager of services that a system has. Where none is known it is
 * systemd, and the probe tells.
 *
 * @throws ServiceError `scopeUnsupported`
 */
export function servicePlan(
  setting: ServiceSetting,
  platform: NodeJS.Platform = process.platform,
): ServicePlan {
  const plan = (PLANS[platform] ?? systemdPlan)(setting);
  if (setting.scope === 'system' && PLANS[platform] !== undefined) {
    throw new ServiceError('scopeUnsupported', { manager: plan.manager });
  }
  return plan;
}

/** Makes sure that the manager runs. @throws ServiceError `noServiceManager` */
export async function assertManager({ manager, probe }: ServicePlan, io: CommandIo): Promise<void> {
  const { exitCode, outcome, output } = await tryCommand(probe.command, io);
  if (exitCode !== undefined && probe.works(output)) return;
  const said = output === '' ? outcome : `it says "${output.replace(/\s+/g, ' ')}"`;
  throw new ServiceError('noServiceManager', { manager, reason: said });
}

/** Asks the manager for the state of the service. */
export async function stateOf(
  { query, readState }: ServicePlan,
  io: CommandIo,
): Promise<ServiceState> {
  const { exitCode, output } = await tryCommand(query, io);
  return readState(output, exitCode === 0);
}

/**
 * Runs commands one after another, and gives them as a person would type them.
 *
 * @throws ServiceError `commandFailed`
 */
export async function runSteps(steps: readonly Step[], io: CommandIo): Promise<string[]> {
  const done: string[] = [];
  for (const { command, mayFail } of steps) {
    if (mayFail) await tryCommand(command, io);
    else await runCommand(command, io);
    done.push(commandLine(command));
  }
  return done;
}

/**
 * Makes sure that it is root who changes a service of the whole computer. The error has the command
 * for root, who has settings of its own: an installation is told whose to take.
 *
 * @throws ServiceError `needsRoot`
 */
export function assertRoot(
  { scope, node, egvkit, settings }: ServiceSetting,
  act: 'install' | 'uninstall',
): void {
  if (scope === 'user' || process.getuid?.() === 0) return;
  const whose = act === 'install' ? ['env', `EGVKIT_SETTINGS=${settings}`] : [];
  const words = ['sudo', ...whose, node, egvkit, 'service', act, '--system'];
  throw new ServiceError('needsRoot', { command: commandLine(words) });
}
