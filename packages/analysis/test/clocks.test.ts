import { displaySeconds, RECEIVER_EPOCH_UNIX_SECONDS, systemSeconds } from '@egvkit/protocol';
import { glucoseOf, settingFlags } from '@egvkit/protocol/receiver/wire';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clockHistory } from '../src/clock-history.ts';
import { utcOfRecords } from '../src/record-utc.ts';
import { timeLosses } from '../src/time-losses.ts';
import { utcByAnchor, utcByDisplayTime } from '../src/utc.ts';
import { egv, insertion, OFFSET, sensor, settings, T0, vectorPage } from './support/records.ts';

const HOUR = 3600;
const at = (offset: number) => ({ displayOffsetSeconds: offset });

describe('clockHistory', () => {
  it('ignores jitter of a second either way', () => {
    const jitter = fc.array(fc.integer({ min: -1, max: 1 }), { maxLength: 50 });
    fc.assert(
      fc.property(jitter, (offsets) => {
        const records = offsets.map((one, i) => egv(300 * i, 100, 0x14, OFFSET + one));
        const changes = settings(10, at(OFFSET + (offsets[0] ?? 0)));
        expect(clockHistory(records, [settings(0, at(OFFSET)), changes])).toEqual([]);
      }),
    );
  });

  it('finds a step between the records of any types, and says between which', () => {
    const records = [
      sensor(0),
      egv(1),
      sensor(300, OFFSET - 3 * HOUR + 1),
      egv(301, 100, 0x14, OFFSET - 3 * HOUR),
    ];
    expect(clockHistory(records.toReversed(), [])).toMatchObject([
      {
        afterSystemSeconds: T0 + 1,
        bySystemSeconds: T0 + 300,
        fromOffsetSeconds: OFFSET,
        toOffsetSeconds: OFFSET - 3 * HOUR + 1,
        seenIn: 'records',
        confidence: { level: 'likely' },
      },
    ]);
  });

  it('takes the moment from the settings; the first record is no change', () => {
    const changes = clockHistory([], [settings(100, at(OFFSET + HOUR)), settings(0, at(OFFSET))]);
    expect(changes).toMatchObject([
      {
        afterSystemSeconds: T0 + 100,
        bySystemSeconds: T0 + 100,
        fromOffsetSeconds: OFFSET,
        toOffsetSeconds: OFFSET + HOUR,
        seenIn: 'settings',
        confidence: { level: 'likely' },
      },
    ]);
  });

  it('is certain where records confirm what the settings tell, and tells it once', () => {
    const records = [egv(0), egv(300, 100, 0x14, OFFSET + HOUR + 1)];
    const changes = clockHistory(records, [settings(0), settings(100, at(OFFSET + HOUR))]);
    expect(changes).toHaveLength(1);
    expect(changes[0]).toMatchObject({ seenIn: 'both', confidence: { level: 'certain' } });
  });

  it('leaves out what was stored in 2009', () => {
    const first = settings(0, { ...at(0), systemSeconds: systemSeconds(31_535_999) });
    expect(clockHistory([], [first, settings(10, at(OFFSET))])).toEqual([]);
    const later = settings(0, { ...at(0), systemSeconds: systemSeconds(31_536_000) });
    expect(clockHistory([], [later, settings(10, at(OFFSET))])).toHaveLength(1);
  });

  it('is doubtful of two records of one second that disagree', () => {
    const other = { ...sensor(0, OFFSET + HOUR), index: 7 };
    expect(clockHistory([egv(0), other], [])).toMatchObject([
      { confidence: { level: 'doubtful' } },
    ]);
  });
});

describe('timeLosses', () => {
  it('finds none in a healthy receiver', () => {
    const records = [egv(0), egv(300), egv(600), sensor(599), sensor(299)];
    const observations = [0, 10].map((days) => ({
      systemSeconds: systemSeconds(T0 + days * 86_400 + 4),
      hostUnixMs: (RECEIVER_EPOCH_UNIX_SECONDS + T0 + days * 86_400) * 1000,
    }));
    const healthy = { records, settings: [settings(0), settings(9)], observations };
    expect(timeLosses({ ...healthy, insertions: [insertion(0, 7, 0), insertion(5, 1)] })).toEqual(
      [],
    );
    expect(timeLosses({})).toEqual([]);
  });

  it('sees a clock that ran back within one type', () => {
    const back = { ...egv(-5000), index: 301 };
    expect(timeLosses({ records: [egv(0), egv(300), back] })).toMatchObject([
      {
        untilSystemSeconds: T0 + 300,
        jumpSeconds: -5300,
        sign: 'ranBack',
        confidence: { level: 'certain' },
      },
    ]);
  });

  it('sees the flag once, when it is set', () => {
    const lost = { flags: settingFlags(0x200) };
    const found = timeLosses({ settings: [settings(0), settings(5, lost), settings(9, lost)] });
    expect(found).toMatchObject([
      { untilSystemSeconds: T0 + 5, sign: 'settingsFlag', jumpSeconds: null },
    ]);
  });

  it('sees a session that ended for it, and an offset that moved', () => {
    expect(timeLosses({ insertions: [insertion(7, 6)] })).toMatchObject([{ sign: 'sessionEnd' }]);
    const moved = settings(5, { systemOffsetSeconds: 12_345 - 900 });
    expect(timeLosses({ settings: [settings(0), moved] })).toMatchObject([
      { sign: 'systemOffset', jumpSeconds: -900, confidence: { level: 'doubtful' } },
    ]);
    const below = settings(5, { systemOffsetSeconds: (12_345 - 400_000_000) >>> 0 });
    expect(timeLosses({ settings: [settings(0), below] })).toMatchObject([
      { jumpSeconds: -400_000_000 },
    ]);
  });

  it('sees a clock that went on otherwise than the transmitter’s, and no other transmitter', () => {
    const timed = (seconds: number, transmitterSeconds: number) => ({
      ...egv(seconds),
      transmitter: {
        measuredSystemSeconds: systemSeconds(T0 + seconds),
        transmitterSeconds,
        filteredRate: null,
        algorithmState: 6,
      },
    });
    const steady = Array.from({ length: 20 }, (_, i) => timed(i * 300, 5000 + i * 300));
    const stood = steady.map((record, i) =>
      i < 12 ? record : timed(i * 300, 5000 + i * 300 + 10_800),
    );
    expect(timeLosses({ egvs: steady })).toEqual([]);
    expect(timeLosses({ egvs: stood })).toMatchObject([
      { untilSystemSeconds: T0 + 3300, jumpSeconds: -10_800, sign: 'transmitterClock' },
    ]);
    // What was stored as late is kept apart, and its order is another; on old revisions the bit says nothing.
    const late = { ...stood[18]!, recordType: 18, revision: 5, index: 1 };
    expect(timeLosses({ egvs: [...stood, late] })).toEqual(timeLosses({ egvs: stood }));
    const marked = stood.map((one) => ({ ...one, revision: 4, glucose: glucoseOf(0x2000 | 120) }));
    expect(timeLosses({ egvs: marked })).toEqual(timeLosses({ egvs: stood }));
    const replaced = steady.map((record, i) => (i < 12 ? record : timed(i * 300, i * 300)));
    expect(timeLosses({ egvs: replaced })).toEqual([]);
    // A clock that is none says nothing.
    expect(timeLosses({ egvs: steady.map((_, i) => timed(i * 300, 5000 + i)) })).toEqual([]);
  });

  it('sees two observations that drift cannot explain', () => {
    const observe = (days: number, error: number) => ({
      systemSeconds: systemSeconds(T0 + days * 86_400 + error),
      hostUnixMs: (RECEIVER_EPOCH_UNIX_SECONDS + T0 + days * 86_400) * 1000,
    });
    expect(timeLosses({ observations: [observe(0, 0), observe(1, -100)] })).toEqual([]);
    expect(timeLosses({ observations: [observe(1, -3600), observe(0, 0)] })).toMatchObject([
      { sign: 'observations', jumpSeconds: -3600 },
    ]);
  });
});

describe('utcByAnchor', () => {
  const observed = { systemSeconds: systemSeconds(T0), hostUnixMs: 1_700_000_000_000 };

  it('is now less what the internal clock says has passed', () => {
    // receiver §7.3
    expect(utcByAnchor(egv(-900), observed)).toMatchObject({
      unixMs: 1_700_000_000_000 - 900_000,
      strategy: 'anchor',
      confidence: { level: 'likely' },
    });
  });

  it('is doubtful across a time loss, and for what is later than the observation', () => {
    const losses = timeLosses({ insertions: [insertion(-500, 6)] });
    expect(utcByAnchor(egv(-900), observed, losses).confidence.level).toBe('doubtful');
    expect(utcByAnchor(egv(-499), observed, losses).confidence.level).toBe('likely');
    expect(utcByAnchor(egv(1), observed).confidence.level).toBe('likely');
    expect(utcByAnchor(egv(2), observed).confidence.level).toBe('doubtful');
  });
});

describe('utcByDisplayTime', () => {
  /** Central Europe in 2021, written down: one hour ahead, two from 28 March to 31 October. */
  const central = (unixMs: number) =>
    unixMs >= Date.UTC(2021, 2, 28, 1) && unixMs < Date.UTC(2021, 9, 31, 1) ? 7200 : 3600;
  const shown = (iso: string) => ({
    displaySeconds: displaySeconds(Date.parse(`${iso}Z`) / 1000 - RECEIVER_EPOCH_UNIX_SECONDS),
  });
  const iso = (text: string) =>
    new Date(utcByDisplayTime(shown(text), central).unixMs).toISOString();
  const level = (text: string) => utcByDisplayTime(shown(text), central).confidence.level;

  it('reads the screen as wall-clock time of the zone, summer and winter', () => {
    expect(iso('2021-01-15T12:00:00')).toBe('2021-01-15T11:00:00.000Z');
    expect(iso('2021-07-15T12:00:00')).toBe('2021-07-15T10:00:00.000Z');
    expect(level('2021-07-15T12:00:00')).toBe('likely');
  });

  it('at the changes of the clock gives the first, or the offset before, and doubts it', () => {
    expect(iso('2021-10-31T02:30:00')).toBe('2021-10-31T00:30:00.000Z');
    expect(level('2021-10-31T02:30:00')).toBe('doubtful');
    expect(iso('2021-03-28T02:30:00')).toBe('2021-03-28T01:30:00.000Z');
    expect(level('2021-03-28T02:30:00')).toBe('doubtful');
    for (const text of [
      '2021-03-28T01:59:59',
      '2021-03-28T03:00:00',
      '2021-10-31T01:59:59',
      '2021-10-31T03:00:00',
    ]) {
      expect(level(text), text).toBe('likely');
    }
  });

  it('gives back every moment that the zone shows once', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 365 * 24 * 4 }), (quarter) => {
        const unixMs = Date.UTC(2021, 0, 1) + quarter * 900_000;
        const seconds = unixMs / 1000 + central(unixMs) - RECEIVER_EPOCH_UNIX_SECONDS;
        const got = utcByDisplayTime({ displaySeconds: displaySeconds(seconds) }, central);
        if (got.confidence.level === 'likely') expect(got.unixMs).toBe(unixMs);
      }),
    );
  });
});

describe('utcOfRecords', () => {
  const observed = { systemSeconds: systemSeconds(T0 + 1000), hostUnixMs: 1_700_000_000_000 };
  const meters = vectorPage('Meter rev1');
  const events = vectorPage('User event');
  const late = vectorPage('Backfilled EGV rev5');
  const readings = vectorPage('EGV rev5');

  it('gives each record the moment it is about, in the order given', () => {
    const records = [...events, ...late, sensor(0), ...meters, ...readings];
    const utc = utcOfRecords(records, { observed });
    expect(utc.map(({ record }) => record)).toEqual(records);
    const systemOf = (unixMs: number) => T0 + 1000 - (1_700_000_000_000 - unixMs) / 1000;
    for (const { record, utc: time } of utc) {
      const system = systemOf(time.unixMs);
      if (record.kind === 'meter') expect(system).toBe(record.meterSystemSeconds);
      else if (record.kind === 'event') expect(system).toBe(record.eventDisplaySeconds - OFFSET);
      else if (record.recordType === 18 && record.kind === 'egv') {
        expect(system).toBe(record.transmitter?.measuredSystemSeconds);
      } else expect(system).toBe(record.systemSeconds);
    }
  });

  it('agrees with the display time and the zone, to the second', () => {
    const records = [...readings, ...meters, ...events, sensor(0)];
    const byZone = utcOfRecords(records, { zoneOffset: () => OFFSET });
    const unixMs = (RECEIVER_EPOCH_UNIX_SECONDS + T0 + 1000) * 1000;
    const byAnchor = utcOfRecords(records, { observed: { ...observed, hostUnixMs: unixMs } });
    expect(byZone.map(({ utc }) => utc.unixMs)).toEqual(byAnchor.map(({ utc }) => utc.unixMs));
    expect(new Set(byZone.map(({ utc }) => utc.strategy))).toEqual(new Set(['displayTime']));
  });

  it('is as doubtful as the record is', () => {
    expect(utcOfRecords(late, { observed }).map(({ utc }) => utc.confidence.level)).toEqual([
      'doubtful',
      'doubtful',
    ]);
    const losses = timeLosses({ insertions: [insertion(500, 6)] });
    const [first] = utcOfRecords([sensor(0)], { observed, losses });
    expect(first?.utc.confidence.level).toBe('doubtful');
  });
});
