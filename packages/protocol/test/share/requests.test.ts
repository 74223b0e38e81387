import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeRequest,
  ENDPOINTS,
  type EndpointName,
  encodeRequest,
} from '../../src/share/index.ts';

const NAMES = Object.keys(ENDPOINTS) as EndpointName[];
const SESSION = 'e3e3e6a5-0000-4000-8000-00000000abcd';

/** Address and JSON body of a call as the service would get them. */
function arrive(path: string, body: string | undefined): [[string, string][], unknown] {
  const search = [...new URLSearchParams(path.split('?')[1] ?? '')];
  return [search, body === undefined ? undefined : JSON.parse(body)];
}

describe('requests', () => {
  it('the recorded upload', () => {
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

  it('the recorded read', () => {
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

  it('every login and upload arrives as it was sent', () => {
    const text = fc.string({ unit: 'binary', minLength: 1 }).filter((t) => t.isWellFormed());
    const login = fc.record({ accountName: text, password: text, applicationId: fc.uuid() });
    fc.assert(
      fc.property(login, (body) => {
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
