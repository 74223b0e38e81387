import type { SystemSeconds } from '@egvkit/protocol';
import type { Candidate, KeepOptions, SourceReadings } from '@egvkit/uploader';
import type { Mistake } from './mistake.ts';
import { withDestinations } from './wrapped.ts';

/** The same options with whatever is read changed. */
function withReadings(
  options: KeepOptions,
  change: (candidates: readonly Candidate[]) => readonly Candidate[],
): KeepOptions {
  return {
    ...options,
    async source(given) {
      const opened = await options.source(given);
      return {
        ...opened,
        async read(asked) {
          const readings = await opened.read(asked);
          return ((clock) => change(readings(clock))) as SourceReadings;
        },
      };
    },
  };
}

export const READING_MISTAKES = {
  bookmarkSavedEarly: (): Mistake => {
    let bookmark = Number.NEGATIVE_INFINITY;
    return {
      what: 'the bookmark moves on when a reading is read, not when it was sent',
      breaks: ['missing', 'falseStatus'],
      keep: (options) =>
        withReadings(options, (candidates) => {
          const fresh = candidates.filter(({ index }) => index > bookmark);
          bookmark = Math.max(bookmark, ...candidates.map(({ index }) => index));
          return fresh;
        }),
    };
  },
  specialCodesSent: (): Mistake => ({
    what: 'error codes of the sensor are sent as LOW',
    breaks: ['noReading', 'wrongTime'],
    keep: (options) =>
      withReadings(options, (candidates) =>
        candidates.map((one) =>
          one.glucose.value < 39 ? { ...one, glucose: { ...one.glucose, value: 39 } } : one,
        ),
      ),
  }),
  displayOnlySent: (): Mistake => ({
    what: 'values that are only shown after a calibration are sent',
    breaks: ['noReading', 'wrongTime', 'twice'],
    keep: (options) =>
      withReadings(options, (candidates) =>
        candidates.map((one) => ({ ...one, glucose: { ...one.glucose, displayOnly: false } })),
      ),
  }),
  timeLossIgnored: (): Mistake => ({
    what: 'readings from before the receiver lost time get the time of its clock as it is now',
    breaks: ['wrongTime', 'noReading', 'twice'],
    keep: (options) => ({
      ...withReadings(options, (candidates) =>
        candidates.map((one) => ({ ...one, beforeTimeLoss: false })),
      ),
    }),
  }),
  zoneKept: (): Mistake => {
    const zoneSeconds = (): number => -60 * new Date().getTimezoneOffset();
    let atStart: number | undefined;
    return {
      what: "times are made of the computer's local time, by the zone that it had at the start",
      breaks: ['wrongTime', 'noReading', 'twice', 'missing', 'falseStatus'],
      keep: (options) =>
        withReadings(options, (candidates) => {
          const zone = zoneSeconds();
          atStart ??= zone;
          const movedSeconds = zone - atStart;
          return candidates.map((one) => ({
            ...one,
            systemSeconds: (one.systemSeconds + movedSeconds) as SystemSeconds,
          }));
        }),
    };
  },
  displayTimeKept: (): Mistake => {
    let offset: number | undefined;
    return {
      what: 'times are those that the receiver shows, by the offset that it had at the start',
      breaks: ['wrongTime', 'noReading', 'twice'],
      keep: (options) =>
        withReadings(options, (candidates) =>
          candidates.map((one) => {
            offset ??= one.displaySeconds - one.systemSeconds;
            return { ...one, systemSeconds: (one.displaySeconds - offset) as SystemSeconds };
          }),
        ),
    };
  },
  noFence: (): Mistake => ({
    what: 'a clock that is set while something is read is not noticed',
    breaks: ['wrongTime', 'noReading'],
    clock: ({ nowMs, sleep }) => {
      const offsetMs = nowMs();
      return { nowMs, sleep, monotonicMs: () => nowMs() - offsetMs };
    },
  }),
  serviceClockIgnored: (): Mistake => ({
    what: "the computer's clock is believed, whatever it shows",
    breaks: ['wrongTime', 'noReading'],
    keep: (options) => withDestinations(options, () => ({ clockOffset: async () => undefined })),
  }),
  swapUnnoticed: (): Mistake => {
    let first: string | undefined;
    return {
      what: 'the serial number is read once, and a receiver that is swapped is taken for the first',
      breaks: ['wrongReceiver', 'missing', 'falseStatus', 'twice'],
      keep: (options) => ({
        ...options,
        async source(given) {
          const opened = await options.source(given);
          first ??= await opened.serialNumber(given);
          return { ...opened, serialNumber: async () => first };
        },
      }),
    };
  },
  readTwice: (): Mistake => ({
    what: 'the receiver is opened once more to see if anything is new',
    breaks: ['receiverTooOften'],
    keep: (options) => ({
      ...options,
      async source(given) {
        await (await options.source(given))[Symbol.asyncDispose]();
        return await options.source(given);
      },
    }),
  }),
  clockSet: (): Mistake => ({
    what: "the receiver's clock is set right",
    breaks: ['notARead'],
    receiverOptions: { allowWrites: true },
    onOpened: async (receiver) => {
      await receiver.setDisplayTimeOffset(0);
    },
  }),
} as const;
