import * as z from 'zod/mini';
import { endpoint } from '../endpoint.ts';
import * as replies from '../replies.ts';
import * as wire from '../wire.ts';
import { session, sessionAndReceiver } from './parts.ts';

/** The receiver, sharing, and the readings. */

export const checkMonitoredReceiverAssignmentStatus = endpoint({
  area: 'Publisher',
  method: 'CheckMonitoredReceiverAssignmentStatus',
  http: 'POST',
  effect: 'read',
  query: sessionAndReceiver,
  body: undefined,
  reply: replies.word,
  secrets: ['sessionId'],
  doc: '`AssignedToYou`, `NotAssigned` or a word nobody has recorded, which is not yours either.',
  evidence: 'several sources',
  source: 'spec/share §2.1',
});

export const replacePublisherAccountMonitoredReceiver = endpoint({
  area: 'Publisher',
  method: 'ReplacePublisherAccountMonitoredReceiver',
  http: 'POST',
  effect: 'write',
  query: sessionAndReceiver,
  body: undefined,
  reply: replies.empty,
  secrets: ['sessionId'],
  doc: 'Makes this receiver the one the account takes readings from, in place of the one before. HTTP 500 if it already is.',
  evidence: 'several sources',
  source: 'spec/share §2.1',
});

export const isRemoteMonitoringSessionActive = endpoint({
  area: 'Publisher',
  method: 'IsRemoteMonitoringSessionActive',
  http: 'POST',
  effect: 'read',
  query: session,
  body: undefined,
  reply: replies.boolean,
  secrets: ['sessionId'],
  doc: 'Whether the account is sharing.',
  evidence: 'several sources',
  source: 'spec/share §2.1',
});

export const startRemoteMonitoringSession = endpoint({
  area: 'Publisher',
  method: 'StartRemoteMonitoringSession',
  http: 'POST',
  effect: 'write',
  query: sessionAndReceiver,
  body: undefined,
  reply: replies.empty,
  secrets: ['sessionId'],
  doc: 'Starts sharing: followers see it, and readings are taken. Refused while one is running.',
  evidence: 'several sources',
  source: 'spec/share §2.1',
});

export const stopRemoteMonitoringSession = endpoint({
  area: 'Publisher',
  method: 'StopRemoteMonitoringSession',
  http: 'POST',
  effect: 'write',
  query: session,
  body: undefined,
  reply: replies.empty,
  secrets: ['sessionId'],
  doc: 'Stops sharing. What followers see then is unknown.',
  evidence: 'one source',
  source: 'spec/share §2.1, §7.7',
});

export const postReceiverEgvRecords = endpoint({
  area: 'Publisher',
  method: 'PostReceiverEgvRecords',
  http: 'POST',
  effect: 'write',
  query: session,
  body: wire.egvUpload,
  reply: replies.empty,
  secrets: ['sessionId'],
  doc: 'Uploads readings of the assigned receiver; 50 at once are presumably fine.',
  evidence: 'several sources',
  source: 'spec/share §2.1, §4.1, §4.6',
});

export const readPublisherLatestGlucoseValues = endpoint({
  area: 'Publisher',
  method: 'ReadPublisherLatestGlucoseValues',
  http: 'POST',
  effect: 'read',
  query: z.object({ sessionId: wire.id, minutes: wire.count, maxCount: wire.count }),
  body: undefined,
  reply: replies.json(wire.glucoseRecords),
  secrets: ['sessionId'],
  doc: 'The newest readings first, at most `maxCount` (1 … 288) of the last `minutes` (1 … 1440); 0 gives none.',
  evidence: 'captured',
  source: 'spec/share §2.1, §4.8',
});
