import type { About, Call } from '../endpoint.ts';
import * as replies from '../replies.ts';
import { session, sessionAndReceiver } from './parts.ts';

/** The receiver, and sharing. */

export const checkMonitoredReceiverAssignmentStatus = {
  area: 'Publisher',
  method: 'CheckMonitoredReceiverAssignmentStatus',
  http: 'POST',
  effect: 'read',
  query: sessionAndReceiver,
  body: undefined,
  reply: replies.word,
} as const satisfies Call;

export const replacePublisherAccountMonitoredReceiver = {
  area: 'Publisher',
  method: 'ReplacePublisherAccountMonitoredReceiver',
  http: 'POST',
  effect: 'write',
  query: sessionAndReceiver,
  body: undefined,
  reply: replies.empty,
} as const satisfies Call;

export const isRemoteMonitoringSessionActive = {
  area: 'Publisher',
  method: 'IsRemoteMonitoringSessionActive',
  http: 'POST',
  effect: 'read',
  query: session,
  body: undefined,
  reply: replies.boolean,
} as const satisfies Call;

export const startRemoteMonitoringSession = {
  area: 'Publisher',
  method: 'StartRemoteMonitoringSession',
  http: 'POST',
  effect: 'write',
  query: sessionAndReceiver,
  body: undefined,
  reply: replies.empty,
} as const satisfies Call;

export const stopRemoteMonitoringSession = {
  area: 'Publisher',
  method: 'StopRemoteMonitoringSession',
  http: 'POST',
  effect: 'write',
  query: session,
  body: undefined,
  reply: replies.empty,
} as const satisfies Call;

/** Facts about these calls. */
export const about = {
  CheckMonitoredReceiverAssignmentStatus: {
    secrets: ['sessionId'],
    doc: '`AssignedToYou`, `NotAssigned` or a word nobody has recorded, which is not yours either.',
    evidence: 'several sources',
    source: 'spec/share §2.1',
  },
  ReplacePublisherAccountMonitoredReceiver: {
    secrets: ['sessionId'],
    doc: 'Makes this receiver the one the account takes readings from, in place of the one before. HTTP 500 if it already is.',
    evidence: 'several sources',
    source: 'spec/share §2.1',
  },
  IsRemoteMonitoringSessionActive: {
    secrets: ['sessionId'],
    doc: 'Whether the account is sharing.',
    evidence: 'several sources',
    source: 'spec/share §2.1',
  },
  StartRemoteMonitoringSession: {
    secrets: ['sessionId'],
    doc: 'Starts sharing: followers see it, and readings are taken. Refused while one is running.',
    evidence: 'several sources',
    source: 'spec/share §2.1',
  },
  StopRemoteMonitoringSession: {
    secrets: ['sessionId'],
    doc: 'Stops sharing. What followers see then is unknown.',
    evidence: 'one source',
    source: 'spec/share §2.1, §7.7',
  },
} as const satisfies Record<string, About>;
