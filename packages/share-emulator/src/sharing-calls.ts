import { decodeDate, type RequestData } from '@egvkit/protocol/share';
import { publisherOf } from './login.ts';
import type { ServiceBehaviour } from './options.ts';
import { latestReadings } from './reading-back.ts';
import { Refusal } from './refusal.ts';
import type { Handlers, ServiceState } from './state.ts';
import { isReadingInstant, type StoredAccount, type StoredReading } from './store.ts';

// Recorded calls have a slash behind the number (share, Appendix C).
const normal = (serialNumber: string): string =>
  serialNumber.trim().replace(/\/$/, '').toUpperCase();

function requireReceiver(account: StoredAccount, serialNumber: string): void {
  if (account.receiver === undefined) throw new Refusal('MonitoredReceiverNotAssigned');
  if (account.receiver !== normal(serialNumber)) {
    throw new Refusal('MonitoredReceiverSerialNumberDoesNotMatch');
  }
}

type Post = RequestData<'PostReceiverEgvRecords'>['body'];

function postedReadings(body: Post, behaviour: ServiceBehaviour): StoredReading[] {
  const shiftMs = behaviour.honoursTimeAdjustment ? (body.TA ?? 0) * 1000 : 0;
  return body.Egvs.map((egv) => {
    const st = decodeDate(egv.ST);
    const dt = decodeDate(egv.DT);
    if (st === undefined || dt === undefined) throw new Refusal('InvalidArgument');
    // Readings that could not be written when they are read back are not taken.
    if (![st.utcMs, dt.utcMs, st.utcMs + (body.TA ?? 0) * 1000].every(isReadingInstant)) {
      throw new Refusal('InvalidArgument');
    }
    return {
      serialNumber: normal(body.SN),
      stMs: st.utcMs,
      dtMs: dt.utcMs,
      wtMs: st.utcMs + shiftMs,
      trend: egv.Trend,
      mgDl: egv.Value,
    };
  });
}

// Ours: that equal system time within an account makes a duplicate (share §4.6).
/** Stores a batch; refuses duplicates. */
function storeReadings(
  { store, behaviour }: ServiceState,
  account: StoredAccount,
  readings: StoredReading[],
): void {
  const seen = new Set<number>();
  const fresh = readings.filter(({ stMs }) => {
    const known = seen.has(stMs) || store.hasReading(account.id, stMs);
    seen.add(stMs);
    return !known;
  });
  const duplicate = fresh.length < readings.length;
  if (!duplicate || behaviour.duplicateBatch === 'storeTheRest') {
    store.addReadings(account.id, fresh);
  }
  if (duplicate) throw new Refusal('DuplicateEgvPosted');
}

/** Takes the receiver from the account that has it, or refuses to. */
function freeReceiver({ store, behaviour }: ServiceState, receiver: string): void {
  const owner = store.accountByReceiver(receiver);
  if (owner === undefined) return;
  if (behaviour.receiverOfAnother === 'refuse') throw new Refusal('Unknown');
  store.saveAccount({ ...owner, receiver: undefined });
}

/** True if somebody has accepted an invitation of the account. */
function isFollowed({ store }: ServiceState, account: StoredAccount): boolean {
  return store
    .subscriptionsOf(account.id)
    .some(({ subscriberId, removed }) => subscriberId !== undefined && !removed);
}

/** Calls about the receiver, sharing and the readings. */
export const SHARING_CALLS = {
  CheckMonitoredReceiverAssignmentStatus: (state, { query }) => {
    const account = publisherOf(state, query.sessionId);
    const serialNumber = normal(query.serialNumber);
    if (account.receiver === serialNumber) return 'AssignedToYou';
    const taken = state.store.accountByReceiver(serialNumber) !== undefined;
    return taken ? state.behaviour.otherAccountWord : 'NotAssigned';
  },

  ReplacePublisherAccountMonitoredReceiver: (state, { query }) => {
    const account = publisherOf(state, query.sessionId);
    const receiver = normal(query.serialNumber);
    // Known to be HTTP 500 (share §2.1); the code is ours.
    if (account.receiver === receiver) throw new Refusal('Unknown');
    freeReceiver(state, receiver);
    state.store.saveAccount({ ...account, receiver });
  },

  IsRemoteMonitoringSessionActive: (state, { query }) =>
    publisherOf(state, query.sessionId).sharing,

  StartRemoteMonitoringSession: (state, { query }) => {
    const account = publisherOf(state, query.sessionId);
    requireReceiver(account, query.serialNumber);
    if (account.sharing) throw new Refusal('MonitoringSessionAlreadyActive');
    state.store.saveAccount({ ...account, sharing: true });
  },

  // Ours: that an account which is not sharing can be stopped.
  StopRemoteMonitoringSession: (state, { query }) => {
    const account = publisherOf(state, query.sessionId);
    if (account.sharing) state.store.saveAccount({ ...account, sharing: false });
  },

  PostReceiverEgvRecords: (state, { query, body }) => {
    const account = publisherOf(state, query.sessionId);
    // In this order by our choice: the real precedence is unknown (share, Appendix B).
    if (!account.sharing) throw new Refusal('MonitoringSessionNotActive');
    requireReceiver(account, body.SN);
    storeReadings(state, account, postedReadings(body, state.behaviour));
  },

  ReadPublisherLatestGlucoseValues: (state, { query }) => {
    const account = publisherOf(state, query.sessionId);
    if (state.behaviour.readsNeedFollower && !isFollowed(state, account)) return [];
    return latestReadings(state, account.id, query);
  },
} satisfies Partial<Handlers>;
