import { type EgvUpload, postReceiverEgvRecords } from '@egvkit/protocol/share';
import type { CallOptions } from '../call-options.ts';
import type { Caller } from '../session/caller.ts';

/** Outcome of one post: `duplicate` says that at least one of its readings is stored already. */
export interface BarePost {
  readonly outcome: 'posted' | 'duplicate';
}

/** Posts once; never repeats a post. */
export async function postOnce(
  caller: Caller,
  upload: EgvUpload,
  options: CallOptions,
): Promise<BarePost> {
  const body = { ...upload, Egvs: upload.Egvs.map((egv) => ({ ...egv })) };
  const data = (sessionId: string) => ({ query: { sessionId }, body });
  const { refusal } = await caller.call(postReceiverEgvRecords, data, options);
  if (refusal === undefined) return { outcome: 'posted' };
  if (refusal.verdict.known === 'DuplicateEgvPosted') return { outcome: 'duplicate' };
  throw refusal.error;
}
