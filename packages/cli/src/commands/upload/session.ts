import { type ClockObservation, systemClockErrorSeconds } from '@egvkit/protocol';
import type { Transport } from '@egvkit/protocol/receiver';
import {
  type DeviceMemory,
  Receiver,
  type ReceiverClock,
  type ReceiverIdentity,
} from '@egvkit/receiver';
import {
  type Destination,
  type DestinationLimits,
  type JournalView,
  type OpenJournal,
  previewUpload,
  receiverSource,
  runUpload,
  type UploadEvent,
  type UploadPreview,
  type UploadResult,
  type Verification,
  verifyUpload,
} from '@egvkit/uploader';
import { NoReadingsError } from '../../errors/no-readings-error.ts';
import { leftOut, mostLeftOut } from '../../output/words.ts';

/** Identity, clock and battery of a connected receiver. */
export interface ReceiverInfo {
  readonly path: string;
  readonly identity: ReceiverIdentity;
  readonly clock: ReceiverClock;
  readonly battery: Awaited<ReturnType<Receiver['battery']>>;
}

/** Receives the progress of an upload or a dry run. */
export interface SessionView {
  receiver(info: ReceiverInfo): void;
  uploading(event: UploadEvent): void;
}

export interface UploadSettings {
  readonly openTransport: () => Promise<Transport>;
  /** Serial numbers and clocks of receivers seen before; nothing if left out. */
  readonly memory?: DeviceMemory;
  readonly destination: Destination;
  /** Reads the readings back, as a follower app would; the destination itself if left out. */
  readonly reader?: Pick<Destination, 'readBack'>;
  /** Age of the oldest reading to upload, ms; a day if left out. */
  readonly windowMs?: number | undefined;
  readonly journal: OpenJournal;
  readonly assignReceiver: boolean;
  readonly signal: AbortSignal;
}

/** Result of an upload, and its comparison with the readings that were read back. */
export interface UploadReport {
  readonly receiver: ReceiverInfo;
  readonly result: UploadResult;
  readonly verification: Verification;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * Reads a receiver, uploads what is new, reads it back and compares it with the receiver: value,
 * time and trend of every reading.
 */
export async function uploadSession(
  settings: UploadSettings,
  view: SessionView,
): Promise<UploadReport> {
  const { destination, reader = destination, journal, assignReceiver, signal } = settings;
  const windowMs = Math.min(settings.windowMs ?? DAY_MS, destination.limits.windowMs);
  const { receiver, info } = await openReceiver(settings);
  await using _receiver = receiver;
  const result = await runUpload({
    source: receiverSource(receiver),
    destination,
    windowMs,
    journal,
    assignReceiver,
    signal,
    onEvent: (event) => tell(event, info, view),
  });
  requireReadings(result, windowMs);
  const verification = await verifyUpload(result, reader, { signal });
  return { receiver: withClock(info, result.clock), result, verification };
}

export interface PreviewSettings {
  /** Limits of the destination. */
  readonly limits: DestinationLimits;
  /** Age of the oldest reading to upload, ms; a day if left out. */
  readonly windowMs?: number | undefined;
  readonly openTransport: () => Promise<Transport>;
  /** Serial numbers and clocks of receivers seen before; nothing if left out. */
  readonly memory?: DeviceMemory;
  /** Opens the journal of earlier uploads from a receiver; none if left out. */
  readonly journal?: (serialNumber: string) => Promise<JournalView>;
  readonly signal: AbortSignal;
}

/** Result of a dry run. */
export interface PreviewReport {
  readonly receiver: ReceiverInfo;
  readonly result: UploadPreview;
}

/** Reads a receiver and says what an upload would do. The service is not asked anything. */
export async function previewSession(
  settings: PreviewSettings,
  view: SessionView,
): Promise<PreviewReport> {
  const { receiver, info } = await openReceiver(settings);
  await using _receiver = receiver;
  const windowMs = Math.min(settings.windowMs ?? DAY_MS, settings.limits.windowMs);
  const { serialNumber } = info.identity;
  const journal = serialNumber === undefined ? undefined : await settings.journal?.(serialNumber);
  const result = await previewUpload({
    source: receiverSource(receiver),
    limits: settings.limits,
    windowMs,
    ...(journal && { journal }),
    signal: settings.signal,
    onEvent: (event) => tell(event, info, view),
  });
  requireReadings(result, windowMs);
  return { receiver: withClock(info, result.clock), result };
}

/** Tells of the receiver once it is known what time it is by the service's clock. */
function tell(event: UploadEvent, info: ReceiverInfo, view: SessionView): void {
  if (event.kind === 'source') view.receiver(withClock(info, event.clock));
  view.uploading(event);
}

/** Adds the error of the receiver's clock against the time that the upload used. */
function withClock(info: ReceiverInfo, observed: ClockObservation): ReceiverInfo {
  const errorSeconds = systemClockErrorSeconds(observed);
  return { ...info, clock: { ...info.clock, hostUnixMs: observed.hostUnixMs, errorSeconds } };
}

/** A person who uploads nothing at all wants to know why. */
function requireReadings({ plan }: Pick<UploadResult, 'plan'>, windowMs: number): void {
  const { post, known, found, unverifiable, refused } = plan;
  if (post.length + known.length + found.length + unverifiable.length > 0) return;
  throw new NoReadingsError('noReadings', {
    hours: windowMs / HOUR_MS,
    records: refused.length,
    mostly: mostLeftOut(leftOut(plan)),
  });
}

async function openReceiver({
  openTransport,
  memory,
  signal,
}: Pick<UploadSettings, 'openTransport' | 'memory' | 'signal'>): Promise<{
  receiver: Receiver;
  info: ReceiverInfo;
}> {
  const transport = await openTransport();
  const receiver = await Receiver.open(transport, { signal, ...(memory && { memory }) });
  try {
    const identity = await receiver.identify({ signal });
    const clock = await receiver.clock({ signal });
    const battery = await receiver.battery({ signal });
    return { receiver, info: { path: transport.path, identity, clock, battery } };
  } catch (error) {
    await receiver.close();
    throw error;
  }
}
