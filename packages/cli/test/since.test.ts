import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSince } from '../src/options/since.ts';

const MODULES = ['options/since', 'output/time'].map((name) =>
  JSON.stringify(new URL(`../dist/${name}.js`, import.meta.url).href),
);

/** Result of an expression on a computer in a time zone. */
function inZone(zone: string, expression: string): unknown {
  const script = `
    const { parseSince } = await import(${MODULES[0]});
    const { formatTime } = await import(${MODULES[1]});
    const since = (text) => { try { return parseSince(text, 0).toISOString(); } catch { return 'refused'; } };
    console.log(JSON.stringify(${expression}));`;
  const cwd = fileURLToPath(new URL('.', import.meta.url));
  const ran = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd,
    env: { ...process.env, TZ: zone },
    encoding: 'utf8',
  });
  expect(ran.stderr).toBe('');
  return JSON.parse(ran.stdout);
}

describe('--since', () => {
  it.each([
    '2026-02-30',
    '2026-02-29',
    '2026-04-31T08:00Z',
    '2026-00-10',
    '2026-01-31T24:00',
    '2026-01-31T08:60',
    '2026-01-31T08:00+15:00',
    '2026-01-31T08',
    '2026-01-31T08:00 EST',
    '0m0',
  ])('refuses %s', (text) => {
    expect(() => parseSince(text, 0)).toThrow(`Invalid --since "${text}": use 30m, `);
  });

  it('takes every form without a zone as local time', () => {
    const forms = ['2026-01-31', '2026-01-31T00:00', '2026-01-31 00:00:00'];
    const all = `${JSON.stringify(forms)}.map(since)`;
    expect(inZone('Europe/Berlin', all)).toEqual(forms.map(() => '2026-01-30T23:00:00.000Z'));
    expect(inZone('America/Los_Angeles', all)).toEqual(forms.map(() => '2026-01-31T08:00:00.000Z'));
  });

  it('takes a given zone, whatever the zone of the computer', () => {
    const forms = ['2026-01-31T08:00Z', '2026-01-31T09:00+01:00', '2026-01-31 00:00 -08:00'];
    expect(inZone('Asia/Kolkata', `${JSON.stringify(forms)}.map(since)`)).toEqual(
      forms.map(() => '2026-01-31T08:00:00.000Z'),
    );
  });

  it('refuses an hour that is skipped, and takes the first of two', () => {
    const forms = ['2026-03-29T02:30', '2026-10-25T02:30', '2026-10-25T02:30+01:00'];
    expect(inZone('Europe/Berlin', `${JSON.stringify(forms)}.map(since)`)).toEqual([
      'refused',
      '2026-10-25T00:30:00.000Z',
      '2026-10-25T01:30:00.000Z',
    ]);
  });
});

const ZONES = ['UTC', 'Europe/Berlin', 'America/St_Johns', 'Australia/Lord_Howe', 'Pacific/Apia'];

describe.each(ZONES)('--since in %s', (zone) => {
  const digits = fc
    .date({
      min: new Date('1990-01-01T00:00Z'),
      max: new Date('2089-12-31T00:00Z'),
      noInvalidDate: true,
    })
    .map((date) => date.toISOString().slice(0, 19));
  /** Local clock of the computer at the parsed instant, or null for an invalid text. */
  const shownFor = (texts: readonly string[]): (string | null)[] =>
    inZone(
      zone,
      `${JSON.stringify(texts)}.map((text) => {
        const iso = since(text);
        return iso === 'refused' ? null : new Date(iso).toLocaleString('sv-SE');
      })`,
    ) as (string | null)[];

  if (zone === 'Pacific/Apia') {
    it.each(['2011-12-30', '2011-12-30T12:00'])('refuses %s, which Samoa went without', (text) => {
      expect(shownFor([text])).toEqual([null]);
    });
  }

  it('gives the day that is named', () => {
    fc.assert(
      fc.property(fc.array(digits, { minLength: 200, maxLength: 200 }), (times) => {
        const days = times.map((time) => time.slice(0, 10));
        const meant = shownFor(days).map((shown) => shown?.slice(0, 10));
        for (const [i, day] of days.entries()) {
          // Samoa went without 30 December 2011, so it is refused there.
          const isSkipped = zone === 'Pacific/Apia' && day === '2011-12-30';
          expect(meant[i]).toBe(isSkipped ? undefined : day);
        }
      }),
      { numRuns: 3 },
    );
  });

  it('gives the instant at which local time has the given digits, or refuses them', () => {
    fc.assert(
      fc.property(fc.array(digits, { minLength: 200, maxLength: 200 }), (times) => {
        const shown = shownFor(times);
        for (const [i, time] of times.entries()) {
          if (shown[i] !== null) expect(shown[i]).toBe(time.replace('T', ' '));
        }
        // Hours that are skipped are few.
        const refused = times.filter(
          (time, i) => shown[i] === null && !time.startsWith('2011-12-30'),
        );
        expect(refused.length).toBeLessThan(3);
      }),
      { numRuns: 3 },
    );
  });
});

describe('times that are printed', () => {
  it('differ in the hour that comes twice', () => {
    const shown =
      '[0, 3_600_000].map((ms) => Date.UTC(2026, 9, 25, 0, 30) + ms)' + '.map(formatTime)';
    expect(inZone('Europe/Berlin', shown)).toEqual([
      '2026-10-25 02:30:00 +02:00',
      '2026-10-25 02:30:00 +01:00',
    ]);
  });
});
