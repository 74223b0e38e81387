import { memoryJournal, SHARE_LIMITS, shareDestination } from '@egvkit/uploader';
import type { Io } from '../../io/io.ts';
import type { ProfileName } from '../../options/profile.ts';
import { DEFAULT_UNIT } from '../../options/units.ts';
import type { UploadOptions } from '../../options/upload.ts';
import { UsageError } from '../../options/usage.ts';
import type { ExitCode } from '../../output/exit-codes.ts';
import { showPreview, showUpload, upload } from '../upload/action.ts';
import { previewSession, uploadSession } from '../upload/session.ts';
import { startEmulation } from './emulation.ts';

interface DemoOptions extends UploadOptions {
  readonly profile?: ProfileName | undefined;
  readonly seed?: number | undefined;
  readonly days?: number | undefined;
}

/** Options that mean something to a real receiver or account only. */
const REAL = {
  region: '--region',
  shareUrl: '--share-url',
  account: '--account',
  journal: '--journal',
  assignReceiver: '--assign-receiver',
} as const;

/**
 * Uploads from an emulated receiver to an emulated service; with a port, from a real one. What the
 * settings say of the real ones is no reason to refuse it: `isSaid` tells of an option on the command line.
 */
export async function demonstrate(
  options: DemoOptions,
  isSaid: (option: keyof DemoOptions) => boolean,
  io: Io,
): Promise<ExitCode> {
  if (options.port !== undefined) return await upload(options, io);
  for (const [name, flag] of Object.entries(REAL)) {
    if (!isSaid(name as keyof typeof REAL)) continue;
    throw new UsageError(`${flag} is for a real receiver.`, {
      help: ['Add --port auto to have the receiver found, or --port with its name.'],
    });
  }
  return await emulated(options, io);
}

async function emulated(options: DemoOptions, io: Io): Promise<ExitCode> {
  const { profile = 'g4', seed = 1, days = 30, units: unit = DEFAULT_UNIT, json = false } = options;
  await using emulation = await startEmulation({ profile, seed, days });
  const { openTransport, receiverNote, client, reader } = emulation;
  const show = { io, unit, json, receiverNote };
  if (options.dryRun) {
    return await showPreview(show, (view) =>
      previewSession({ openTransport, limits: SHARE_LIMITS, signal: io.signal }, view),
    );
  }
  if (!json) {
    io.write('egvkit: unofficial, not affiliated with Dexcom, not for treatment decisions\n\n');
  }
  const settings = {
    openTransport,
    destination: shareDestination(client),
    reader: shareDestination(reader),
    // Gone with the emulators: each run is the first.
    journal: memoryJournal(),
    assignReceiver: true,
    signal: io.signal,
  };
  return await showUpload(
    { ...show, name: 'share', service: `${client.origin} (emulated)` },
    (view) => uploadSession(settings, view),
  );
}
