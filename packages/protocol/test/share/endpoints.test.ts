import { describe, expect, it } from 'vitest';
import {
  ENDPOINTS,
  type EndpointName,
  endpointAt,
  endpointPath,
  fieldsOf,
  REGIONS,
} from '../../src/share/index.ts';

const NAMES = Object.keys(ENDPOINTS) as EndpointName[];

describe('where the calls live', () => {
  // share §2.1, §2.2
  it.each([
    ['SystemUtcTime', 'GET', 'General'],
    ['LoginPublisherAccountByName', 'POST', 'General'],
    ['AuthenticatePublisherAccount', 'POST', 'General'],
    ['LoginPublisherAccountById', 'POST', 'General'],
    ['CheckMonitoredReceiverAssignmentStatus', 'POST', 'Publisher'],
    ['ReplacePublisherAccountMonitoredReceiver', 'POST', 'Publisher'],
    ['IsRemoteMonitoringSessionActive', 'POST', 'Publisher'],
    ['StartRemoteMonitoringSession', 'POST', 'Publisher'],
    ['StopRemoteMonitoringSession', 'POST', 'Publisher'],
    ['UpdatePublisherAccountRuntimeInfo', 'POST', 'Publisher'],
    ['PostReceiverEgvRecords', 'POST', 'Publisher'],
    ['ReadPublisherLatestGlucoseValues', 'POST', 'Publisher'],
    ['DoesContactExistByName', 'POST', 'Publisher'],
    ['CreateContact', 'POST', 'Publisher'],
    ['CreateSubscriptionInvitation', 'POST', 'Publisher'],
    ['ListPublisherAccountSubscriptions', 'POST', 'Publisher'],
    ['DeleteContact', 'POST', 'Publisher'],
    ['ReadContact', 'POST', 'Publisher'],
    ['UpdateContactName', 'POST', 'Publisher'],
    ['UpdateSubscriptionPermissions', 'POST', 'Publisher'],
    ['PauseSubscription', 'POST', 'General'],
    ['ResumeSubscription', 'POST', 'General'],
    ['ReadSubscriptionAlerts', 'POST', 'General'],
    ['ReadPublisherAccountImage', 'GET', 'Publisher'],
    ['ReadPublisherAccountEmail', 'POST', 'Publisher'],
    ['LoginSubscriberAccount', 'POST', 'General'],
    ['ListSubscriberAccountSubscriptions', 'POST', 'Subscriber'],
    ['ReadLastGlucoseFromSubscriptions', 'POST', 'Subscriber'],
    ['ReadSubscriptionLatestGlucoseValues', 'POST', 'Subscriber'],
  ] as const)('%s', (name, http, area) => {
    const path = `/ShareWebServices/Services/${area}/${name}`;
    expect(ENDPOINTS[name].http).toBe(http);
    expect(endpointPath(name)).toBe(path);
    expect(endpointAt(path)).toBe(name);
  });

  it('nowhere else', () => {
    expect(NAMES).toHaveLength(29);
    expect(endpointAt('/ShareWebServices/Services/General/DeleteEverything')).toBeUndefined();
    expect(endpointAt(`${endpointPath('SystemUtcTime')}/`)).toBeUndefined();
    expect(endpointAt('')).toBeUndefined();
  });

  it('on a host of its own in each region', () => {
    expect(Object.entries(REGIONS).map(([name, { host }]) => [name, host])).toEqual([
      ['us', 'share2.dexcom.com'],
      ['ous', 'shareous1.dexcom.com'],
      ['jp', 'share.dexcom.jp'],
    ]);
    expect(REGIONS.us.applicationId).toBe('d89443d2-327c-4a6f-89e5-496bbb0317db');
    expect(REGIONS.ous.applicationId).toBe(REGIONS.us.applicationId);
    expect(REGIONS.jp.applicationId).toBe('d8665ade-9673-4e27-9ff6-92db4ce13d13');
  });
});

describe('every row', () => {
  it.each(NAMES)('%s marks each parameter that logs in or identifies as secret', (name) => {
    const { query, body, secrets } = ENDPOINTS[name];
    const fields = Object.keys({ ...fieldsOf(query), ...fieldsOf(body) });
    const sensitive = fields.filter((field) => /session|account|password|name|email/i.test(field));
    expect([...secrets].sort()).toEqual(sensitive.sort());
  });

  it.each(NAMES)('%s says what it does and where that is known from', (name) => {
    const { doc, source, evidence } = ENDPOINTS[name];
    expect(doc).toMatch(/\w\./);
    expect(source).toMatch(/^spec\/share §/);
    expect(['captured', 'several sources', 'one source', 'unconfirmed']).toContain(evidence);
  });
});
