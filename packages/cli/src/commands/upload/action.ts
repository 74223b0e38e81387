import { ShareClient } from '@egvkit/share-http';
import { type DestinationLimits, type JournalView, SHARE_LIMITS } from '@egvkit/uploader';
import { NIGHTSCOUT_LIMITS, nightscoutDestination } from '@egvkit/uploader/nightscout';
import { readJournal } from '@egvkit/uploader/node';
import { fileDeviceMemory } from '../../io/device-memory.ts';
import type { Io } from '../../io/io.ts';
import { portOpener } from '../../io/port.ts';
import { journalPath, stateFolder } from '../../io/state-path.ts';
import type { DestinationName } from '../../options/destination.ts';
import { chosenAccountName, chosenService } from '../../options/share-account.ts';
import { DEFAULT_UNIT, type Unit } from '../../options/units.ts';
import type { UploadOptions } from '../../options/upload.ts';
import { UsageError } from '../../options/usage.ts';
import { EXIT, type ExitCode } from '../../output/exit-codes.ts';
import { jsonLine } from '../../output/json-line.ts';
import { checkHeld, previewJson, uploadJson } from '../../output/upload-json.ts';
import { UploadView } from '../../output/upload-view.ts';
import { checkedAccount, requireConsent } from '../share/client.ts';
import { destinationNames, openDestinations } from './destinations.ts';
import { journalOpener } from './journal-file.ts';
import {
  type PreviewReport,
  type PreviewSettings,
  previewSession,
  type SessionView,
  type UploadReport,
  uploadSession,
} from './session.ts';

/** Uploads the readings of a receiver to each destination that is named. */
export async function upload(options: UploadOptions, io: Io): Promise<ExitCode> {
  if (options.quiet) throw new UsageError('--quiet belongs to --watch.');
  const openTransport = portOpener(options, io);
  const memory = fileDeviceMemory(stateFolder(io.env));
  const shared = { openTransport, memory, windowMs: options.backfill, signal: io.signal };
  if (options.dryRun) {
    return await forEach(destinationNames(options), io, async (name) => {
      const { limits, journal } = dryRunParts(name, options, io);
      return await showPreview(showOptions(options, io, limits), (view) =>
        previewSession({ ...shared, limits, ...(journal && { journal }) }, view),
      );
    });
  }
  if (options.assignReceiver) {
    // Before anything is asked, the command line is known to be right.
    if (destinationNames(options).includes('share')) checkedAccount(options);
    const question = 'Put this receiver in the place of the one the account has, if it has one?';
    await requireConsent(options, io, question);
  }
  const destinations = await openDestinations(options, io, { isUnattended: false });
  const settings = {
    ...shared,
    journal: journalOpener(options, io),
    assignReceiver: options.assignReceiver ?? false,
  };
  return await forEach(destinations, io, async ({ name, address, destination }) => {
    const show = { ...showOptions(options, io, destination.limits), name, service: address };
    return await showUpload(show, (view) => uploadSession({ ...settings, destination }, view));
  });
}

/**
 * Does the same for each destination: one that fails holds no other back. Ends with the first failure, or
 * else with the first exit code that is not 0.
 */
async function forEach<Item>(
  items: readonly Item[],
  io: Io,
  act: (item: Item) => Promise<ExitCode>,
): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.ok;
  let failure: { readonly error: unknown } | undefined;
  for (const item of items) {
    try {
      const ended = await act(item);
      if (exitCode === EXIT.ok) exitCode = ended;
    } catch (error) {
      if (io.signal.aborted || items.length === 1) throw error;
      if (failure !== undefined) io.writeError(`egvkit: ${(error as Error).message}\n`);
      failure ??= { error };
    }
  }
  if (failure !== undefined) throw failure.error;
  return exitCode;
}

/** Limits and journal of a destination that nothing is sent to. */
function dryRunParts(
  name: DestinationName,
  options: UploadOptions,
  io: Io,
): Pick<PreviewSettings, 'limits' | 'journal'> {
  const limits = name === 'share' ? SHARE_LIMITS : NIGHTSCOUT_LIMITS;
  const target = targetOf(name, options);
  return target === undefined ? { limits } : { limits, journal: knownJournal(options, target, io) };
}

/**
 * Reads the name under which journals are kept; undefined if no account is named. The clients that know it
 * send nothing.
 */
function targetOf(
  name: DestinationName,
  options: UploadOptions,
): (() => Promise<string>) | undefined {
  if (name === 'nightscout') {
    const { nightscoutUrl: url } = options;
    if (url === undefined) return undefined;
    return () => nightscoutDestination({ url, token: 'not-needed' }).fingerprint();
  }
  const service = chosenService(options);
  const accountName = chosenAccountName(options);
  if (service === undefined || accountName === undefined) return undefined;
  const account = { ...service, accountName, password: 'not needed' };
  return () => new ShareClient(account).accountKey();
}

const DAY_MS = 86_400_000;

function showOptions(
  { units, json, backfill = DAY_MS }: UploadOptions,
  io: Io,
  limits: DestinationLimits,
): ShowOptions {
  const windowMs = Math.min(backfill, limits.windowMs);
  return { io, unit: units ?? DEFAULT_UNIT, json: json ?? false, windowMs };
}

/** Format (JSON or text) and unit of a report, and the notes in it. */
export interface ShowOptions {
  readonly io: Io;
  readonly unit: Unit;
  readonly json: boolean;
  readonly receiverNote?: string;
  readonly windowMs?: number;
}

const SILENT: SessionView = { receiver() {}, uploading() {} };

/** Runs an upload and tells of it. The exit code says whether the check held. */
export async function showUpload(
  options: ShowOptions & { readonly name: DestinationName; readonly service: string },
  run: (view: SessionView) => Promise<UploadReport>,
): Promise<ExitCode> {
  const started = performance.now();
  let report: UploadReport;
  if (options.json) {
    report = await run(SILENT);
    options.io.write(jsonLine(uploadJson(report, options)));
  } else {
    const view = new UploadView(options);
    report = await run(view);
    view.finish(report, performance.now() - started);
  }
  return checkHeld(report) ? EXIT.ok : EXIT.damaged;
}

/** Runs a dry run and tells of it. */
export async function showPreview(
  options: ShowOptions,
  run: (view: SessionView) => Promise<PreviewReport>,
): Promise<ExitCode> {
  if (options.json) {
    options.io.write(jsonLine(previewJson(await run(SILENT))));
  } else {
    const view = new UploadView(options);
    view.finishPreview(await run(view));
  }
  return EXIT.ok;
}

/** Opens the journal of a dry run for reading only: a dry run writes nothing. */
function knownJournal(
  { journal }: UploadOptions,
  targetOfJournal: () => Promise<string>,
  io: Io,
): (serialNumber: string) => Promise<JournalView> {
  return async (serialNumber) => {
    const target = await targetOfJournal();
    const path = journal ?? journalPath(stateFolder(io.env), serialNumber, target);
    return await readJournal(path, { serialNumber, target });
  };
}
