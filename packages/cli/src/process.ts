import { EXIT, type ExitCode } from './failure.ts';
import { type Io, processIo } from './io.ts';

/** Runs a program in this process: its signals abort it, its result is the exit code. */
export async function runProcess(
  run: (args: readonly string[], io: Io) => Promise<ExitCode>,
): Promise<void> {
  const abort = new AbortController();
  const onSignal = (): void => abort.abort(new Error('interrupted'));
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  // A reader of standard output that has gone away (`| head`) has what it wanted: the program ends
  // where it is, as `yes | head` does, and has not failed. Other programs are killed for it by a
  // signal, which Node.js does not let through; what a kill leaves can be gone on with.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(EXIT.ok);
  });
  // One that no longer wants to hear of troubles may still want the results.
  process.stderr.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  process.exitCode = await run(process.argv.slice(2), processIo(abort.signal));
}
