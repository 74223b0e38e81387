import { EgvkitError, SharingError } from '@egvkit/protocol';
import {
  type EgvUpload,
  ENDPOINTS,
  FAULTS,
  type FaultCode,
  normalizeSerialNumber,
} from '@egvkit/protocol/share';
import type { Outcome } from './answer.ts';
import { asking, type Caller } from './caller.ts';
import type { CallOptions } from './readings.ts';

const ASSIGNED = 'AssignedToYou';

/** What a failed assignment can look like when there was nothing to do. */
const MAYBE_ASSIGNED: ReadonlySet<string> = new Set([
  'refused',
  'serviceFault',
  'unavailable',
  'receiverNotAssigned',
]);

/** True if the call went through, false if it was refused with the code that is as good. */
function accept(outcome: Outcome<unknown>, code: FaultCode): boolean {
  if (outcome.refusal === undefined) return true;
  if (outcome.refusal.verdict.known === code) return false;
  throw outcome.refusal.error;
}

const withReceiver = (serialNumber: string) => {
  const normal = normalizeSerialNumber(serialNumber);
  return (sessionId: string) => ({
    query: { sessionId, serialNumber: normal },
    body: undefined,
  });
};

/** Whether the account takes readings from this receiver. */
export async function checkReceiver(caller: Caller, serialNumber: string, options: CallOptions) {
  const row = ENDPOINTS.CheckMonitoredReceiverAssignmentStatus;
  const status = await caller.value(row, withReceiver(serialNumber), options.signal);
  return { assigned: status === ASSIGNED, status };
}

/** Makes it the account's receiver. */
export async function assignReceiver(
  caller: Caller,
  serialNumber: string,
  options: CallOptions,
): Promise<'assigned' | 'alreadyAssigned'> {
  const row = ENDPOINTS.ReplacePublisherAccountMonitoredReceiver;
  try {
    await caller.value(row, withReceiver(serialNumber), options.signal);
    return 'assigned';
  } catch (error) {
    // Any HTTP 500 may mean that it is assigned already (spec/share §2.1).
    if (!(error instanceof EgvkitError) || !MAYBE_ASSIGNED.has(error.code)) throw error;
    const { assigned } = await checkReceiver(caller, serialNumber, options);
    if (!assigned) throw error;
    return 'alreadyAssigned';
  }
}

/** Whether the account is sharing. */
export function isMonitoring(caller: Caller, options: CallOptions): Promise<boolean> {
  return caller.value(ENDPOINTS.IsRemoteMonitoringSessionActive, asking(), options.signal);
}

/** Starts sharing. */
export async function startMonitoring(
  caller: Caller,
  serialNumber: string,
  options: CallOptions,
): Promise<'started' | 'alreadyActive'> {
  const row = ENDPOINTS.StartRemoteMonitoringSession;
  const outcome = await caller.call(row, withReceiver(serialNumber), options.signal);
  return accept(outcome, 'MonitoringSessionAlreadyActive') ? 'started' : 'alreadyActive';
}

/** Receiver assigned, if that is wanted, and sharing on. */
export async function ensureReady(
  caller: Caller,
  serialNumber: string,
  options: CallOptions & { readonly assign: boolean },
): Promise<{ readonly assigned: boolean; readonly started: boolean }> {
  const { assigned: already, status } = await checkReceiver(caller, serialNumber, options);
  if (!already && !options.assign) {
    const advice = FAULTS.MonitoredReceiverNotAssigned.tell;
    throw new SharingError('receiverNotAssigned', { status, advice });
  }
  const assigned = !already && (await assignReceiver(caller, serialNumber, options)) === 'assigned';
  if (await isMonitoring(caller, options)) return { assigned, started: false };
  const started = (await startMonitoring(caller, serialNumber, options)) === 'started';
  return { assigned, started };
}

/** One post, never repeated. */
export async function postEgvs(
  caller: Caller,
  upload: EgvUpload,
  options: CallOptions,
): Promise<{ readonly outcome: 'posted' | 'duplicate' }> {
  const body = { ...upload, Egvs: upload.Egvs.map((egv) => ({ ...egv })) };
  const data = (sessionId: string) => ({ query: { sessionId }, body });
  const outcome = await caller.call(ENDPOINTS.PostReceiverEgvRecords, data, options.signal);
  return { outcome: accept(outcome, 'DuplicateEgvPosted') ? 'posted' : 'duplicate' };
}
