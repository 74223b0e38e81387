import { EXIT, type ExitCode } from '../output/exit-codes.ts';
import { type PlainIo, processIo } from './io.ts';

/** Longest wait, in ms, for written output to leave the process. */
const LINGER_MS = 300;

/** Runs a program in this process: its signals abort it, its result is the exit code. */
export async function runProcess(
  run: (args: readonly string[], io: PlainIo) => Promise<ExitCode>,
): Promise<void> {
  const abort = new AbortController();
  const onSignal = (signal: string): void =>
    abort.abort(new Error('interrupted', { cause: signal }));
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  // A reader of standard output that has gone away (`| head`) has what it wanted: the program ends
  // where it is, as `yes | head` does, and has not failed. Other programs are killed for it by a
  // signal, which Node.js does not let through; what a kill leaves can be gone on with.
  // Results that cannot be written otherwise (the disk is full) are lost, and that is a failure.
  process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
    if (code === 'EPIPE') process.exit(EXIT.ok);
    process.stderr.write(`egvkit: The results cannot be written to standard output (${code}).\n`);
    process.exit(EXIT.failed);
  });
  // Whoever does not get to hear of troubles may still want the results.
  process.stderr.on('error', () => {});
  process.exitCode = await run(process.argv.slice(2), processIo(abort.signal));
  // Whatever does not listen to the signal keeps nobody waiting who has had enough.
  if (abort.signal.aborted) setTimeout(() => process.exit(), LINGER_MS).unref();
}
