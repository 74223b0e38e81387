import type { DisplaySeconds } from '../../clock.ts';
import { layout, u8, u32 } from '../../layout.ts';
import { type Named, named } from '../../named.ts';
import { EVENT_TYPES, EXERCISE_LEVELS, HEALTH_EVENTS } from '../enumerations.ts';
import {
  type AboutFormat,
  displayTime,
  laidOut,
  PREFIX,
  type RecordBase,
  type RecordFormat,
} from './record.ts';

export type EventTypeName = (typeof EVENT_TYPES)[keyof typeof EVENT_TYPES];
export type EventSubTypeName =
  | 'none'
  | (typeof HEALTH_EVENTS)[keyof typeof HEALTH_EVENTS]
  | (typeof EXERCISE_LEVELS)[keyof typeof EXERCISE_LEVELS];

/** The number of an event, in its unit. */
export interface EventAmount {
  /** As stored. */
  readonly raw: number;
  /** Grams, units of insulin or minutes; null where the number means nothing that is known. */
  readonly value: number | null;
  readonly unit: 'g' | 'U' | 'min' | null;
}

/** Something the user noted. */
export interface EventRecord extends RecordBase {
  // receiver §5.10, §6.5
  readonly kind: 'event';
  readonly type: Named<EventTypeName>;
  /** Named for health and exercise; the others have none. */
  readonly subType: Named<EventSubTypeName>;
  /** Time of the event on the clock of the screen; `displaySeconds` is the time of its entry. */
  readonly eventDisplaySeconds: DisplaySeconds;
  readonly amount: EventAmount;
}

/** Insulin is stored in hundredths of a unit (confirmed by the vendor's export). */
const INSULIN_STEPS = 100; // receiver §6.5

const LAYOUT = layout({
  ...PREFIX,
  type: u8,
  subType: u8,
  eventDisplaySeconds: displayTime,
  amount: u32,
});

/** Reads the number of an event of this type. */
export function eventAmount(type: number, raw: number): EventAmount {
  switch (named(EVENT_TYPES, type).name) {
    case 'carbohydrates':
      return { raw, value: raw, unit: 'g' };
    case 'insulin':
      return { raw, value: raw / INSULIN_STEPS, unit: 'U' };
    case 'exercise':
      return { raw, value: raw, unit: 'min' };
    default:
      return { raw, value: null, unit: null };
  }
}

function subTypeOf(type: number, raw: number): Named<EventSubTypeName> {
  switch (named(EVENT_TYPES, type).name) {
    case 'health':
      return named(HEALTH_EVENTS, raw);
    case 'exercise':
      return named(EXERCISE_LEVELS, raw);
    default:
      return { raw, name: raw === 0 ? 'none' : 'unknown' };
  }
}

export const EVENT_FORMATS: readonly RecordFormat<EventRecord>[] = [
  {
    ...laidOut(LAYOUT),
    recordTypes: [11],
    revisions: { from: 0, to: 255 },
    read(bytes, base, origin) {
      const { type, subType, amount, ...times } = LAYOUT.read(bytes, base);
      return {
        kind: 'event',
        ...origin,
        ...times,
        type: named(EVENT_TYPES, type),
        subType: subTypeOf(type, subType),
        amount: eventAmount(type, amount),
      };
    },
    write(bytes, base, record) {
      const { type, subType, amount } = record;
      const flat = { ...record, type: type?.raw, subType: subType?.raw, amount: amount?.raw };
      LAYOUT.write(bytes, base, flat);
    },
  },
];

const WORDS = {
  type: 'event type',
  subType: 'event subtype',
  eventDisplaySeconds: 'when it happened, display seconds since 2009',
  amount: 'grams, hundredths of a unit, or minutes',
} as const;

/** Facts about these layouts by their names, in their order. */
export const about = {
  'User event': {
    doc: 'Carbohydrates, insulin, health or exercise, as the user noted it.',
    evidence: 'captured',
    source: '§5.10, §6.5',
    words: WORDS,
  },
} as const satisfies Record<string, AboutFormat>;
