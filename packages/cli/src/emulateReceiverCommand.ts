import { once } from 'node:events';
import { openPty, PtyError, type PtyPort } from '@egvkit/emulators/pty';
import {
  EMULATED_SERIAL_NUMBER,
  EmulatedReceiver,
  generateDatabase,
  RECEIVER_PROFILES,
  type ReceiverProfile,
} from '@egvkit/emulators/receiver';
import { wholeNumber } from './emulateShareOptions.ts';
import { EXIT, type ExitCode } from './failure.ts';
import type { Io } from './io.ts';
import { listOf, parseFlags } from './uploadOptions.ts';
import { UsageError } from './usage.ts';
import { count } from './words.ts';

/** The flags of an emulated receiver, as `parseArgs` wants them. */
export const EMULATE_RECEIVER_FLAGS = {
  profile: { type: 'string' },
  days: { type: 'string' },
  seed: { type: 'string' },
  timing: { type: 'boolean' },
  link: { type: 'string' },
  json: { type: 'boolean' },
  verbose: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

/** What they mean. */
export const EMULATE_RECEIVER_HELP = `Options of emulate receiver:
  --profile NAME       g4 (unless told), g4-share, g5, g5-touch or g6
  --days N             how far back its readings go (30); a new one comes every five minutes
  --seed N             other readings (1)
  --timing             answer as slowly as a real receiver
  --link PATH          a symbolic link to the port, so that its name is known beforehand
  --json               say in JSON what was started; else only the path of the port
  --verbose            on failure, all that is known of it
`;

const MOST_DAYS = 1100;

/** Runs an emulated receiver on a pseudo-terminal until it is told to stop. */
export async function emulateReceiverCommand(args: readonly string[], io: Io): Promise<ExitCode> {
  const values = parseFlags(args, EMULATE_RECEIVER_FLAGS);
  const profile = chooseProfile(values.profile);
  const days = wholeNumber('days', values.days, [0, MOST_DAYS]) ?? 30;
  const seed = wholeNumber('seed', values.seed, [0, 2 ** 31 - 1]) ?? 1;
  const { timing = false, link } = values;

  const displayOffsetSeconds = -new Date().getTimezoneOffset() * 60;
  const nowMs = Date.now();
  const story = { profile, seed, days, nowMs, displayOffsetSeconds, grows: true };
  const device = new EmulatedReceiver({
    profile,
    database: generateDatabase(story),
    displayOffsetSeconds,
    ...(timing && { timing: { seed } }),
  });
  await using port = await plugIn(device, link);
  if (values.json) {
    const serialNumber = EMULATED_SERIAL_NUMBER;
    const started = { path: port.path, link, profile: profile.name, serialNumber };
    io.write(`${JSON.stringify({ ok: true, ...started, days, seed, timing })}\n`);
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

function chooseProfile(name = 'g4'): ReceiverProfile {
  const profiles: Readonly<Record<string, ReceiverProfile>> = RECEIVER_PROFILES;
  const profile = Object.hasOwn(profiles, name) ? profiles[name] : undefined;
  if (profile !== undefined) return profile;
  throw new UsageError(`There is no profile "${name}"; use ${listOf(Object.keys(profiles))}.`);
}

async function plugIn(device: EmulatedReceiver, link: string | undefined): Promise<PtyPort> {
  try {
    return await openPty(device, link === undefined ? {} : { link });
  } catch (error) {
    const { syscall, code } = error as NodeJS.ErrnoException;
    if (syscall !== 'symlink' && syscall !== 'lstat') throw error;
    throw new UsageError(`The link ${link} cannot be made (${code}).`);
  }
}

/** Waits until the user has enough of it. A port that goes by itself is a failure. */
async function untilOver(port: PtyPort, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const over = once(signal, 'abort').then(() => true);
  const wanted = await Promise.race([over, port.ended.then(() => false)]);
  if (!wanted) throw new PtyError('ptyUnavailable', { reason: 'its process ended' });
}
