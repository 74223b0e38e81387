import { decodeCommand } from './decodeCommand.ts';
import {
  EMULATE_RECEIVER_FLAGS,
  EMULATE_RECEIVER_HELP,
  emulateReceiverCommand,
} from './emulateReceiverCommand.ts';
import { emulateShareCommand } from './emulateShareCommand.ts';
import { EMULATE_SHARE_FLAGS, EMULATE_SHARE_HELP } from './emulateShareOptions.ts';
import { EXIT, type ExitCode, type FailedCommand, reportFailure } from './failure.ts';
import { group } from './group.ts';
import { infoCommand } from './infoCommand.ts';
import type { Io } from './io.ts';
import { readCommand } from './readCommand.ts';
import { receiversCommand } from './receiversCommand.ts';
import { shareCommand } from './shareCommand.ts';
import { SHARE_HELP } from './shareOptions.ts';
import { uploadCommand } from './uploadCommand.ts';
import { isGiven } from './uploadOptions.ts';
import { UsageError } from './usage.ts';
import { packageVersion } from './version.ts';

/** A command: the words after its name, and the exit code it ends with. */
export type Command = (args: readonly string[], io: Io) => Promise<ExitCode>;

const emulate = group(
  'emulate',
  { receiver: emulateReceiverCommand, share: emulateShareCommand },
  { ...EMULATE_RECEIVER_FLAGS, ...EMULATE_SHARE_FLAGS },
);

interface CommandRow {
  readonly run: Command;
  readonly doc: string;
  /** How to go on after an interruption, if there is anything to go on with. */
  readonly interrupted?: string;
}

const COMMANDS: Readonly<Record<string, CommandRow>> = {
  decode: { run: decodeCommand, doc: 'packet|page [FILE|-]: decode bytes of a receiver' },
  info: { run: infoCommand, doc: 'tell everything a receiver says of itself' },
  read: { run: readCommand, doc: 'TYPE: read the records of one type from a receiver' },
  receivers: { run: receiversCommand, doc: 'list the receivers that are plugged in' },
  emulate: {
    run: emulate,
    doc: 'receiver or share: a receiver on a port, or a Share service, of your own',
  },
  share: { run: shareCommand, doc: 'login, readings, watch, followers, receiver, monitoring' },
  upload: {
    run: uploadCommand,
    doc: 'upload the readings of a receiver to Dexcom Share',
    interrupted: 'What was uploaded is in the journal; run it again to go on.',
  },
};

/** The text of `--help`. */
export function helpText(): string {
  const commands = Object.entries(COMMANDS).map(([name, { doc }]) => `  ${name.padEnd(12)}${doc}`);
  return `egvkit: Dexcom receivers and Dexcom Share. Unofficial; not for treatment decisions.

Usage: egvkit COMMAND [OPTIONS], egvkit --help (-h), egvkit --version
The command comes first; after it, words and flags come in any order.

${commands.join('\n')}

${READ_HELP}
${UPLOAD_HELP}
${SHARE_HELP}
${EMULATE_RECEIVER_HELP}
${EMULATE_SHARE_HELP}`;
}

const READ_HELP = `Options of info and read:
  --port auto|PATH     the receiver's serial port
  --since 24h|DATE     read only: records since then, 30m, 24h, 7d or 2026-01-31T08:00:00Z
  --json               NDJSON on standard output, all fields, bytes as hexadecimal
  --verbose            on failure, all that is known of it
receivers and decode take --json and --verbose as well. decode takes hexadecimal text or binary and
always gives NDJSON; it ends with 1 if any of it is damaged.
`;

/** What the flags of an upload mean. */
export const UPLOAD_HELP = `Options of an upload:
  --port auto|PATH     the receiver's serial port
  --region us|ous|jp   where the account is: US, outside the US, Japan and Asia-Pacific
  --share-url URL      a service of one's own, in place of --region
  --account NAME       the wearer's account (or DEXCOM_USERNAME); the password comes from
                       DEXCOM_PASSWORD or is asked for
  --dry-run            show what would be uploaded, and upload nothing
  --assign-receiver    put this receiver in the place of the one the account has; needs --yes
  --journal FILE       what was uploaded is remembered here
  --units mg/dL|mmol/L
  --json               one JSON summary on standard output
  --verbose            on failure, all that is known of it
`;

/** Runs `egvkit`. */
export async function egvkit(args: readonly string[], io: Io): Promise<ExitCode> {
  const [name, ...rest] = args;
  const command = Object.hasOwn(COMMANDS, name ?? '') ? COMMANDS[name ?? ''] : undefined;
  const run = async (): Promise<ExitCode> => {
    const helps = isGiven(args, '--help') || isGiven(args, '-h');
    if (name === undefined || name === 'help' || helps) {
      io.write(helpText());
      return EXIT.ok;
    }
    if (name === 'version' || name === '--version') {
      io.write(`${await packageVersion()}\n`);
      return EXIT.ok;
    }
    if (command === undefined) {
      throw new UsageError(`There is no command "${name}"; egvkit --help lists them.`);
    }
    return await command.run(rest, io);
  };
  return await guarded(rest, io, run, { command: name, interrupted: command?.interrupted });
}

/** Runs a command; whatever it throws is told in a sentence and becomes an exit code. */
export async function guarded(
  args: readonly string[],
  io: Io,
  run: () => Promise<ExitCode>,
  failed: FailedCommand = {},
): Promise<ExitCode> {
  try {
    return await run();
  } catch (error) {
    const verbose = isGiven(args, '--verbose');
    const json = isGiven(args, '--json');
    return reportFailure(error, io, { verbose, json, ...failed });
  }
}
