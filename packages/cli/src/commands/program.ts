import { CommanderError } from '@commander-js/extra-typings';
import type { Io, PlainIo } from '../io/io.ts';
import { trackProgress } from '../io/progress-line.ts';
import { describeRefusal, isGiven, requireValues } from '../options/command-line.ts';
import { EXIT, type ExitCode } from '../output/exit-codes.ts';
import { commandTree, createRoot, type Root, type Run } from './base.ts';
import { defineCompletion } from './completion/command.ts';
import { defineDecode } from './decode/command.ts';
import { defineDemo } from './demo/command.ts';
import { defineDoctor } from './doctor/command.ts';
import { defineEmulate } from './emulate/command.ts';
import { defineHelp } from './help.ts';
import { defineInfo } from './info/command.ts';
import { defineRead } from './read/command.ts';
import { defineReceivers } from './receivers/command.ts';
import { defineService } from './service/command.ts';
import { defineSettings } from './settings/command.ts';
import { defineSetup } from './setup/command.ts';
import { defineShare } from './share/command.ts';
import { defineStatus } from './status/command.ts';
import { defineUpload } from './upload/command.ts';
import { defineWeb } from './web/command.ts';

/** The commands in the order of help. Each imports what it runs only when it runs. */
const COMMANDS: readonly ((root: Root, run: Run) => void)[] = [
  defineDemo,
  defineSetup,
  defineReceivers,
  defineInfo,
  defineRead,
  defineUpload,
  defineStatus,
  defineWeb,
  defineShare,
  defineSettings,
  defineService,
  defineDoctor,
  defineDecode,
  defineEmulate,
  defineCompletion,
  defineHelp,
];

/** `egvkit` with all its commands. */
export function createProgram(io: Io, run: Run): Root {
  const root = createRoot(io);
  for (const define of COMMANDS) define(root, run);
  root.hook('preAction', async (_root, command) => {
    const { applySettings } = await import('../settings/known-settings.ts');
    await applySettings(command, io);
  });
  for (const command of commandTree(root)) {
    command.helpCommand(false);
    command.exitOverride((error) => {
      if (error.exitCode === 0) throw error;
      throw describeRefusal(command, error);
    });
  }
  return root;
}

/** Runs `egvkit` with the words of a command line. `prepare` is done first, and may fail like it. */
export async function egvkit(
  args: readonly string[],
  plainIo: PlainIo,
  prepare?: () => Promise<void>,
): Promise<ExitCode> {
  const io = trackProgress(plainIo);
  let exitCode: ExitCode = EXIT.ok;
  const program = createProgram(io, async (act) => {
    exitCode = await act(io);
  });
  try {
    await prepare?.();
    requireValues(args, commandTree(program));
    const words = args.length === 0 ? ['--help'] : args;
    await program.parseAsync(words, { from: 'user' });
    return exitCode;
  } catch (error) {
    // Help and version have been printed.
    if (error instanceof CommanderError) return EXIT.ok;
    const { reportFailure } = await import('../output/failure.ts');
    return reportFailure(error, io, {
      verbose: isGiven(args, '--verbose'),
      json: isGiven(args, '--json'),
      command: program.args[0],
    });
  }
}
