import type { ExitCode } from './failure.ts';
import { type Io, processIo } from './io.ts';

/** Runs a program in this process: its signals abort it, its result is the exit code. */
export async function runProcess(
  run: (args: readonly string[], io: Io) => Promise<ExitCode>,
): Promise<void> {
  const abort = new AbortController();
  const onSignal = (): void => abort.abort(new Error('interrupted'));
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  // A reader that has gone away (`| head`) is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  process.exitCode = await run(process.argv.slice(2), processIo(abort.signal));
}
