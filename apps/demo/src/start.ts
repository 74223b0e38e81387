import {
  chooseUnit,
  EXIT,
  type ExitCode,
  guarded,
  type Io,
  listOf,
  parseFlags,
  previewSession,
  runProcess,
  showPreview,
  showUpload,
  UPLOAD_FLAGS,
  UPLOAD_HELP,
  UsageError,
  uploadCommand,
  uploadSession,
} from '@egvkit/cli';
import { RECEIVER_PROFILES, type ReceiverProfile } from '@egvkit/emulators/receiver';
import { memoryJournal } from '@egvkit/uploader';
import { startEmulation } from './emulation.ts';

const HELP = `npm start: from a Dexcom receiver to Dexcom Share and back, in one command.
Unofficial; not affiliated with Dexcom; not for treatment decisions.

  npm start                              with an emulated receiver and an emulated service
  npm start -- --profile NAME            g4 (unless told), g4-share, g5, g5-touch or g6
  npm start -- --seed N --days N         other readings (1), another number of days (30)
  npm start -- --port auto --region us   with a real receiver and a real account

${UPLOAD_HELP}`;

const FLAGS = {
  ...UPLOAD_FLAGS,
  profile: { type: 'string' },
  seed: { type: 'string' },
  days: { type: 'string' },
} as const;

type Values = ReturnType<typeof parseFlags<typeof FLAGS>>;

/** `npm start`: everything on emulators, or the same with a receiver when a port is named. */
async function start(args: readonly string[], io: Io): Promise<ExitCode> {
  const values = parseFlags(args, FLAGS);
  if (values.help) {
    io.write(HELP);
    return EXIT.ok;
  }
  if (values.port !== undefined) return await uploadCommand(args, io);
  const real = ['region', 'share-url', 'account', 'journal', 'assign-receiver'] as const;
  const named = real.find((flag) => values[flag] !== undefined);
  if (named !== undefined) {
    throw new UsageError(
      `--${named} is for a real receiver; name its port with --port, or let it be found: --port auto.`,
    );
  }
  return await emulated(values, io);
}

async function emulated(values: Values, io: Io): Promise<ExitCode> {
  const json = values.json ?? false;
  const unit = chooseUnit(values.units);
  await using emulation = await startEmulation({
    profile: chooseProfile(values.profile),
    seed: wholeNumber('seed', values.seed ?? '1', 0),
    days: wholeNumber('days', values.days ?? '30', 1),
  });
  const { openTransport, receiverNote, client, reader } = emulation;
  const show = { io, unit, json, receiverNote };
  if (values['dry-run']) {
    return await showPreview(show, (view) =>
      previewSession({ openTransport, signal: io.signal }, view),
    );
  }
  if (!json)
    io.write('egvkit: unofficial, not affiliated with Dexcom, not for treatment decisions\n\n');
  const settings = {
    openTransport,
    client,
    reader,
    // Gone with the emulators: each run is the first.
    journal: memoryJournal(),
    assignReceiver: true,
    signal: io.signal,
  };
  return await showUpload({ ...show, service: `${client.origin} (emulated)` }, (view) =>
    uploadSession(settings, view),
  );
}

function chooseProfile(name = 'g4'): ReceiverProfile['name'] {
  if (Object.hasOwn(RECEIVER_PROFILES, name)) return name as ReceiverProfile['name'];
  throw new UsageError(
    `There is no profile "${name}"; use ${listOf(Object.keys(RECEIVER_PROFILES))}.`,
  );
}

function wholeNumber(flag: string, text: string, least: number): number {
  const value = Number(text);
  if (/^\d{1,9}$/.test(text) && value >= least) return value;
  throw new UsageError(`--${flag} is ${text}; it must be a whole number from ${least}.`);
}

await runProcess((args, io) => guarded(args, io, () => start(args, io)));
