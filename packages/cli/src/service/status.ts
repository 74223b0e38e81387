import type { CommandIo } from './command.ts';
import { assertManager, stateOf } from './manager.ts';
import type { Scope, ServiceState } from './plan.ts';
import type { ServiceChoice } from './setting.ts';
import { findService } from './uninstall.ts';

/** State of the installed service, and the commands that tell more. */
export interface ServiceStatus extends ServiceState {
  readonly scope: Scope;
  readonly manager: string;
  readonly path: string;
  /** Command that says what it uploads. */
  readonly statusCommand: string;
  /** Command that shows its log. */
  readonly logCommand: string;
}

/** Command that says what a service uploads. Only root may look into that of the whole computer. */
export function statusCommand(scope: Scope): string {
  return scope === 'system' ? 'sudo egvkit status' : 'egvkit status';
}

/**
 * Asks the manager of services for the state of the service.
 *
 * @throws ServiceError `notInstalled`, `foreignFile`, `noServiceManager`
 */
export async function serviceStatus(choice: ServiceChoice, io: CommandIo): Promise<ServiceStatus> {
  const { setting, plan } = await findService(choice, io);
  await assertManager(plan, io);
  const state = await stateOf(plan, io);
  const { scope } = setting;
  return {
    ...state,
    scope,
    manager: plan.manager,
    path: plan.definition.path,
    statusCommand: statusCommand(scope),
    logCommand: scope === 'system' ? `sudo ${plan.log}` : plan.log,
  };
}
