import { displaySeconds, systemSeconds } from '@egvkit/protocol';
import type { EventRecord } from '@egvkit/protocol/receiver';
import { asciiTransmitterId, packedTransmitterId } from '@egvkit/protocol/receiver/wire';
import { describe, expect, it } from 'vitest';
import { settingsTimeline } from '../src/settings-timeline.ts';
import { userEvents } from '../src/user-events.ts';
import { OFFSET, settings, T0, vectorPage } from './support/records.ts';

describe('settingsTimeline', () => {
  it('is in the order of the internal clock, each until the next, with what changed', () => {
    const periods = settingsTimeline([settings(50, { highAlarmMgDl: 180 }), settings(0)]);
    expect(periods).toMatchObject([
      { fromSystemSeconds: T0, untilSystemSeconds: T0 + 50, changed: [], meaningful: true },
      { fromSystemSeconds: T0 + 50, untilSystemSeconds: null, changed: ['highAlarmMgDl'] },
    ]);
    expect(periods[0]?.confidence.level).toBe('likely');
  });

  it('leaves out the records of 2009', () => {
    const unset = settings(0, { systemSeconds: systemSeconds(5) });
    expect(settingsTimeline([unset, settings(1)])).toHaveLength(1);
  });

  it.each([
    ['not set up', { setUpState: 4 }],
    ['factory id of a G4', { transmitter: packedTransmitterId(6_291_456) }],
    ['factory id 400000', { transmitter: asciiTransmitterId('400000') }],
    ['factory id 888888', { transmitter: asciiTransmitterId('888888') }],
    ['no id at all', { transmitter: asciiTransmitterId('\0\0\0\0\0\0') }],
    ['a number that is no id', { transmitter: packedTransmitterId(0xffff_ffff) }],
  ])('says that settings are nobody’s: %s', (_, changes) => {
    expect(settingsTimeline([settings(0, changes)])).toMatchObject([
      { meaningful: false, confidence: { level: 'doubtful' } },
    ]);
  });
});

describe('userEvents', () => {
  const records = vectorPage('User event') as EventRecord[];

  it('of the vectors have their values in their units', () => {
    const events = userEvents(records.toReversed());
    expect(events.map(({ type, subType, value, unit }) => [type, subType, value, unit])).toEqual(
      expect.arrayContaining([
        ['carbohydrates', 'none', 45, 'g'],
        ['insulin', 'none', 2.35, 'U'],
        ['health', 'stress', null, null],
        ['exercise', 'medium', 30, 'min'],
      ]),
    );
    expect(events.map(({ confidence }) => confidence.level).sort()).toEqual([
      'certain',
      'certain',
      'likely',
      'likely',
    ]);
  });

  it('have their time on both clocks', () => {
    for (const event of userEvents(records)) {
      expect(event.happenedDisplaySeconds - event.happenedSystemSeconds).toBe(OFFSET);
      expect(event.enteredSystemSeconds).toBe(event.record.systemSeconds);
    }
  });

  it('are doubted where nobody knows the type, or the time lies ahead', () => {
    const [first] = records as [EventRecord];
    const odd = { ...first, type: { raw: 9, name: 'unknown' as const } };
    const ahead = { ...first, eventDisplaySeconds: displaySeconds(first.displaySeconds + 1) };
    for (const one of [odd, ahead]) {
      expect(userEvents([one])).toMatchObject([{ confidence: { level: 'doubtful' } }]);
    }
  });
});
