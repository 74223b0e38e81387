import {
  decodeDate,
  type EndpointName,
  type EndpointReply,
  encodeDate,
  encodeTrend,
  type GlucoseRecord,
  isTrendNumber,
  type RequestData,
} from '@egvkit/protocol/share';
import type { ServiceBehaviour } from './options.ts';
import type { PasswordHasher } from './passwords.ts';
import { Refusal } from './refusal.ts';
import type { ShareStore, StoredAccount, StoredReading } from './store.ts';

/** What a handler works with. */
export interface ServiceState {
  readonly store: ShareStore;
  readonly behaviour: ServiceBehaviour;
  readonly passwords: PasswordHasher;
  readonly now: () => number;
}

/** One for every row of ENDPOINTS: what the call gives, or a {@link Refusal} thrown. */
export type Handlers = {
  readonly [Name in EndpointName]: (
    state: ServiceState,
    data: RequestData<Name>,
  ) => EndpointReply<Name> | Promise<EndpointReply<Name>>;
};

const MINUTE_MS = 60_000;
const PACIFIC_OFFSET_MINUTES = -420;

const normal = (serialNumber: string): string => serialNumber.trim().toUpperCase();

/** Whether a sign-in is right. Wrong name, wrong password and wrong id are told apart nowhere. */
async function authenticate(
  state: ServiceState,
  find: () => StoredAccount | undefined,
  password: string,
): Promise<StoredAccount> {
  const { store, behaviour, passwords, now } = state;
  const claimed = find();
  if (claimed === undefined) throw new Refusal('AccountPasswordInvalid');
  if (now() < claimed.lockedUntilMs) throw new Refusal('SSO_AuthenticateMaxAttemptsExceeed');
  const right = await passwords.matches(password, claimed.passwordHash);
  const account = store.accountById(claimed.id) ?? claimed; // others may have signed in meanwhile
  if (right) {
    const known = { ...account, refusals: 0 };
    store.saveAccount(known);
    return known;
  }
  const refusals = account.refusals + 1;
  const locks = refusals >= behaviour.lockAfterRefusals;
  const lockedUntilMs = locks ? now() + behaviour.lockedForMs : account.lockedUntilMs;
  store.saveAccount({ ...account, refusals: locks ? 0 : refusals, lockedUntilMs });
  throw new Refusal('AccountPasswordInvalid');
}

function signedIn({ store, behaviour, now }: ServiceState, sessionId: string): StoredAccount {
  const session = store.session(sessionId);
  const detail = ` [SessionId = ${sessionId}]`;
  if (session === undefined) throw new Refusal('SessionIdNotFound', detail);
  if (now() >= session.expiresMs) throw new Refusal(behaviour.expiredSessionCode, detail);
  const account = store.accountById(session.accountId);
  if (account === undefined) throw new Refusal('SessionIdNotFound', detail);
  return account;
}

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

/** Stores a batch; equal system time within an account is what makes a duplicate (ours, §4.6). */
function store(state: ServiceState, account: StoredAccount, readings: StoredReading[]): void {
  const seen = new Set<number>();
  const fresh = readings.filter(({ stMs }) => {
    const known = seen.has(stMs) || state.store.hasReading(account.id, stMs);
    seen.add(stMs);
    return !known;
  });
  const duplicate = fresh.length < readings.length;
  if (!duplicate || state.behaviour.duplicateBatch === 'storeTheRest') {
    state.store.addReadings(account.id, fresh);
  }
  if (duplicate) throw new Refusal('DuplicateEgvPosted');
}

/** A reading as it is read back. `DT` keeps its digits and gets a zone (spec/share §4.3). */
function readBack(reading: StoredReading, behaviour: ServiceBehaviour): GlucoseRecord {
  const old = behaviour.generation === '2015';
  const offsetMinutes = behaviour.displayOffsetMinutes ?? (old ? PACIFIC_OFFSET_MINUTES : 0);
  const spelling = old ? 'slashed' : 'bare';
  const date = (utcMs: number) => encodeDate({ utcMs, offsetMinutes: undefined }, spelling);
  const displayedMs = reading.dtMs - offsetMinutes * MINUTE_MS;
  const { trend } = reading;
  return {
    DT: encodeDate({ utcMs: displayedMs, offsetMinutes }, spelling),
    ST: date(reading.stMs),
    Trend: isTrendNumber(trend) ? encodeTrend(trend, old ? 'number' : 'name') : trend,
    Value: reading.mgDl,
    WT: date(reading.wtMs),
  };
}

/** What each call does. */
export const HANDLERS: Partial<Handlers> = {
  SystemUtcTime: ({ now }) => ({
    DateTime: encodeDate({ utcMs: now(), offsetMinutes: undefined }, 'slashed'),
    OffsetMinutes: 0,
  }),

  AuthenticatePublisherAccount: async (state, { body }) => {
    const find = () => state.store.accountByName(body.accountName);
    return (await authenticate(state, find, body.password)).id;
  },

  LoginPublisherAccountById: async (state, { body }) => {
    const find = () => state.store.accountById(body.accountId);
    const { id } = await authenticate(state, find, body.password);
    const sessionId = crypto.randomUUID();
    const expiresMs = state.now() + state.behaviour.sessionLifetimeMs;
    state.store.saveSession(sessionId, { accountId: id, side: 'publisher', expiresMs });
    return sessionId;
  },

  CheckMonitoredReceiverAssignmentStatus: (state, { query }) => {
    const account = signedIn(state, query.sessionId);
    const serialNumber = normal(query.serialNumber);
    if (account.receiver === serialNumber) return 'AssignedToYou';
    const taken = state.store.accountByReceiver(serialNumber) !== undefined;
    return taken ? state.behaviour.otherAccountWord : 'NotAssigned';
  },

  ReplacePublisherAccountMonitoredReceiver: (state, { query }) => {
    const account = signedIn(state, query.sessionId);
    const receiver = normal(query.serialNumber);
    // Known to be HTTP 500 (§2.1); the code is ours.
    if (account.receiver === receiver) throw new Refusal('Unknown');
    state.store.saveAccount({ ...account, receiver });
  },

  IsRemoteMonitoringSessionActive: (state, { query }) =>
    signedIn(state, query.sessionId).monitoring,

  StartRemoteMonitoringSession: (state, { query }) => {
    const account = signedIn(state, query.sessionId);
    requireReceiver(account, query.serialNumber);
    if (account.monitoring) throw new Refusal('MonitoringSessionAlreadyActive');
    state.store.saveAccount({ ...account, monitoring: true });
  },

  PostReceiverEgvRecords: (state, { query, body }) => {
    const account = signedIn(state, query.sessionId);
    // In this order by our choice: the real precedence is unknown (spec/share, Appendix B).
    if (!account.monitoring) throw new Refusal('MonitoringSessionNotActive');
    requireReceiver(account, body.SN);
    store(state, account, postedReadings(body, state.behaviour));
  },

  ReadPublisherLatestGlucoseValues: (state, { query }) => {
    const account = signedIn(state, query.sessionId);
    const minutes = Math.min(query.minutes, state.behaviour.maxMinutes);
    const count = Math.min(query.maxCount, state.behaviour.maxCount);
    if (minutes === 0 || count === 0) return [];
    const fromMs = state.now() - minutes * MINUTE_MS;
    const readings = state.store.newestReadings(account.id, fromMs, count);
    return readings.map((reading) => readBack(reading, state.behaviour));
  },
};
