import type { Transport } from '@egvkit/protocol/receiver';
import { ShareClient } from '@egvkit/share-http';
import type { Journal, OpenJournal } from '@egvkit/uploader';
import { fileJournal, readJournal } from '@egvkit/uploader/node';
import { fileDeviceMemory } from './deviceMemory.ts';
import { EXIT, type ExitCode } from './failure.ts';
import { HumanView } from './humanView.ts';
import type { Io } from './io.ts';
import { checkHeld, previewJson, uploadJson } from './jsonReport.ts';
import { portOpener } from './port.ts';
import { journalPath, stateFolder } from './statePath.ts';
import {
  chooseAccountName,
  choosePassword,
  chooseService,
  chooseUnit,
  parseFlags,
  type ServiceChoice,
  UPLOAD_FLAGS,
} from './uploadOptions.ts';
import {
  type PreviewReport,
  previewSession,
  type SessionView,
  type UploadReport,
  uploadSession,
} from './uploadSession.ts';
import { UsageError } from './usage.ts';

type Values = ReturnType<typeof parseFlags<typeof UPLOAD_FLAGS>>;

/** Uploads the readings of a receiver on a serial port to a Share account. */
export async function uploadCommand(args: readonly string[], io: Io): Promise<ExitCode> {
  const values = parseFlags(args, UPLOAD_FLAGS);
  const service = chooseService(values.region, values['share-url']);
  const openTransport = portOpener(values.port, io);
  if (values['dry-run']) return await dryRun(values, service, openTransport, io);

  if (service === undefined) {
    throw new UsageError('Say where to upload with --region us, ous or jp, or with --share-url.');
  }
  if (values['assign-receiver'] && !values.yes) {
    throw new UsageError(
      '--assign-receiver puts this receiver in the place of the one the account has; add --yes if you mean it.',
    );
  }
  const account = chooseAccountName(values.account, io);
  if (account === undefined) {
    throw new UsageError("Name the wearer's account with --account or DEXCOM_USERNAME.");
  }
  const unit = chooseUnit(values.units);
  const password = await choosePassword(io);
  const client = new ShareClient({ ...service, accountName: account, password });
  const settings = {
    openTransport,
    memory: fileDeviceMemory(stateFolder(io.env)),
    client,
    journal: journalOpener(values, io),
    assignReceiver: values['assign-receiver'] ?? false,
    signal: io.signal,
  };
  return await showUpload(
    { io, unit, json: values.json ?? false, service: client.origin },
    (view) => uploadSession(settings, view),
  );
}

async function dryRun(
  values: Values,
  service: ServiceChoice | undefined,
  openTransport: () => Promise<Transport>,
  io: Io,
): Promise<ExitCode> {
  const account = chooseAccountName(values.account, io);
  const journal =
    service === undefined || account === undefined
      ? undefined
      : knownJournal(values, service, account, io);
  const memory = fileDeviceMemory(stateFolder(io.env));
  const settings = { openTransport, memory, signal: io.signal, ...(journal && { journal }) };
  return await showPreview(
    { io, unit: chooseUnit(values.units), json: values.json ?? false },
    (view) => previewSession(settings, view),
  );
}

/** What to show, and how. */
export interface ShowOptions {
  readonly io: Io;
  readonly unit: ReturnType<typeof chooseUnit>;
  readonly json: boolean;
  readonly receiverNote?: string;
}

const SILENT: SessionView = { receiver() {}, uploading() {} };

/** Runs an upload and tells of it. The exit code says whether the check held. */
export async function showUpload(
  options: ShowOptions & { readonly service: string },
  run: (view: SessionView) => Promise<UploadReport>,
): Promise<ExitCode> {
  const started = performance.now();
  let report: UploadReport;
  if (options.json) {
    report = await run(SILENT);
    options.io.write(`${JSON.stringify(uploadJson(report, options.service))}\n`);
  } else {
    const view = new HumanView(options);
    report = await run(view);
    view.finish(report, performance.now() - started);
  }
  return checkHeld(report) ? EXIT.ok : EXIT.failed;
}

/** Runs a dry run and tells of it. */
export async function showPreview(
  options: ShowOptions,
  run: (view: SessionView) => Promise<PreviewReport>,
): Promise<ExitCode> {
  if (options.json) {
    options.io.write(`${JSON.stringify(previewJson(await run(SILENT)))}\n`);
  } else {
    const view = new HumanView(options);
    view.finishPreview(await run(view));
  }
  return EXIT.ok;
}

/** The journal that is named, or the one of this receiver and this account. */
function journalOpener(values: Values, io: Io): OpenJournal {
  return (owner) => {
    const folder = stateFolder(io.env);
    const path = values.journal ?? journalPath(folder, owner.serialNumber, owner.target);
    return fileJournal(path)(owner);
  };
}

/** What a dry run may know of earlier uploads: the journal is only looked at. */
function knownJournal(
  values: Values,
  service: ServiceChoice,
  account: string,
  io: Io,
): (serialNumber: string) => Promise<Pick<Journal, 'has'>> {
  return async (serialNumber) => {
    // Nothing is sent with this client: it only knows the name under which journals are kept.
    const client = new ShareClient({ ...service, accountName: account, password: 'not needed' });
    const target = await client.accountKey();
    const path = values.journal ?? journalPath(stateFolder(io.env), serialNumber, target);
    return await readJournal(path, { serialNumber, target });
  };
}
