import * as is from './schema.ts';

const ID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

// share §5.4
/** A UUID in any case; version and variant are ignored. */
export const id = is.text(ID);

/** True for an id of the service: a UUID in any case. */
export function isId(text: unknown): text is string {
  return typeof text === 'string' && ID.test(text);
}

/**
 * The id of a contact or a subscription: a UUID as far as is known, but none is recorded, and
 * services that imitate Share have their own.
 */
export const reference = /* @__PURE__ */ is.text(/^[\w-]{1,64}$/);

// share §3.2
/** The id that a service answers to say no. */
export const ZERO_ID = '00000000-0000-0000-0000-000000000000';

/** A date in one of Share's spellings; `decodeDate` reads it. */
export const date = is.text();

/** A count. In a query it arrives as text, which `decodeRequest` reads as a number. */
export const count = is.integer(0);

// share §5.2
/** `{DateTime, OffsetMinutes}`. */
export const zonedDate = /* @__PURE__ */ is.open({
  DateTime: date,
  OffsetMinutes: /* @__PURE__ */ is.integer(),
});
