import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeRequest,
  ENDPOINTS,
  type EndpointName,
  encodeRequest,
  endpointAt,
  endpointPath,
  REGIONS,
} from '../../src/share/index.ts';

const NAMES = Object.keys(ENDPOINTS) as EndpointName[];
const SESSION = 'e3e3e6a5-0000-4000-8000-00000000abcd';
const decode = (name: EndpointName, text: string) => ENDPOINTS[name].reply.decode(text);

/** Address and JSON body of a call as the service would get them. */
function arrive(path: string, body: string | undefined): [[string, string][], unknown] {
  const search = [...new URLSearchParams(path.split('?')[1] ?? '')];
  return [search, body === undefined ? undefined : JSON.parse(body)];
}

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

describe('requests', () => {
  it('the upload of the seed document', () => {
    const body = {
      SN: 'YourSerialNumber',
      Egvs: [{ Trend: 4, ST: '/Date(1426783106000)/', DT: '/Date(1426754317000)/', Value: 97 }],
      TA: -14365,
    };
    const request = encodeRequest('PostReceiverEgvRecords', {
      query: { sessionId: SESSION },
      body,
    });
    expect(request).toEqual({
      http: 'POST',
      path: `/ShareWebServices/Services/Publisher/PostReceiverEgvRecords?sessionId=${SESSION}`,
      body: '{"SN":"YourSerialNumber","Egvs":[{"Trend":4,"ST":"/Date(1426783106000)/","DT":"/Date(1426754317000)/","Value":97}],"TA":-14365}',
    });
    // As the original application wrote it, slashes escaped.
    const seed = String.raw`{"SN":"YourSerialNumber","Egvs":[{"Trend":4,"ST":"\/Date(1426783106000)\/","DT":"\/Date(1426754317000)\/","Value":97}],"TA":-14365}`;
    const arrived = decodeRequest(
      'PostReceiverEgvRecords',
      [['sessionId', SESSION]],
      JSON.parse(seed),
    );
    expect(arrived).toEqual({ ok: true, value: { query: { sessionId: SESSION }, body } });
  });

  it('the read of the seed document', () => {
    const query = { sessionId: SESSION, minutes: 1440, maxCount: 1 };
    const request = encodeRequest('ReadPublisherLatestGlucoseValues', { query, body: undefined });
    expect(request).toEqual({
      http: 'POST',
      path: `/ShareWebServices/Services/Publisher/ReadPublisherLatestGlucoseValues?sessionId=${SESSION}&minutes=1440&maxCount=1`,
      body: undefined,
    });
  });

  it.each([
    [
      'in the query',
      [
        ['sessionId', SESSION],
        ['minutes', '10'],
        ['maxCount', '2'],
      ],
      undefined,
    ],
    [
      'in the query, with an empty object',
      [
        ['sessionID', SESSION],
        ['minutes', '10'],
        ['maxCount', '2'],
      ],
      {},
    ],
    [
      'in the query, with an empty text',
      [
        ['sessionId', SESSION],
        ['minutes', '10'],
        ['maxCount', '2'],
      ],
      '',
    ],
    ['in the body', [], { sessionId: SESSION, minutes: 10, maxCount: 2 }],
    ['in the body, as text', [], { sessionID: SESSION, minutes: '10', maxCount: '2' }],
    [
      'in both',
      [
        ['sessionId', SESSION],
        ['minutes', '10'],
      ],
      { minutes: 99, maxCount: 2 },
    ],
  ] as [string, [string, string][], unknown][])('parameters %s are taken', (_, search, body) => {
    expect(decodeRequest('ReadPublisherLatestGlucoseValues', search, body)).toEqual({
      ok: true,
      value: { query: { sessionId: SESSION, minutes: 10, maxCount: 2 }, body: undefined },
    });
  });

  it.each([
    ['no session', { minutes: 1, maxCount: 1 }],
    ['a session that is no id', { sessionId: 'bro', minutes: 1, maxCount: 1 }],
    ['a negative limit', { sessionId: SESSION, minutes: -1, maxCount: 1 }],
    ['half a reading', { sessionId: SESSION, minutes: 1, maxCount: 0.5 }],
    ['no number', { sessionId: SESSION, minutes: 'every', maxCount: 1 }],
    ['an empty number', { sessionId: SESSION, minutes: '', maxCount: 1 }],
  ])('%s is refused without repeating it', (_, body) => {
    const result = decodeRequest('ReadPublisherLatestGlucoseValues', [], body);
    expect(result.ok).toBe(false);
    expect(JSON.stringify(result)).not.toMatch(/bro|every/);
  });

  it('blanks and pluses survive the address', () => {
    fc.assert(
      fc.property(
        fc.uuid(),
        fc.string({ unit: 'binary', minLength: 1 }).filter((text) => text.isWellFormed()),
        (sessionId, serialNumber) => {
          const query = { sessionId, serialNumber };
          const name = 'CheckMonitoredReceiverAssignmentStatus';
          const { path, body } = encodeRequest(name, { query, body: undefined });
          expect(decodeRequest(name, ...arrive(path, body))).toEqual({
            ok: true,
            value: { query, body: undefined },
          });
        },
      ),
    );
    const plus = encodeRequest('StartRemoteMonitoringSession', {
      query: { sessionId: SESSION, serialNumber: 'a+b c' },
      body: undefined,
    });
    expect(plus.path).toContain('serialNumber=a%2Bb%20c');
  });

  it('every sign-in and upload arrives as it was sent', () => {
    const text = fc.string({ unit: 'binary', minLength: 1 }).filter((t) => t.isWellFormed());
    const signIn = fc.record({ accountName: text, password: text, applicationId: fc.uuid() });
    fc.assert(
      fc.property(signIn, (body) => {
        const sent = encodeRequest('AuthenticatePublisherAccount', { query: {}, body });
        expect(sent.path).not.toContain('?');
        expect(
          decodeRequest('AuthenticatePublisherAccount', ...arrive(sent.path, sent.body)),
        ).toEqual({ ok: true, value: { query: {}, body } });
      }),
    );
    const egv = fc.record({
      Trend: fc.integer({ min: 0, max: 9 }),
      ST: text,
      DT: text,
      Value: fc.integer(),
    });
    const upload = fc.record({ SN: text, Egvs: fc.array(egv, { minLength: 1 }), TA: fc.integer() });
    fc.assert(
      fc.property(fc.uuid(), upload, (sessionId, body) => {
        const data = { query: { sessionId }, body };
        const sent = encodeRequest('PostReceiverEgvRecords', data);
        expect(decodeRequest('PostReceiverEgvRecords', ...arrive(sent.path, sent.body))).toEqual({
          ok: true,
          value: data,
        });
      }),
    );
  });

  it('nothing that arrives makes it throw', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...NAMES),
        fc.array(fc.tuple(fc.string(), fc.string())),
        fc.anything(),
        (name, search, body) => typeof decodeRequest(name, search, body).ok === 'boolean',
      ),
    );
  });

  it('what the service would not take is not sent, and the error does not show it', () => {
    const query = { sessionId: 'my secret session', minutes: 1, maxCount: 1 };
    const attempt = () =>
      encodeRequest('ReadPublisherLatestGlucoseValues', { query, body: undefined });
    expect(attempt).toThrow(expect.objectContaining({ name: 'InputError', code: 'outOfRange' }));
    expect(attempt).not.toThrow(/secret/);
    const empty = { SN: 'SM1', Egvs: [], TA: 0 };
    const post = () =>
      encodeRequest('PostReceiverEgvRecords', { query: { sessionId: SESSION }, body: empty });
    expect(post).toThrow(/Egvs/);
  });
});

describe('replies', () => {
  it('the clock of the seed document', () => {
    const text = String.raw`{ "DateTime":"\/Date(1426767421178)\/", "OffsetMinutes":0 }`;
    expect(decode('SystemUtcTime', text)).toEqual({
      ok: true,
      value: { DateTime: '/Date(1426767421178)/', OffsetMinutes: 0 },
    });
  });

  it('the reading of the seed document, and one of today', () => {
    const seed = String.raw`[{"DT":"\/Date(1426780716000-0700)\/","ST":"\/Date(1426784306000)\/","Trend":4,"Value":99,"WT":"\/Date(1426769941000)\/"}]`;
    expect(decode('ReadPublisherLatestGlucoseValues', seed)).toEqual({
      ok: true,
      value: [
        {
          DT: '/Date(1426780716000-0700)/',
          ST: '/Date(1426784306000)/',
          Trend: 4,
          Value: 99,
          WT: '/Date(1426769941000)/',
        },
      ],
    });
    const today =
      '[{"WT":"Date(1680591428000)","ST":"Date(1680591428000)","DT":"Date(1680591428000-0700)","Value":120,"Trend":"Flat","Extra":1}]';
    expect(decode('ReadPublisherLatestGlucoseValues', today)).toEqual({
      ok: true,
      value: JSON.parse(today),
    });
    expect(decode('ReadPublisherLatestGlucoseValues', '[]')).toEqual({ ok: true, value: [] });
  });

  it.each([
    ['AssignedToYou', 'AssignedToYou'],
    ['"AssignedToYou"', 'AssignedToYou'],
    [' "NotAssigned"\n', 'NotAssigned'],
    ['SomethingNew', 'SomethingNew'],
  ])('the word %j', (text, value) => {
    expect(decode('CheckMonitoredReceiverAssignmentStatus', text)).toEqual({ ok: true, value });
  });

  it.each([
    ['true', true],
    ['"True"', true],
    ['FALSE', false],
    [' false ', false],
  ])('the answer %j', (text, value) => {
    expect(decode('IsRemoteMonitoringSessionActive', text)).toEqual({ ok: true, value });
  });

  it.each(['', '\n', '{}', 'null', 'OK'])('a status may come with %j', (text) => {
    expect(decode('PostReceiverEgvRecords', text)).toEqual({ ok: true, value: undefined });
  });

  it.each([
    ['SystemUtcTime', '', /empty/],
    ['SystemUtcTime', '<DateTime/>', /HTML or XML/],
    ['SystemUtcTime', '{"DateTime":"x"}', /OffsetMinutes/],
    ['ReadPublisherLatestGlucoseValues', '', /empty/],
    ['ReadPublisherLatestGlucoseValues', '[{"ST":"Date(1)","Value":', /cut off/],
    ['ReadPublisherLatestGlucoseValues', '{}', /array/],
    ['ReadPublisherLatestGlucoseValues', '[{"Value":"120"}]', /\[0\]\.Value/],
    ['ReadPublisherLatestGlucoseValues', '[{"Value":120,"ST":5}]', /\[0\]\.ST/],
    ['ReadPublisherLatestGlucoseValues', '<html>', /HTML/],
    ['CheckMonitoredReceiverAssignmentStatus', '', /empty/],
    ['CheckMonitoredReceiverAssignmentStatus', '<html>', /document/],
    ['CheckMonitoredReceiverAssignmentStatus', '"a b/c"', /word/],
    ['IsRemoteMonitoringSessionActive', '1', /neither/],
    ['AuthenticatePublisherAccount', '"e3e3e6a5-coolsessionid-bro"', /not an id/],
    ['AuthenticatePublisherAccount', '', /empty/],
    ['AuthenticatePublisherAccount', '"8c1234deb', /cut off/],
    ['PostReceiverEgvRecords', '<!DOCTYPE html>', /HTML/],
  ] as const)('%s does not answer %j', (name, text, problem) => {
    const result = decode(name, text);
    expect(result.ok).toBe(false);
    expect((result as { problem: string }).problem).toMatch(problem);
  });

  it('ids, words and truths are read back as they are written', () => {
    const { reply: id } = ENDPOINTS.LoginPublisherAccountById;
    fc.assert(
      fc.property(fc.uuid(), (value) => {
        expect(id.decode(id.encode(value))).toEqual({ ok: true, value });
      }),
    );
    const { reply: word } = ENDPOINTS.CheckMonitoredReceiverAssignmentStatus;
    fc.assert(
      fc.property(fc.stringMatching(/^\w{1,64}$/), (value) => {
        expect(word.decode(word.encode(value))).toEqual({ ok: true, value });
      }),
    );
    const { reply: truth } = ENDPOINTS.IsRemoteMonitoringSessionActive;
    for (const value of [true, false]) {
      expect(truth.decode(truth.encode(value))).toEqual({ ok: true, value });
    }
    const { reply: empty } = ENDPOINTS.PostReceiverEgvRecords;
    expect(empty.encode()).toBe('');
  });

  it('readings are read back as they are written', () => {
    const { reply } = ENDPOINTS.ReadPublisherLatestGlucoseValues;
    const readings = fc.array(
      fc.record(
        {
          WT: fc.string(),
          ST: fc.string(),
          DT: fc.string(),
          Trend: fc.oneof(fc.nat(9), fc.string(), fc.constant(null)),
          Value: fc.integer(),
        },
        { requiredKeys: ['Value'] },
      ),
    );
    fc.assert(
      fc.property(readings, (value) => {
        expect(reply.decode(reply.encode(value))).toEqual({ ok: true, value });
      }),
    );
  });

  it('nothing that is answered makes a row throw', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...NAMES),
        fc.oneof(fc.string(), fc.json(), fc.string({ unit: 'binary' })),
        (name, text) => typeof decode(name, text).ok === 'boolean',
      ),
    );
  });
});
