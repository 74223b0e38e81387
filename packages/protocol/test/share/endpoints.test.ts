import { describe, expect, it } from 'vitest';
import {
  ENDPOINTS,
  type EndpointName,
  endpointAt,
  endpointPath,
  REGIONS,
} from '../../src/share/index.ts';

const NAMES = Object.keys(ENDPOINTS) as EndpointName[];

describe('where the calls live', () => {
  // spec/share-endpoints-seed
  it.each([
    ['SystemUtcTime', 'GET', '/ShareWebServices/Services/General/SystemUtcTime'],
    [
      'AuthenticatePublisherAccount',
      'POST',
      '/ShareWebServices/Services/General/AuthenticatePublisherAccount',
    ],
    [
      'LoginPublisherAccountById',
      'POST',
      '/ShareWebServices/Services/General/LoginPublisherAccountById',
    ],
    [
      'CheckMonitoredReceiverAssignmentStatus',
      'POST',
      '/ShareWebServices/Services/Publisher/CheckMonitoredReceiverAssignmentStatus',
    ],
    [
      'ReplacePublisherAccountMonitoredReceiver',
      'POST',
      '/ShareWebServices/Services/Publisher/ReplacePublisherAccountMonitoredReceiver',
    ],
    [
      'IsRemoteMonitoringSessionActive',
      'POST',
      '/ShareWebServices/Services/Publisher/IsRemoteMonitoringSessionActive',
    ],
    [
      'StartRemoteMonitoringSession',
      'POST',
      '/ShareWebServices/Services/Publisher/StartRemoteMonitoringSession',
    ],
    [
      'PostReceiverEgvRecords',
      'POST',
      '/ShareWebServices/Services/Publisher/PostReceiverEgvRecords',
    ],
    [
      'ReadPublisherLatestGlucoseValues',
      'POST',
      '/ShareWebServices/Services/Publisher/ReadPublisherLatestGlucoseValues',
    ],
  ] as const)('%s', (name, http, path) => {
    expect(ENDPOINTS[name].http).toBe(http);
    expect(endpointPath(name)).toBe(path);
    expect(endpointAt(path)).toBe(name);
  });

  it('nowhere else', () => {
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
  it.each(NAMES)('%s marks each parameter that signs in or identifies as secret', (name) => {
    const { query, body, secrets } = ENDPOINTS[name];
    const fields = [...Object.keys(query.shape), ...Object.keys(body?.shape ?? {})];
    const sensitive = ['sessionId', 'accountId', 'accountName', 'password'];
    expect([...secrets].sort()).toEqual(fields.filter((field) => sensitive.includes(field)).sort());
  });

  it.each(NAMES)('%s says what it does and where that is known from', (name) => {
    const { doc, source, evidence } = ENDPOINTS[name];
    expect(doc).toMatch(/\w\./);
    expect(source).toMatch(/^spec\/share §/);
    expect(['captured', 'several sources', 'one source', 'unconfirmed']).toContain(evidence);
  });
});
