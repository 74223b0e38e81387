import { type AboutCommand, type Command, command } from './command.ts';
import * as clocks from './commands/clocks.ts';
import * as database from './commands/database.ts';
import * as identity from './commands/identity.ts';
import * as state from './commands/state.ts';

const CALLS = {
  ping: identity.ping,
  readFirmwareHeader: identity.readFirmwareHeader,
  readDatabasePartitionInfo: database.readDatabasePartitionInfo,
  readDatabasePageRange: database.readDatabasePageRange,
  readDatabasePages: database.readDatabasePages,
  readDatabasePageHeader: database.readDatabasePageHeader,
  readTransmitterId: identity.readTransmitterId,
  readLanguage: state.readLanguage,
  readDisplayTimeOffset: clocks.readDisplayTimeOffset,
  writeDisplayTimeOffset: clocks.writeDisplayTimeOffset,
  readRtc: clocks.readRtc,
  readBatteryLevel: state.readBatteryLevel,
  readSystemTime: identity.readSystemTime,
  readSystemTimeOffset: clocks.readSystemTimeOffset,
  readGlucoseUnit: state.readGlucoseUnit,
  readBlindedMode: state.readBlindedMode,
  readClockMode: state.readClockMode,
  readDeviceMode: state.readDeviceMode,
  readBatteryState: state.readBatteryState,
  readHardwareBoardId: state.readHardwareBoardId,
  readFirmwareSettings: state.readFirmwareSettings,
  readEnableSetupWizardFlag: state.readEnableSetupWizardFlag,
  readSetupWizardState: state.readSetupWizardState,
  readChargerCurrentSetting: state.readChargerCurrentSetting,
} as const;

type Table = typeof CALLS;

export type CommandName = keyof Table;

/** A command and all facts about it. */
type Known = { readonly [Name in CommandName]: Table[Name] & AboutCommand };

type AnyCommand = Command<unknown, unknown>;

/** Joins the commands with what is known of them. */
function knownCommands(): Known {
  const about: Readonly<Record<CommandName, AboutCommand>> = {
    ...clocks.about,
    ...database.about,
    ...identity.about,
    ...state.about,
  };
  const rows = Object.entries(CALLS as Readonly<Record<string, AnyCommand>>).map(([name, call]) => [
    name,
    command({ ...call, ...about[name as CommandName] }),
  ]);
  return Object.fromEntries(rows) as unknown as Known;
}

/**
 * Every command that is sent, one row each; the rows themselves are in `commands`, by subject. A driver
 * encodes the request and decodes the reply, an emulator does the reverse, both from the row. What is
 * not here cannot be sent: one wrong command can brick a receiver.
 */
export const COMMANDS: Known = /* @__PURE__ */ knownCommands();

/** The commands that change the receiver: sent only with `allowWrites`. */
export type WriteCommandName = {
  [Name in CommandName]: Table[Name]['effect'] extends 'write' ? Name : never;
}[CommandName];

/** The commands that change nothing. */
export type ReadCommandName = Exclude<CommandName, WriteCommandName>;

/** Request of a command; `void` where it takes nothing. */
export type CommandRequest<Name extends CommandName> = Name extends CommandName
  ? Table[Name] extends Command<infer Request, infer _Reply>
    ? Request
    : never
  : never;

/** Reply of a command. */
export type CommandReply<Name extends CommandName> = Name extends CommandName
  ? Table[Name] extends Command<infer _Request, infer Reply>
    ? Reply
    : never
  : never;

/**
 * The row of a command, made as it is sent; undefined for a name that is not in the table, whatever
 * it is.
 */
export function commandNamed(name: unknown): Command<unknown, unknown, CommandName> | undefined {
  return typeof name === 'string' && Object.hasOwn(CALLS, name)
    ? (CALLS[name as CommandName] as Command<unknown, unknown, CommandName>)
    : undefined;
}

/** The row of a command code: how an emulator finds what it is asked. */
export function commandByCode(code: number): CommandName | undefined {
  for (const name in COMMANDS) {
    if (COMMANDS[name as CommandName].code === code) return name as CommandName;
  }
  return undefined;
}
