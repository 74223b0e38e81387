import { type FoldedReading, LONGEST_READ_MINUTES, MOST_READINGS } from '@egvkit/protocol/share';
import type { EmptyReason, WatchGap } from '@egvkit/share-http';
import { wholeNumber } from './emulateShareOptions.ts';
import { EXIT, type ExitCode } from './failure.ts';
import { formatGlucose, formatTrend, type Unit } from './glucose.ts';
import type { Io } from './io.ts';
import { printable } from './printable.ts';
import { openClient, SHARE_FLAGS } from './shareOptions.ts';
import { chooseUnit, parseFlags } from './uploadOptions.ts';
import { formatTime } from './words.ts';

const WATCH_FLAGS = { ...SHARE_FLAGS, units: { type: 'string' } } as const;
/** The flags of `readings`, with those of `watch` among them. */
export const READ_FLAGS = {
  ...WATCH_FLAGS,
  minutes: { type: 'string' },
  count: { type: 'string' },
} as const;

const REASONS: Readonly<Record<EmptyReason, string>> = {
  nothingAskedFor: 'nothing was asked for',
  noReadingsInWindow: 'there are no readings of that time',
  sharingIsOff: 'Share is switched off in the application',
  noFollower: 'the account has never had a follower',
  notTheWearer: "it is a follower's account",
};

/** The readings of the last minutes, newest first. */
export async function readingsCommand(args: readonly string[], io: Io): Promise<ExitCode> {
  const values = parseFlags(args, READ_FLAGS);
  const minutes = wholeNumber('minutes', values.minutes, [1, LONGEST_READ_MINUTES]);
  const maxCount = wholeNumber('count', values.count, [1, MOST_READINGS]);
  const unit = chooseUnit(values.units);
  const client = await openClient(values, io);
  const readings = await client.readings({ minutes, maxCount, signal: io.signal });
  if (values.json) {
    const { emptyBecause } = readings;
    io.write(
      `${JSON.stringify({ ok: true, readings: readings.map(readingJson), emptyBecause })}\n`,
    );
    return EXIT.ok;
  }
  for (const reading of readings) io.write(readingLine(reading, unit));
  if (readings.length === 0) {
    const reasons = readings.emptyBecause.map((reason) => REASONS[reason]);
    io.write(`No readings. Likely reasons: ${reasons.join('; ')}.\n`);
  }
  return EXIT.ok;
}

/** Each new reading as it appears, until it is interrupted. */
export async function watchCommand(args: readonly string[], io: Io): Promise<ExitCode> {
  const values = parseFlags(args, WATCH_FLAGS);
  const unit = chooseUnit(values.units);
  const client = await openClient(values, io);
  const onTrouble = (error: Error): void =>
    io.writeError(`${printable(error.message)} Trying again.\n`);
  const onGap = ({ fromMs, toMs }: WatchGap): void => {
    const between = `between ${formatDayAndTime(fromMs)} and ${formatDayAndTime(toMs)}`;
    io.writeError(`Readings ${between} cannot be had any more.\n`);
  };
  try {
    for await (const reading of client.watch({ signal: io.signal, onTrouble, onGap })) {
      const late = reading.late ? '  late' : '';
      const { late: isLate } = reading;
      io.write(
        values.json
          ? `${JSON.stringify({ ...readingJson(reading), late: isLate })}\n`
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
  const { utcMs, mgDl, status, trend } = reading;
  const glucose = status === 'special' ? '---' : formatGlucose(mgDl, unit);
  const arrow = formatTrend(trend.name);
  return `${formatDayAndTime(utcMs)}  ${glucose.padStart(4)} ${unit} ${arrow}${more}\n`;
}

function formatDayAndTime(utcMs: number): string {
  return `${new Date(utcMs).toLocaleDateString('sv-SE')} ${formatTime(utcMs)}`;
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
    trend: trend.name,
    duplicates: duplicates.length,
  };
}
