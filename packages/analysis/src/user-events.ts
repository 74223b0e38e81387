import type { DisplaySeconds, SystemSeconds } from '@egvkit/protocol';
import type { EventAmount, EventRecord } from '@egvkit/protocol/receiver';
import { type Confidence, certain, doubtful, likely } from './confidence.ts';
import { bySystemTime, displayOffsetOf } from './record-order.ts';

/** Something the user noted, with its unit and its time on both clocks. */
export interface UserEvent {
  readonly record: EventRecord;
  readonly type: EventRecord['type']['name'];
  /** `none` where the type has no subtypes. */
  readonly subType: EventRecord['subType']['name'];
  /** Grams, units of insulin or minutes; null where the number means nothing that is known. */
  readonly value: EventAmount['value'];
  readonly unit: EventAmount['unit'];
  /** Time of the event, as the user entered it. */
  readonly happenedDisplaySeconds: DisplaySeconds;
  /** The same on the internal clock, by the offset at the moment it was entered. */
  readonly happenedSystemSeconds: SystemSeconds;
  /** Time of the entry. */
  readonly enteredSystemSeconds: SystemSeconds;
  readonly confidence: Confidence;
}

/** User events by the time they were entered. */
export function userEvents(records: readonly EventRecord[]): UserEvent[] {
  // receiver §5.10, §6.5
  return bySystemTime(records).map(userEvent);
}

/** One user event. */
export function userEvent(record: EventRecord): UserEvent {
  const seconds = record.eventDisplaySeconds - displayOffsetOf(record);
  return {
    record,
    type: record.type.name,
    subType: record.subType.name,
    value: record.amount.value,
    unit: record.amount.unit,
    happenedDisplaySeconds: record.eventDisplaySeconds,
    happenedSystemSeconds: (seconds >>> 0) as SystemSeconds,
    enteredSystemSeconds: record.systemSeconds,
    confidence: confidenceOf(record),
  };
}

function confidenceOf({ type, eventDisplaySeconds, displaySeconds }: EventRecord): Confidence {
  if (type.name === 'unknown') return doubtful('the meaning of this event type is unknown');
  if (eventDisplaySeconds > displaySeconds) {
    return doubtful('it is said to have happened after it was entered');
  }
  return type.name === 'carbohydrates' || type.name === 'insulin'
    ? certain('the vendor’s own export reads it so')
    : likely('two sources read it so');
}
