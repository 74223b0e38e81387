import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings';
import type { Io } from '../io/io.ts';
import type { ExitCode } from '../output/exit-codes.ts';
import { exitCodeText, HELP } from '../output/help-text.ts';
import { packageVersion } from '../version.ts';

/** Runs what a command does; the exit code it gives becomes the program's. */
export type Run = (act: (io: Io) => Promise<ExitCode>) => Promise<void>;

/** `egvkit` without its commands. Its options stand before or after those of a command. */
export function createRoot(io: Io) {
  return new Command('egvkit')
    .description(
      'Reads Dexcom receivers, uploads to Dexcom Share, and shows what followers see. Unofficial, not affiliated with Dexcom, not for treatment decisions.',
    )
    .option('--json', 'print JSON, for programs')
    .option('--verbose', 'print all details of a failure')
    .version(packageVersion(), '--version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .configureHelp(HELP)
    .configureOutput({
      writeOut: io.write,
      // What is wrong is told by egvkit itself.
      writeErr: () => {},
    })
    .addHelpText('after', '\n"egvkit help upload" shows how to use a command, here: upload.')
    .addHelpText('afterAll', exitCodeText);
}

/** The program, to which commands are added. */
export type Root = ReturnType<typeof createRoot>;

/** A command with all that are below it. */
export function* commandTree(command: CommandUnknownOpts): Generator<CommandUnknownOpts> {
  yield command;
  for (const one of command.commands) yield* commandTree(one);
}
