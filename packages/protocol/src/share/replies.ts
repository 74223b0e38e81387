import { problemOf, type Schema } from './schema.ts';
import { isId, reference as referenceSchema, ZERO_ID } from './wire.ts';

/** Result of decoding a text that may be nonsense. `problem` never repeats a value. */
export type Decoded<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly problem: string };

/** One kind of answer, as the client decodes it; {@link encodeReply} makes one. */
export interface Reply<Value> {
  readonly kind: 'json' | 'word' | 'boolean' | 'id' | 'reference' | 'text' | 'empty';
  /** True if the answer itself must not be shown. */
  readonly secret: boolean;
  readonly decode: (text: string) => Decoded<Value>;
}

/** An answer that is not text. */
export interface BytesReply {
  readonly kind: 'bytes';
  readonly secret: boolean;
  readonly decode: (bytes: Uint8Array) => Decoded<Uint8Array>;
}

/** Writes an answer as the service does; apart, so that a client does not carry it along. */
export function encodeReply<Value>(reply: Reply<Value>, value: Value): string {
  return reply.kind === 'empty' ? '' : JSON.stringify(value);
}

const no = (problem: string): { readonly ok: false; readonly problem: string } => ({
  ok: false,
  problem,
});

/** A text as JSON; says what it is instead if it is none. */
export function parseJson(text: string): Decoded<unknown> {
  const trimmed = text.trim();
  if (trimmed === '') return no('the body is empty');
  if (trimmed.startsWith('<')) return no('it is HTML or XML, not JSON');
  try {
    return { ok: true, value: JSON.parse(trimmed) as unknown };
  } catch {
    return no('it is not valid JSON, or was cut off');
  }
}

/**
 * A value of a known shape, as JSON. An empty body is an error here, not "no data".
 */
export function json<Value>(schema: Schema<Value>): Reply<Value> {
  return {
    kind: 'json',
    secret: false,
    decode(text) {
      const parsed = parseJson(text);
      if (!parsed.ok) return parsed;
      const problem = problemOf(schema, parsed.value);
      return problem === undefined ? { ok: true, value: parsed.value as Value } : no(problem);
    },
  };
}

/** A list as JSON, checked one by one: hundreds of readings are checked with the shape of one. */
export function jsonList<Item>(item: Schema<Item>): Reply<readonly Item[]> {
  return {
    kind: 'json',
    secret: false,
    decode(text) {
      const parsed = parseJson(text);
      if (!parsed.ok) return parsed;
      const { value } = parsed;
      if (!Array.isArray(value)) return no('the whole is not a list');
      for (let i = 0; i < value.length; i++) {
        const problem = problemOf(item, value[i], `[${i}]`);
        if (problem !== undefined) return no(problem);
      }
      return { ok: true, value };
    },
  };
}

// share §1.6
/** A bare text with or without JSON quotes. */
function unquote(text: string): Decoded<string> {
  const bare = text.trim();
  if (/^[^"<{[]/.test(bare)) return { ok: true, value: bare };
  const parsed = parseJson(bare);
  if (!parsed.ok) return parsed;
  const { value } = parsed;
  return typeof value === 'string' ? { ok: true, value } : no('it is not a text');
}

/** A status word. Words nobody has seen yet are passed on, since the list is known to be short. */
export const word: Reply<string> = {
  kind: 'word',
  secret: false,
  decode(text) {
    const plain = unquote(text);
    if (!plain.ok) return plain;
    return /^[\w -]{1,64}$/.test(plain.value) ? plain : no('it is not a single word');
  },
};

/** `true` or `false` in any case, quoted or not. */
export const boolean: Reply<boolean> = {
  kind: 'boolean',
  secret: false,
  decode(text) {
    const plain = unquote(text);
    if (!plain.ok) return plain;
    const lower = plain.value.trim().toLowerCase();
    return lower === 'true' || lower === 'false'
      ? { ok: true, value: lower === 'true' }
      : no('it is neither true nor false');
  },
};

/** An account or session id. It gives access to the account, so it is never shown. */
export const id: Reply<string> = {
  kind: 'id',
  secret: true,
  decode(text) {
    const plain = unquote(text);
    if (!plain.ok) return plain;
    return isId(plain.value) ? plain : no('it is not an id');
  },
};

/** The id of a contact or a subscription: of no use without a session. */
export const reference: Reply<string> = {
  kind: 'reference',
  secret: false,
  decode(text) {
    const plain = unquote(text);
    if (!plain.ok) return plain;
    const isNone = plain.value === ZERO_ID || problemOf(referenceSchema, plain.value) !== undefined;
    return isNone ? no('it is not an id') : plain;
  },
};

/** A text that names a person, such as an e-mail address. */
export const text: Reply<string> = {
  kind: 'text',
  secret: true,
  decode: unquote,
};

/** The bytes of an image. An empty or textual answer is none. */
export const bytes: BytesReply = {
  kind: 'bytes',
  secret: true,
  decode(value) {
    if (value.length === 0) return no('the body is empty');
    return value[0] === 0x3c ? no('it is HTML or XML, not an image') : { ok: true, value };
  },
};

/**
 * Status only: the body is ignored, unless it is a web page, which is the answer of a portal or a
 * gateway.
 */
export const empty: Reply<void> = {
  kind: 'empty',
  secret: false,
  decode: (text) =>
    text.trimStart().startsWith('<')
      ? no('it is HTML or XML where nothing was expected')
      : { ok: true, value: undefined },
};
