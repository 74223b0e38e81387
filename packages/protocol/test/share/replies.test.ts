import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ENDPOINTS, type EndpointName, encodeReply } from '../../src/share/index.ts';

const NAMES = Object.keys(ENDPOINTS) as EndpointName[];
/** All but the picture are texts. */
function decode(name: EndpointName, text: string) {
  const { reply } = ENDPOINTS[name];
  return reply.kind === 'bytes' ? reply.decode(new TextEncoder().encode(text)) : reply.decode(text);
}

describe('replies', () => {
  it('the recorded clock', () => {
    const text = String.raw`{ "DateTime":"\/Date(1426767421178)\/", "OffsetMinutes":0 }`;
    expect(decode('SystemUtcTime', text)).toEqual({
      ok: true,
      value: { DateTime: '/Date(1426767421178)/', OffsetMinutes: 0 },
    });
  });

  it('the recorded reading, and one of today', () => {
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
    ['ReadPublisherLatestGlucoseValues', '{}', /a list/],
    ['ReadPublisherLatestGlucoseValues', '[{"Value":"120"}]', /\[0\]\.Value/],
    ['CreateContact', '"00000000-0000-0000-0000-000000000000"', /not an id/],
    ['ReadPublisherLatestGlucoseValues', '<html>', /HTML/],
    ['CheckMonitoredReceiverAssignmentStatus', '', /empty/],
    ['CheckMonitoredReceiverAssignmentStatus', '<html>', /HTML/],
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
        expect(id.decode(encodeReply(id, value))).toEqual({ ok: true, value });
      }),
    );
    const { reply: word } = ENDPOINTS.CheckMonitoredReceiverAssignmentStatus;
    fc.assert(
      fc.property(fc.stringMatching(/^\w{1,64}$/), (value) => {
        expect(word.decode(encodeReply(word, value))).toEqual({ ok: true, value });
      }),
    );
    const { reply: truth } = ENDPOINTS.IsRemoteMonitoringSessionActive;
    for (const value of [true, false]) {
      expect(truth.decode(encodeReply(truth, value))).toEqual({ ok: true, value });
    }
    const { reply: empty } = ENDPOINTS.PostReceiverEgvRecords;
    expect(encodeReply(empty, undefined)).toBe('');
  });

  it.each([
    ['CreateContact', '"123312-af1341123-coolid"', '123312-af1341123-coolid'],
    ['CreateSubscriptionInvitation', '793312-af1341123-coolid', '793312-af1341123-coolid'],
    ['ReadPublisherAccountEmail', '"ann@example.com"', 'ann@example.com'],
    ['ReadPublisherAccountEmail', ' ann@example.com\n', 'ann@example.com'],
  ] as const)('%s answers %j', (name, text, value) => {
    expect(decode(name, text)).toEqual({ ok: true, value });
  });

  it.each([
    ['CreateContact', '"a b"'],
    ['CreateContact', ''],
    ['CreateContact', '7'.repeat(65)],
    ['CreateContact', '{"Id":"x"}'],
    ['ReadPublisherAccountEmail', '<string>ann@example.com</string>'],
    ['ReadPublisherAccountEmail', ''],
    ['ReadPublisherAccountImage', ''],
    ['ReadPublisherAccountImage', '<html>'],
    ['ReadContact', '{"Email":"a@b"}'],
    ['ReadSubscriptionAlerts', '{"HighAlert":{}}'],
    ['ReadLastGlucoseFromSubscriptions', '[{"Egv":{"Value":"high"}}]'],
  ] as const)('%s does not answer %j', (name, text) => {
    expect(decode(name, text).ok).toBe(false);
  });

  it('a picture is its bytes, whatever they are', () => {
    const { reply } = ENDPOINTS.ReadPublisherAccountImage;
    const picture = fc.uint8Array({ minLength: 1 }).filter(([first]) => first !== 0x3c);
    fc.assert(
      fc.property(picture, (value) => {
        expect(reply.decode(value)).toEqual({ ok: true, value });
      }),
    );
  });

  it('what a follower is told is read, with or without a reading', () => {
    const text =
      '[{"Egv":{"ST":"/Date(1)/","Trend":4,"Value":99},"SubscriptionId":"s-1"},{"Egv":null},{}]';
    expect(decode('ReadLastGlucoseFromSubscriptions', text)).toEqual({
      ok: true,
      value: JSON.parse(text),
    });
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
        expect(reply.decode(encodeReply(reply, value))).toEqual({ ok: true, value });
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
