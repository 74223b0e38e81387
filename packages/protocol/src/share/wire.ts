import * as is from './schema.ts';

/** The parts that the shapes on the wire are made of; the shapes stand with their calls. */

const ID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** A UUID in any case; version and variant are not looked at (spec/share §5.4). */
export const id = is.text(ID);

/** Whether a text is an id of the service: a UUID in any case. */
export function isId(text: unknown): text is string {
  return typeof text === 'string' && ID.test(text);
}

/**
 * The id of a contact or a subscription: a UUID as far as is known, but no recorded one says so
 * (spec/share §5.4), and services that imitate Share have their own.
 */
export const reference = /* @__PURE__ */ is.text(/^[\w-]{1,64}$/);

/** What a service answers in place of an id to say no (spec/share §3.2). */
export const ZERO_ID = '00000000-0000-0000-0000-000000000000';

/** A date in one of the spellings of spec/share §5.1; read it with `decodeDate`. */
export const date = is.text();

/** A count. In a query it arrives as text, which `decodeRequest` reads as a number. */
export const count = is.integer(0);

/** `{DateTime, OffsetMinutes}` (spec/share §5.2). */
export const zonedDate = /* @__PURE__ */ is.open({
  DateTime: date,
  OffsetMinutes: /* @__PURE__ */ is.integer(),
});
