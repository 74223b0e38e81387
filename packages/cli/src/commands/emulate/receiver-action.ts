import { once } from 'node:events';
import {
  EMULATED_SERIAL_NUMBER,
  EmulatedReceiver,
  generateDatabase,
  RECEIVER_PROFILES,
} from '@egvkit/receiver-emulator';
import { openPty, PtyError, type PtyPort } from '@egvkit/receiver-emulator/pty';
import type { Io } from '../../io/io.ts';
import type { ProfileName } from '../../options/profile.ts';
import { UsageError } from '../../options/usage.ts';
import { EXIT, type ExitCode } from '../../output/exit-codes.ts';
import { jsonLine } from '../../output/json-line.ts';
import { count } from '../../output/words.ts';
import { parseTimeLoss } from './time-loss.ts';

interface EmulateReceiverOptions {
  readonly profile?: ProfileName;
  readonly days?: number;
  readonly seed?: number;
  readonly timing?: true;
  readonly timeLost?: string;
  readonly link?: string;
  readonly json?: true;
}

/** Runs an emulated receiver on a pseudo-terminal until it is told to stop. */
export async function emulateReceiver(options: EmulateReceiverOptions, io: Io): Promise<ExitCode> {
  const { profile: name = 'g4', days = 30, seed = 1, timing = false, link, json } = options;
  const profile = RECEIVER_PROFILES[name];
  const displayOffsetSeconds = -new Date().getTimezoneOffset() * 60;
  const nowMs = Date.now();
  const loss = options.timeLost && { timeLoss: parseTimeLoss(options.timeLost, nowMs) };
  const history = { profile, seed, days, nowMs, displayOffsetSeconds, grows: true, ...loss };
  const device = new EmulatedReceiver({
    profile,
    database: generateDatabase(history),
    displayOffsetSeconds,
    ...loss,
    ...(timing && { timing: { seed } }),
  });
  await using port = await plugIn(device, link);
  if (json) {
    const serialNumber = EMULATED_SERIAL_NUMBER;
    const started = { path: port.path, link, profile: profile.name, serialNumber };
    io.write(jsonLine({ ok: true, ...started, days, seed, timing }));
  } else {
    io.write(`${port.path}\n`);
    if (io.isTerminal) {
      io.writeError(
        `${profile.firmware.ProductName}, emulated, with ${count(days, 'day')} of readings; runs until it is interrupted.\n`,
      );
    }
  }
  await untilOver(port, io.signal);
  return EXIT.ok;
}

async function plugIn(device: EmulatedReceiver, link: string | undefined): Promise<PtyPort> {
  try {
    return await openPty(device, link === undefined ? {} : { link });
  } catch (error) {
    const { syscall, code } = error as NodeJS.ErrnoException;
    if (syscall !== 'symlink' && syscall !== 'lstat') throw error;
    throw new UsageError(`Cannot make the link ${link} (${code}).`);
  }
}

/** Waits until the user has enough of it. A port that goes by itself is a failure. */
async function untilOver(port: PtyPort, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const over = once(signal, 'abort').then(() => true);
  const wanted = await Promise.race([over, port.ended.then(() => false)]);
  if (!wanted) throw new PtyError('ptyUnavailable', { reason: 'its process ended' });
}
