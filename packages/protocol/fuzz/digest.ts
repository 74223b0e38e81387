const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);

function mix(hash: number, value: number): number {
  return Math.imul(hash ^ value, 0x0100_0193) >>> 0;
}

/** A number made from all that a value holds: what has another digest is another value. */
export function digest(value: unknown, before = 0x811c_9dc5): number {
  switch (typeof value) {
    case 'number':
      double[0] = value;
      return mix(mix(before, words[0]!), words[1]!);
    case 'string': {
      let hash = mix(before, value.length);
      for (let i = 0; i < value.length; i++) hash = mix(hash, value.charCodeAt(i));
      return hash;
    }
    case 'boolean':
      return mix(before, value ? 3 : 5);
    case 'object':
      break;
    default:
      return mix(before, 7);
  }
  if (value === null) return mix(before, 11);
  let hash = before;
  if (value instanceof Uint8Array || Array.isArray(value)) {
    hash = mix(hash, value.length);
    for (let i = 0; i < value.length; i++) hash = digest(value[i], hash);
    return hash;
  }
  const object = value as Readonly<Record<string, unknown>>;
  for (const name in object) hash = digest(object[name], hash);
  return hash;
}
