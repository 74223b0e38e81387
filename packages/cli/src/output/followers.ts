import {
  type FollowerAlert,
  type FollowerAlerts,
  type Subscription,
  subscriptionStatus,
} from '@egvkit/protocol/share';
import type { Unit } from '../options/units.ts';
import { formatNumber } from './glucose.ts';
import { printable } from './printable.ts';

/** A follower in a line: who, how it stands, what it sees, and the ids it goes by. */
export function followerLine(follower: Subscription, nowMs: number): string {
  const { contactName, contactId, permissions, subscriptionId } = follower;
  const sees = permissions.name ?? `permissions ${permissions.raw}`;
  const contact = contactId === undefined ? '' : `  contact ${contactId}`;
  return printable(
    `${contactName ?? '(no name)'}  ${standing(follower, nowMs)}, ${sees}  subscription ${subscriptionId}${contact}`,
  );
}

function standing(follower: Subscription, nowMs: number): string {
  const status = subscriptionStatus(follower, nowMs);
  return status === 'expired' ? 'invitation expired' : (status ?? `state ${follower.state.raw}`);
}

/** A follower as programs are told of it. */
export function followerJson(follower: Subscription, nowMs: number): object {
  const { raw: _, state, permissions, ...rest } = follower;
  return {
    ...rest,
    state: subscriptionStatus(follower, nowMs) ?? state.raw,
    permissions: permissions.name ?? permissions.raw,
  };
}

/** The alerts of a follower, a line each. */
export function alertLines(alerts: FollowerAlerts, unit: Unit): string[] {
  return Object.entries(alerts).map(([name, alert]: [string, FollowerAlert]) => {
    const { enabled, minMgDl, maxMgDl, delaySeconds, repeatSeconds } = alert;
    const delay = describeDelay(delaySeconds);
    const what =
      name === 'noData'
        ? `no readings, ${delay}`
        : `${formatNumber(minMgDl, unit)} to ${formatNumber(maxMgDl, unit)} ${unit}, ${delay}`;
    return `${name.padEnd(10)} ${enabled ? 'on ' : 'off'}  ${what}, ${describeRepeat(repeatSeconds)}`;
  });
}

function describeDelay(seconds: number | undefined): string {
  if (seconds === undefined) return 'delay unknown';
  return seconds === 0 ? 'at once' : `after ${describeSpan(seconds)}`;
}

function describeRepeat(seconds: number | undefined): string {
  if (seconds === undefined) return 'repeat unknown';
  return seconds === 0 ? 'told once' : `again after ${describeSpan(seconds)}`;
}

function describeSpan(seconds: number): string {
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
}
