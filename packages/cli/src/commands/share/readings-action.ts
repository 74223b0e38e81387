import { type FoldedReading, LONGEST_READ_MINUTES, MOST_READINGS } from '@egvkit/protocol/share';
import { type EmptyReason, emptyReasons, type WatchGap } from '@egvkit/share-http';
import type { Io } from '../../io/io.ts';
import { DEFAULT_UNIT, type Unit } from '../../options/units.ts';
import { invalid } from '../../options/usage.ts';
import { EXIT, type ExitCode } from '../../output/exit-codes.ts';
import { formatTrend, formatWithUnit, specialName } from '../../output/glucose.ts';
import { jsonLine } from '../../output/json-line.ts';
import { printable } from '../../output/printable.ts';
import { formatTime } from '../../output/time.ts';
import { openClient, type ShareOptions } from './client.ts';

interface WatchOptions extends ShareOptions {
  readonly units?: Unit | undefined;
}

interface ReadingsOptions extends WatchOptions {
  readonly minutes?: number | undefined;
  readonly count?: number | undefined;
}

const REASONS: Readonly<Record<EmptyReason, string>> = {
  nothingAskedFor: 'nothing was asked for',
  noReadingsInWindow: 'there are no readings of that time',
  sharingIsOff: 'Share is switched off in the application',
  noFollower: 'the account has never had a follower',
  notTheWearer: "it is a follower's account",
};

/** Prints the readings of the last minutes, newest first. */
export async function printReadings(options: ReadingsOptions, io: Io): Promise<ExitCode> {
  const { minutes, count, units: unit = DEFAULT_UNIT, json } = options;
  requireServed(minutes, count);
  const client = await openClient(options, io);
  const readings = await client.readings({ minutes, maxCount: count, signal: io.signal });
  const emptyBecause = readings.length === 0 ? emptyReasons({ minutes, maxCount: count }) : [];
  if (json) {
    io.write(jsonLine({ ok: true, readings: readings.map(readingJson), emptyBecause }));
    return EXIT.ok;
  }
  for (const reading of readings) io.write(readingLine(reading, unit));
  if (readings.length === 0) {
    const reasons = emptyBecause.map((reason) => REASONS[reason]);
    io.write(`No readings. Likely reasons: ${reasons.join('; ')}.\n`);
  }
  return EXIT.ok;
}

/** Throws for more than Share serves. */
function requireServed(minutes: number | undefined, count: number | undefined): void {
  if (minutes !== undefined && minutes > LONGEST_READ_MINUTES) {
    throw invalid(
      '--minutes',
      String(minutes),
      `Share serves the last ${LONGEST_READ_MINUTES} minutes only; a receiver keeps more: ` +
        `egvkit read egv --since ${Math.ceil(minutes / 60)}h`,
    );
  }
  if (count !== undefined && count > MOST_READINGS) {
    throw invalid('--count', String(count), `Share serves at most ${MOST_READINGS} readings`);
  }
}

/** Prints each new reading as it appears, until it is interrupted. */
export async function watchReadings(options: WatchOptions, io: Io): Promise<ExitCode> {
  const { units: unit = DEFAULT_UNIT, json } = options;
  // It goes on when the session has ended: nobody may be there to ask then. What is typed is tried.
  const client = await openClient(options, io, { tryTyped: true });
  const onFailure = (error: Error): void =>
    io.writeError(`${printable(error.message)} Trying again.\n`);
  const onGap = ({ fromMs, toMs }: WatchGap): void => {
    const between = `between ${formatTime(fromMs)} and ${formatTime(toMs)}`;
    io.writeError(`Readings ${between} are missing: Share no longer gives them.\n`);
  };
  try {
    for await (const reading of client.watch({ signal: io.signal, onFailure, onGap })) {
      const late = reading.late ? '  late' : '';
      const { late: isLate } = reading;
      io.write(
        json
          ? jsonLine({ ...readingJson(reading), late: isLate })
          : readingLine(reading, unit, late),
      );
    }
  } catch (error) {
    // Being interrupted is how watching ends.
    if (!io.signal.aborted) throw error;
  }
  return EXIT.ok;
}

function readingLine(reading: FoldedReading, unit: Unit, more = ''): string {
  const { utcMs, mgDl, trend } = reading;
  const line = `${formatTime(utcMs)}  ${formatWithUnit(mgDl, unit)} ${formatTrend(trend.name)}${more}`;
  return `${line.trimEnd()}\n`;
}

/** A reading as programs are told of it. */
function readingJson(reading: FoldedReading): object {
  const { utcMs, offsetMinutes, mgDl, mmolL, status, trend, duplicates } = reading;
  return {
    time: new Date(utcMs).toISOString(),
    offsetMinutes,
    mgDl,
    mmolL,
    status,
    special: specialName(mgDl),
    trend: trend.name,
    duplicates: duplicates.length,
  };
}
