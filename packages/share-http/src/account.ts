import { decodeDate, ENDPOINTS, type RuntimeInfo } from '@egvkit/protocol/share';
import type { Caller } from './caller.ts';
import { type CallOptions, unreadable } from './readings.ts';

/** The service's clock; needs no session. */
export async function readClock(
  caller: Caller,
  { signal }: CallOptions,
): Promise<{ readonly utcMs: number; readonly offsetMinutes: number }> {
  const row = ENDPOINTS.SystemUtcTime;
  const outcome = await caller.send(row, { query: {}, body: undefined }, signal);
  if (outcome.refusal !== undefined) throw outcome.refusal.error;
  const { DateTime, OffsetMinutes } = outcome.value;
  const date = decodeDate(DateTime);
  if (date === undefined) {
    throw unreadable(caller, row.method, 'DateTime cannot be read', outcome.value);
  }
  return { utcMs: date.utcMs, offsetMinutes: OffsetMinutes };
}

/** Tells which device and application publish; the session goes into the body, for once. */
export async function tellRuntimeInfo(
  caller: Caller,
  runtimeInfo: RuntimeInfo,
  { signal }: CallOptions,
): Promise<void> {
  const data = (sessionId: string) => ({
    query: {},
    body: { sessionId, runtimeInfo: { ...runtimeInfo } },
  });
  await caller.value(ENDPOINTS.UpdatePublisherAccountRuntimeInfo, data, signal);
}
