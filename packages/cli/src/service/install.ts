import { stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { SECRETS } from '../secrets/secrets.ts';
import { type CommandIo, commandLine, tryCommand } from './command.ts';
import { findFile, type Written, writeFile } from './files.ts';
import { assertManager, assertRoot, runSteps, servicePlan, stateOf } from './manager.ts';
import type { Command, Scope, ServiceSetting, ServiceState } from './plan.ts';
import { assertSettings, hasPassword, type ServiceChoice, serviceSetting } from './setting.ts';
import { ruleByHand, ruleState, UDEV_COMMANDS, udevRule } from './udev-rule.ts';

/** Time after a start in which a service that cannot work ends. */
const SETTLING_MS = 3000;

/** Report of an installation. */
export interface InstallReport {
  readonly scope: Scope;
  readonly manager: string;
  readonly files: readonly { readonly path: string; readonly outcome: Written }[];
  /** Commands that changed something, as a person would type them. */
  readonly commands: readonly string[];
  /** State of the service some seconds later. */
  readonly state: ServiceState;
  /** Facts and advice for a person, a sentence or two each. */
  readonly notes: readonly string[];
}

/** Files and commands of an installation, for a person who would rather do it by hand. */
export interface InstallPreview {
  readonly scope: Scope;
  readonly manager: string;
  readonly files: readonly { readonly path: string; readonly content: string }[];
  readonly commands: readonly string[];
}

/**
 * Installs the service that runs `egvkit upload --watch`, and starts it. What is there already and
 * as it should be is left alone; a running service is started again only if its definition, its
 * settings or a password are newer than it. Uploads nothing and logs in nowhere by itself.
 *
 * @throws ServiceError `noServiceManager`, `scopeUnsupported`, `needsRoot`, `noSettings`,
 *   `temporaryProgram`, `hiddenProgram`, `foreignFile`, `fileUnusable`, `commandFailed`
 */
export async function installService(choice: ServiceChoice, io: CommandIo): Promise<InstallReport> {
  const setting = await serviceSetting(choice, io);
  const plan = servicePlan(setting);
  const { definition, manager } = plan;
  assertRoot(setting, 'install');
  assertSettings(setting);
  await assertManager(plan, io);
  const outcome = await writeFile(definition);
  const rule = await installRule(setting, io);
  const before = await stateOf(plan, io);
  const changed = outcome !== 'unchanged';
  const again = before.running && (changed || (await hasNewer(setting, before)));
  const commands = await runSteps(
    [
      ...(changed ? plan.reload : []),
      ...(changed || !before.enabled ? plan.enable : []),
      ...(before.running ? [] : plan.start),
      ...(again ? plan.restart : []),
    ],
    io,
  );
  if (commands.length > 0) await io.sleep(SETTLING_MS);
  return {
    scope: setting.scope,
    manager,
    files: [{ path: definition.path, outcome }, ...rule.files],
    commands: [...rule.commands, ...commands],
    state: await stateOf(plan, io),
    notes: [...rule.notes, ...(await notesOn(setting, io))],
  };
}

/** Shows what {@link installService} would write and run. Writes and runs nothing. */
export async function previewService(
  choice: ServiceChoice,
  io: CommandIo,
): Promise<InstallPreview> {
  const setting = await serviceSetting(choice, io);
  const plan = servicePlan(setting);
  const withRule = process.platform === 'linux' && setting.scope === 'system';
  return {
    scope: setting.scope,
    manager: plan.manager,
    files: [plan.definition, ...(withRule ? [await udevRule()] : [])],
    commands: [
      ...(withRule ? UDEV_COMMANDS : []),
      ...[...plan.reload, ...plan.enable, ...plan.restart].map(({ command }) => command),
    ].map(commandLine),
  };
}

/** True if settings, a password or egvkit itself were written after the service was started. */
async function hasNewer(
  { inputs, settings, egvkit }: ServiceSetting,
  { startedMs = 0 }: ServiceState,
): Promise<boolean> {
  const paths = [...inputs.map(({ path }) => path), settings];
  const written = await Promise.all(
    paths.map(async (path) => (await stat(path).catch(() => undefined))?.mtimeMs ?? 0),
  );
  // npm gives files a time of their own; this one it cannot choose.
  const installed = (await stat(egvkit).catch(() => undefined))?.ctimeMs ?? 0;
  // Starts are told in whole seconds.
  return Math.max(installed, ...written) >= startedMs;
}

interface RuleReport {
  readonly files: InstallReport['files'];
  readonly commands: readonly string[];
  readonly notes: readonly string[];
}

/** Installs the udev rule with a service of the whole computer; else says that it is missing. */
async function installRule({ scope }: ServiceSetting, io: CommandIo): Promise<RuleReport> {
  const nothing = { files: [], commands: [], notes: [] };
  if (process.platform !== 'linux') return nothing;
  const state = await ruleState();
  if (state === 'right') return nothing;
  if (scope === 'user') {
    const note = `The udev rule for receivers is not installed. It lets you use a receiver while you are logged in at this computer, and keeps ModemManager off it: ${ruleByHand()}`;
    return { ...nothing, notes: [note] };
  }
  const rule = await udevRule();
  const found = await findFile(rule);
  if (found?.isOurs === false) {
    const note = `${rule.path} was not written by egvkit and differs from its rule, so it stays as it is.`;
    return { ...nothing, notes: [note] };
  }
  const outcome = await writeFile(rule);
  const { done, failed } = await tryAll(UDEV_COMMANDS, io);
  const notes =
    failed === undefined ? [] : [`The udev rule works from the next start on: ${failed}.`];
  return { files: [{ path: rule.path, outcome }], commands: done, notes };
}

async function tryAll(
  commands: readonly Command[],
  io: CommandIo,
): Promise<{ done: string[]; failed?: string }> {
  const done: string[] = [];
  for (const command of commands) {
    const { exitCode, outcome } = await tryCommand(command, io);
    if (exitCode !== 0) return { done, failed: `${commandLine(command)}: ${outcome}` };
    done.push(commandLine(command));
  }
  return { done };
}

async function notesOn(setting: ServiceSetting, io: CommandIo): Promise<string[]> {
  const { scope, configFolder, inputs } = setting;
  const { credential } = SECRETS.password;
  const hasSecret = inputs.some(({ name }) => SECRET_NAMES.has(name));
  const proxy = Object.entries(io.env).find(([name, value]) => value && hasPassword(name, value));
  return [
    ...(hasSecret
      ? []
      : [
          `There is no file with a password: put the one of the Share account into ${join(configFolder, credential)}, readable by you alone, and install again.`,
        ]),
    ...(proxy === undefined
      ? []
      : [
          `${proxy[0]} has a password in it, which a service's definition must not have: it was left out.`,
        ]),
    ...(scope === 'user' && process.platform === 'linux' ? await lingering(io) : []),
    ...(process.platform === 'linux' ? [] : [UNTRIED]),
  ];
}

const SECRET_NAMES: ReadonlySet<string> = new Set(
  Object.values(SECRETS).map(({ credential }) => credential),
);

const UNTRIED =
  'This was made by the documents of the system and never tried on one: look whether it runs.';

/** Says that the service ends with the user's session, unless systemd is told otherwise. */
async function lingering(io: CommandIo): Promise<string[]> {
  const { username } = userInfo();
  const command: Command = ['loginctl', 'show-user', username, '--property=Linger', '--value'];
  const { output } = await tryCommand(command, io);
  if (output === 'yes') return [];
  return [
    `It runs while you are logged in. To let it run from the start of this computer: sudo loginctl enable-linger ${username}`,
  ];
}
