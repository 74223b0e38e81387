import { UploadError } from '@egvkit/protocol';
import type { Transport } from '@egvkit/protocol/receiver';
import { LONGEST_READ_MINUTES, MOST_READINGS } from '@egvkit/protocol/share';
import {
  type DeviceMemory,
  Receiver,
  type ReceiverClock,
  type ReceiverIdentity,
} from '@egvkit/receiver';
import type { ShareClient } from '@egvkit/share-http';
import {
  expectedReadings,
  type Journal,
  type OpenJournal,
  previewUpload,
  receiverSource,
  runUpload,
  shareTarget,
  type UploadEvent,
  type UploadPreview,
  type UploadResult,
  type Verification,
  verifyReadings,
} from '@egvkit/uploader';

/** What was found at the other end of the cable. */
export interface ReceiverInfo {
  readonly path: string;
  readonly identity: ReceiverIdentity;
  readonly clock: ReceiverClock;
  readonly battery: Awaited<ReturnType<Receiver['battery']>>;
}

/** Who is told how it goes. */
export interface SessionView {
  receiver(info: ReceiverInfo): void;
  uploading(event: UploadEvent): void;
}

export interface UploadSettings {
  readonly openTransport: () => Promise<Transport>;
  /** What was learnt about receivers before; nothing if left out. */
  readonly memory?: DeviceMemory;
  /** The account to upload to. */
  readonly client: ShareClient;
  /** Reads the readings back, as a follower app would; the same account if left out. */
  readonly reader?: ShareClient;
  readonly journal: OpenJournal;
  readonly assignReceiver: boolean;
  readonly signal: AbortSignal;
}

/** What became of an upload, with proof. */
export interface UploadReport {
  readonly receiver: ReceiverInfo;
  readonly result: UploadResult;
  readonly verification: Verification;
}

const MINUTE_MS = 60_000;

/**
 * Reads a receiver, uploads what is new, reads it back and compares it with the receiver: value,
 * time and trend of every reading.
 */
export async function uploadSession(
  settings: UploadSettings,
  view: SessionView,
): Promise<UploadReport> {
  const { client, reader = client, journal, assignReceiver, signal } = settings;
  const { receiver, info } = await openReceiver(settings, view);
  await using _receiver = receiver;
  const result = await runUpload({
    source: receiverSource(receiver),
    target: shareTarget(client),
    journal,
    assignReceiver,
    signal,
    onEvent: (event) => view.uploading(event),
  });
  requireReadings(result);
  const verification = await verifyUpload(result, reader, signal);
  return { receiver: info, result, verification };
}

async function verifyUpload(
  { plan }: UploadResult,
  reader: ShareClient,
  signal: AbortSignal,
): Promise<Verification> {
  const readings = await reader.readings({
    minutes: LONGEST_READ_MINUTES,
    maxCount: MOST_READINGS,
    signal,
  });
  const all = readings.flatMap((reading) => [reading, ...reading.duplicates]);
  const back = all.map(({ utcMs, mgDl, trend }) => ({
    utcMs,
    value: mgDl,
    trend: trend.number,
  }));
  // The window has moved on while this ran: what was at its edge is no longer shown. And the
  // service shows no more than so many readings, however many there are.
  const windowMs = Date.now() - (LONGEST_READ_MINUTES - 1) * MINUTE_MS;
  const oldestMs = back.length < MOST_READINGS ? 0 : Math.min(...back.map(({ utcMs }) => utcMs));
  const shownFromMs = Math.max(windowMs, oldestMs);
  return verifyReadings(expectedReadings(plan), back, { shownFromMs });
}

export interface PreviewSettings {
  readonly openTransport: () => Promise<Transport>;
  /** What was learnt about receivers before; nothing if left out. */
  readonly memory?: DeviceMemory;
  /** What was uploaded before from this receiver; nothing if left out. */
  readonly journal?: (serialNumber: string) => Promise<Pick<Journal, 'has'>>;
  readonly signal: AbortSignal;
}

/** What a dry run finds. */
export interface PreviewReport {
  readonly receiver: ReceiverInfo;
  readonly result: UploadPreview;
}

/** Reads a receiver and says what an upload would do. The service is not asked anything. */
export async function previewSession(
  settings: PreviewSettings,
  view: SessionView,
): Promise<PreviewReport> {
  const { receiver, info } = await openReceiver(settings, view);
  await using _receiver = receiver;
  const { serialNumber } = info.identity;
  const journal = serialNumber === undefined ? undefined : await settings.journal?.(serialNumber);
  const result = await previewUpload({
    source: receiverSource(receiver),
    ...(journal && { journal }),
    signal: settings.signal,
    onEvent: (event) => view.uploading(event),
  });
  requireReadings(result);
  return { receiver: info, result };
}

/** A person who uploads nothing at all wants to know why. */
function requireReadings({ plan }: Pick<UploadResult, 'plan'>): void {
  const { post, known, found, unverifiable, refused } = plan;
  if (post.length + known.length + found.length + unverifiable.length > 0) return;
  throw new UploadError('noReadings', {
    hours: LONGEST_READ_MINUTES / 60,
    records: refused.length,
  });
}

async function openReceiver(
  { openTransport, memory, signal }: Pick<UploadSettings, 'openTransport' | 'memory' | 'signal'>,
  view: SessionView,
): Promise<{ receiver: Receiver; info: ReceiverInfo }> {
  const transport = await openTransport();
  const receiver = await Receiver.open(transport, { signal, ...(memory && { memory }) });
  try {
    const identity = await receiver.identify({ signal });
    const clock = await receiver.clock({ signal });
    const battery = await receiver.battery({ signal });
    const info = { path: transport.path, identity, clock, battery };
    view.receiver(info);
    return { receiver, info };
  } catch (error) {
    await receiver.close();
    throw error;
  }
}
