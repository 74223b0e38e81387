import { orAborted } from '@egvkit/platform';
import { encodeDate } from '@egvkit/protocol/share';
import type { Platform } from '../../src/http/platform.ts';
import { ACCOUNT_ID, fault } from '../harness.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Chance that is the same every time. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A reading of the wearer's: when it was measured, and when the service has it. */
interface Measured {
  readonly utcMs: number;
  readonly mgDl: number;
  readonly thereMs: number;
  /** A second device sends it again 9 s later. */
  readonly copied: boolean;
}

interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

const within = (spans: readonly Span[], ms: number): Span | undefined =>
  spans.find(({ fromMs, toMs }) => ms >= fromMs && ms < toMs);

/** Spans of up to `mostMs`, each some time after the one before. */
function spans(
  startMs: number,
  endMs: number,
  everyMs: number,
  mostMs: number,
  chance: () => number,
) {
  const all: Span[] = [];
  for (let at = startMs + everyMs * chance(); at < endMs; at += everyMs * (0.5 + chance())) {
    all.push({ fromMs: at, toMs: at + mostMs * (0.2 + 0.8 * chance()) });
  }
  return all;
}

/**
 * A month of a wearer's life, and a service that has its days: phones out of reach that fill the
 * gap later, sensors that end, two devices, outages of all kinds, sessions that die.
 */
function month(startMs: number, days: number) {
  const chance = seeded(7);
  const endMs = startMs + days * 24 * HOUR_MS;
  const sensorGaps = spans(startMs, endMs, 240 * HOUR_MS, 2 * HOUR_MS, chance);
  const phoneAway = spans(startMs, endMs, 30 * HOUR_MS, 3 * HOUR_MS, chance);
  const outages = spans(startMs, endMs, 40 * HOUR_MS, 6 * HOUR_MS, chance);
  const twoDevices = spans(startMs, endMs, 100 * HOUR_MS, 40 * HOUR_MS, chance);

  const measured: Measured[] = [];
  for (
    let at = startMs - 2 * HOUR_MS;
    at < endMs;
    at += 300_000 + Math.floor(3 * chance() - 1) * 1000
  ) {
    if (within(sensorGaps, at)) continue;
    const away = within(phoneAway, at);
    // What was missed comes after what is new, a few readings late.
    const lagMs = 5000 + 8000 * chance() + (away === undefined ? 0 : 12 * MINUTE_MS * chance());
    measured.push({
      utcMs: at,
      mgDl: 80 + Math.floor(120 * chance()),
      thereMs: (away?.toMs ?? at) + lagMs,
      copied: within(twoDevices, at) !== undefined,
    });
  }
  return { measured, outages, endMs, chance };
}

const date = (utcMs: number) => encodeDate({ utcMs, offsetMinutes: undefined }, 'bare');

/** The service of that month, and a clock that only waiting moves. */
export function world(startMs: number, days: number) {
  const { measured, outages, endMs, chance } = month(startMs, days);
  const time = { ms: startMs };
  const count = { reads: 0, logins: 0, refusedSessions: 0, sleeps: 0, failures: 0 };
  let session = { id: '', endsMs: 0 };
  let sleepAtMs = startMs + 50 * HOUR_MS;

  function read(url: URL): Response {
    count.reads++;
    if (url.searchParams.get('sessionId') !== session.id || time.ms >= session.endsMs) {
      count.refusedSessions++;
      return fault(count.refusedSessions % 2 === 0 ? 'SessionNotValid' : 'SessionIdNotFound');
    }
    const sinceMs = time.ms - Number(url.searchParams.get('minutes')) * MINUTE_MS;
    const copies = measured
      .filter(({ utcMs, thereMs }) => utcMs >= sinceMs && thereMs <= time.ms)
      .flatMap((one) =>
        one.copied && one.utcMs + 9000 <= time.ms
          ? [one, { ...one, utcMs: one.utcMs + 9000 }]
          : [one],
      );
    const newest = copies.sort((a, b) => b.utcMs - a.utcMs);
    const shown = newest.slice(0, Number(url.searchParams.get('maxCount')));
    return Response.json(
      shown.map(({ utcMs, mgDl }) => ({
        WT: date(utcMs),
        ST: date(utcMs),
        DT: date(utcMs),
        Value: mgDl,
        Trend: 'Flat',
      })),
    );
  }

  function failure(): Response {
    const kind = Math.floor(5 * chance());
    if (kind === 0) throw Object.assign(new TypeError('fetch failed'), { code: 'ECONNRESET' });
    if (kind === 1) return new Response('<html>Bad gateway</html>', { status: 502 });
    if (kind === 2) return new Response('[{"WT":"Date(1', { status: 200 });
    if (kind === 3) return new Response('', { status: 429, headers: { 'retry-after': '120' } });
    return new Response('Unavailable', { status: 503, headers: { 'retry-after': '30' } });
  }

  async function fetch(address: string): Promise<Response> {
    const url = new URL(address);
    if (within(outages, time.ms)) return failure();
    if (url.pathname.endsWith('AuthenticatePublisherAccount')) return Response.json(ACCOUNT_ID);
    if (!url.pathname.endsWith('LoginPublisherAccountById')) return read(url);
    count.logins++;
    const id = `00000000-0000-4000-8000-${String(count.logins).padStart(12, '0')}`;
    session = { id, endsMs: time.ms + 24 * HOUR_MS };
    return Response.json(id);
  }

  /** Timers of requests never go off: time-outs are tested elsewhere. */
  const timeoutMs = 1_000_000_000;
  async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (ms === timeoutMs) return orAborted(new Promise(() => {}), signal);
    time.ms += ms;
    if (time.ms < sleepAtMs) return;
    // The machine sleeps for hours in the middle of a timer.
    count.sleeps++;
    time.ms += 7 * HOUR_MS;
    sleepAtMs = time.ms + 60 * HOUR_MS * (0.5 + chance());
  }

  const platform = { now: () => time.ms, sleep, random: chance } satisfies Platform;
  return { fetch, platform, timeoutMs, measured, count, time, endMs };
}
