import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeSubscription,
  ENDPOINTS,
  INVITATION_LIFETIME_MS,
  subscriptionStatus,
  UNDOCUMENTED,
} from '../../src/share/index.ts';

// The recorded listing, with ids that are ids.
const RECORDED = String.raw`[{
  "ContactId":"11111111-1111-4111-8111-111111111111",
  "ContactName":"FollowersName",
  "DateTimeCreated":{"DateTime":"\/Date(1437101121008)\/","OffsetMinutes":0},
  "DateTimeModified":{"DateTime":"\/Date(1437101121008)\/","OffsetMinutes":0},
  "DisplayName":"YourDisplayName",
  "InviteExpires":{"DateTime":"\/Date(1437705921008)\/","OffsetMinutes":0},
  "IsEnabled":false,
  "IsMonitoringSessionActive":true,
  "Permissions":1,
  "State":2,
  "SubscriberId":"00000000-0000-0000-0000-000000000000",
  "SubscriptionId":"22222222-2222-4222-8222-222222222222"
}]`;

const { reply } = ENDPOINTS.ListPublisherAccountSubscriptions;

describe('a subscription', () => {
  it('that was recorded is an invitation that lives seven days', () => {
    const list = reply.decode(RECORDED);
    if (!list.ok) throw new Error(list.problem);
    const found = decodeSubscription(list.value[0]!);
    expect(found).toMatchObject({
      subscriptionId: '22222222-2222-4222-8222-222222222222',
      contactId: '11111111-1111-4111-8111-111111111111',
      contactName: 'FollowersName',
      displayName: 'YourDisplayName',
      subscriberId: undefined,
      state: { raw: 2, name: 'invited' },
      permissions: { raw: 1, name: 'graph' },
      enabled: false,
      sharing: true,
      createdMs: 1_437_101_121_008,
    });
    // share, Appendix A7
    expect(found.inviteExpiresMs! - found.createdMs!).toBe(604_800_000);
    expect(INVITATION_LIFETIME_MS).toBe(604_800_000);
  });

  it.each([
    [2, 'invited'],
    [6, 'active'],
    [7, 'paused'],
    [10, 'removed'],
    ['10', 'removed'],
    [' 7 ', 'paused'],
    [0, undefined],
    [3, undefined],
    ['Active', undefined],
    ['', undefined],
    [-2, undefined],
  ])('State %j is %s', (State, name) => {
    expect(decodeSubscription({ SubscriptionId: 's', State }).state).toEqual({ raw: State, name });
  });

  it.each([
    [0, 'alertsOnly'],
    [1, 'graph'],
    ['1', 'graph'],
    [2, undefined],
    [undefined, undefined],
    [null, undefined],
  ])('Permissions %j is %s', (Permissions, name) => {
    const { permissions } = decodeSubscription({ SubscriptionId: 's', State: 6, Permissions });
    expect(permissions.name).toBe(name);
  });

  const dated = (ms: number) => ({ DateTime: `/Date(${ms})/`, OffsetMinutes: 0 });
  const made = { DateTimeCreated: dated(1_437_101_121_008) };
  const ends = { InviteExpires: dated(1_437_705_921_008) };
  it.each([
    [2, ends, 1_437_705_921_007, 'invited'],
    [2, ends, 1_437_705_921_008, 'expired'],
    [2, made, 1_437_705_921_007, 'invited'],
    [2, made, 1_437_705_921_008, 'expired'],
    [2, { ...made, InviteExpires: dated(1_437_101_121_009) }, 1_437_101_121_009, 'expired'],
    [2, {}, 9_999_999_999_999, 'invited'],
    [6, ends, 9_999_999_999_999, 'active'],
    [7, ends, 9_999_999_999_999, 'paused'],
    [10, ends, 9_999_999_999_999, 'removed'],
    [4, ends, 9_999_999_999_999, undefined],
  ])('State %j with %j is, at %d, %s', (State, dates, nowMs, status) => {
    const found = decodeSubscription({ SubscriptionId: 's', State, ...dates });
    expect(subscriptionStatus(found, nowMs)).toBe(status);
  });

  it('is read whatever the service leaves out or adds', () => {
    const field = fc.oneof(fc.constant(undefined), fc.constant(null), fc.string());
    const record = fc.record({
      SubscriptionId: fc.constant('s-1'),
      State: fc.oneof(fc.integer(), fc.string()),
      ContactName: field,
      DisplayName: field,
      SubscriberId: field,
      More: fc.jsonValue(),
    });
    fc.assert(
      fc.property(record, (one) => {
        const list = reply.decode(JSON.stringify([one]));
        expect(list.ok).toBe(true);
        expect(decodeSubscription(one)).toMatchObject({ subscriptionId: 's-1', raw: one });
      }),
    );
  });

  it.each(['{}', '[{}]', '[{"SubscriptionId":"s"}]', '[{"SubscriptionId":7,"State":1}]', ''])(
    '%s is none',
    (text) => {
      expect(reply.decode(text).ok).toBe(false);
    },
  );
});

describe('what nobody has published', () => {
  it('cannot be called: none of it is a row of the calls', () => {
    // share §2.3
    expect(Object.keys(UNDOCUMENTED)).toHaveLength(9);
    const names = Object.keys(ENDPOINTS).map((name) => name.toLowerCase());
    for (const [name, { what, known, source }] of Object.entries(UNDOCUMENTED)) {
      expect(names).not.toContain(name.toLowerCase());
      expect(what).toMatch(/\.$/);
      expect(known).toMatch(/\.$/);
      expect(source).toMatch(/^spec\/share §/);
    }
  });
});
