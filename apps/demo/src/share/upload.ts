import type { Receiver } from '@egvkit/receiver';
import type { ShareClient } from '@egvkit/share-http';
import {
  previewUpload,
  readingsSource,
  runUpload,
  SHARE_LIMITS,
  shareDestination,
  verifyUpload,
} from '@egvkit/uploader';
import { indexedDbJournal } from '@egvkit/uploader/browser';
import {
  outcomeOf,
  type PlanSummary,
  summaryOf,
  type UploadOutcome,
  type UploadStateEvent,
} from '../machines/upload.ts';

/** Says what an upload would send, by what the receiver tells. Asks nothing of the service. */
export async function preview(receiver: Receiver, signal: AbortSignal): Promise<PlanSummary> {
  const { plan } = await previewUpload({
    source: readingsSource(receiver),
    limits: SHARE_LIMITS,
    signal,
  });
  return summaryOf(plan);
}

/** Uploads what is new, reads it back and compares it. */
export async function upload(
  receiver: Receiver,
  client: ShareClient,
  { assign, signal }: { readonly assign: boolean; readonly signal: AbortSignal },
  tell: (event: UploadStateEvent) => void,
): Promise<UploadOutcome> {
  const destination = shareDestination(client);
  const result = await runUpload({
    source: readingsSource(receiver),
    destination,
    journal: indexedDbJournal(),
    assignReceiver: assign,
    signal,
    onEvent: (event) => {
      if (event.kind === 'source') tell({ kind: 'sourceRead' });
      else if (event.kind === 'planned') tell({ kind: 'planned', plan: summaryOf(event.plan) });
      else if (event.kind === 'progress') tell({ ...event, kind: 'progressed' });
    },
  });
  tell({ kind: 'posted' });
  return outcomeOf(result, await verifyUpload(result, destination, { signal }));
}
