import type { SQLInputValue, SQLOutputValue } from 'node:sqlite';
import type {
  Side,
  StoredAccount,
  StoredContact,
  StoredReading,
  StoredSession,
  StoredSubscription,
} from './store.ts';

/**
 * Rows of the database and their meaning. The schema is STRICT: a column holds what its
 * type says, so nothing is looked at twice here.
 */
type Row = Record<string, SQLOutputValue>;
type Values = Record<string, SQLInputValue>;

const optionalText = (value: SQLOutputValue | undefined): string | undefined =>
  value === null ? undefined : (value as string);

export function accountOf(row: Row): StoredAccount {
  return {
    id: row.id as string,
    side: row.side as Side,
    name: row.name as string,
    passwordHash: row.password_hash as string,
    email: row.email as string,
    receiver: optionalText(row.receiver),
    sharing: row.monitoring === 1,
    refusals: row.refusals as number,
    lockedUntilMs: row.locked_until_ms as number,
    runtimeInfo: optionalText(row.runtime_info),
  };
}

export function accountValues(account: StoredAccount): Values {
  return {
    id: account.id.toLowerCase(),
    side: account.side,
    name: account.name,
    name_key: account.name.toLowerCase(),
    password_hash: account.passwordHash,
    email: account.email,
    receiver: account.receiver ?? null,
    monitoring: account.sharing ? 1 : 0,
    refusals: account.refusals,
    locked_until_ms: account.lockedUntilMs,
    runtime_info: account.runtimeInfo ?? null,
  };
}

export function sessionOf(row: Row): StoredSession {
  return {
    accountId: row.account_id as string,
    side: row.side as Side,
    expiresMs: row.expires_ms as number,
  };
}

/** Columns that {@link readingOf} reads, in its order. */
export const READING_COLUMNS = 'serial_number, st_ms, dt_ms, wt_ms, trend, mg_dl';

export function readingOf(columns: readonly SQLOutputValue[]): StoredReading {
  const [serialNumber, stMs, dtMs, wtMs, trend, mgDl] = columns;
  return {
    serialNumber: serialNumber as string,
    stMs: stMs as number,
    dtMs: dtMs as number,
    wtMs: wtMs as number,
    trend: trend as number,
    mgDl: mgDl as number,
  };
}

export function contactOf(row: Row): StoredContact {
  return {
    id: row.id as string,
    accountId: row.account_id as string,
    name: row.name as string,
    email: row.email as string,
    createdMs: row.created_ms as number,
  };
}

export function subscriptionOf(row: Row): StoredSubscription {
  return {
    id: row.id as string,
    accountId: row.account_id as string,
    contactId: row.contact_id as string,
    invitationId: row.invitation_id as string,
    subscriberId: optionalText(row.subscriber_id),
    displayName: row.display_name as string,
    permissions: row.permissions as number,
    paused: row.paused === 1,
    removed: row.removed === 1,
    alerts: row.alerts as string,
    createdMs: row.created_ms as number,
    modifiedMs: row.modified_ms as number,
    inviteExpiresMs: row.invite_expires_ms as number,
  };
}

export function subscriptionValues(subscription: StoredSubscription): Values {
  return {
    id: subscription.id.toLowerCase(),
    account_id: subscription.accountId.toLowerCase(),
    contact_id: subscription.contactId.toLowerCase(),
    invitation_id: subscription.invitationId,
    subscriber_id: subscription.subscriberId?.toLowerCase() ?? null,
    display_name: subscription.displayName,
    permissions: subscription.permissions,
    paused: subscription.paused ? 1 : 0,
    removed: subscription.removed ? 1 : 0,
    alerts: subscription.alerts,
    created_ms: subscription.createdMs,
    modified_ms: subscription.modifiedMs,
    invite_expires_ms: subscription.inviteExpiresMs,
  };
}
