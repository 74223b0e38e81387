import * as z from 'zod/mini';
import type { Endpoint } from '../endpoint.ts';
import * as replies from '../replies.ts';
import * as wire from '../wire.ts';
import { session } from './parts.ts';

/** One uploaded reading: wire.dates as `/Date(ms)/`, mg/dL (spec/share §4.1). */
const uploadedEgv = z.looseObject({
  Trend: z.int().check(z.gte(0), z.lte(9)),
  ST: wire.date,
  DT: wire.date,
  Value: z.int(),
});

/**
 * What is posted: the receiver's serial number, readings, and true UTC minus the receiver's
 * system clock in seconds, which some uploaders leave out (spec/share §4.1).
 */
const egvUpload = z.looseObject({
  SN: z.string().check(z.minLength(1)),
  Egvs: z.array(uploadedEgv).check(z.minLength(1)),
  TA: z.optional(z.int()),
});

/** One reading as it is uploaded. */
export interface UploadedEgv {
  readonly Trend: number;
  readonly ST: string;
  readonly DT: string;
  readonly Value: number;
}

/** The whole body of an upload. */
export interface EgvUpload {
  readonly SN: string;
  readonly Egvs: readonly UploadedEgv[];
  readonly TA: number;
}

export const postReceiverEgvRecords = {
  area: 'Publisher',
  method: 'PostReceiverEgvRecords',
  http: 'POST',
  effect: 'write',
  query: session,
  body: egvUpload,
  reply: replies.empty,
  secrets: ['sessionId'],
  doc: 'Uploads readings of the assigned receiver; 50 at once are presumably fine.',
  evidence: 'several sources',
  source: 'spec/share §2.1, §4.1, §4.6',
} as const satisfies Endpoint;
