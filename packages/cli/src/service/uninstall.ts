import { existsSync } from 'node:fs';
import { ServiceError } from '../errors/service-error.ts';
import { type CommandIo, commandLine, tryCommand } from './command.ts';
import { findFile, removeFile } from './files.ts';
import { assertManager, assertRoot, runSteps, servicePlan } from './manager.ts';
import { type Scope, type ServicePlan, type ServiceSetting, SYSTEM_STATE_FOLDER } from './plan.ts';
import { type ServiceChoice, serviceSetting } from './setting.ts';
import { RULE_PATH, UDEV_COMMANDS } from './udev-rule.ts';

/** Report of a removal. */
export interface UninstallReport {
  readonly scope: Scope;
  readonly manager: string;
  /** Files that are gone. */
  readonly removed: readonly string[];
  /** Folders of egvkit that stay. */
  readonly kept: readonly string[];
  readonly commands: readonly string[];
}

/** The service as it is installed. */
export interface Installed {
  readonly setting: ServiceSetting;
  readonly plan: ServicePlan;
}

/** Finds the service that is installed. @throws ServiceError `notInstalled`, `foreignFile` */
export async function findService(choice: ServiceChoice, io: CommandIo): Promise<Installed> {
  const setting = await serviceSetting({ ...choice, lasting: false }, io);
  const plan = servicePlan(setting);
  const { path } = plan.definition;
  const found = await findFile(plan.definition);
  if (found === undefined) throw new ServiceError('notInstalled', { scope: setting.scope, path });
  if (!found.isOurs) throw new ServiceError('foreignFile', { path });
  return { setting, plan };
}

/**
 * Stops the service and removes what {@link installService} has written. Settings, passwords and
 * what is known of earlier uploads stay.
 *
 * @throws ServiceError `notInstalled`, `foreignFile`, `needsRoot`, `noServiceManager`,
 *   `fileUnusable`, `commandFailed`
 */
export async function uninstallService(
  choice: ServiceChoice,
  io: CommandIo,
): Promise<UninstallReport> {
  const { setting, plan } = await findService(choice, io);
  const { scope, configFolder } = setting;
  assertRoot(setting, 'uninstall');
  await assertManager(plan, io);
  const stopped = await runSteps(plan.disable, io);
  await removeFile(plan.definition.path);
  const forgotten = await runSteps(plan.forget, io);
  const rule = await findFile({ path: RULE_PATH });
  const withRule = scope === 'system' && rule?.isOurs === true;
  if (withRule) await removeFile(RULE_PATH);
  const [reload] = UDEV_COMMANDS;
  if (withRule && reload) await tryCommand(reload, io);
  return {
    scope,
    manager: plan.manager,
    removed: [plan.definition.path, ...(withRule ? [RULE_PATH] : [])],
    kept: [configFolder, ...(scope === 'system' ? [SYSTEM_STATE_FOLDER] : [])].filter(existsSync),
    commands: [...stopped, ...forgotten, ...(withRule && reload ? [commandLine(reload)] : [])],
  };
}
