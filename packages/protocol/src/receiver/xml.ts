/**
 * An element of the receiver's XML, which has its values in attributes. Both quote styles occur.
 * Only that much of XML is read.
 */
export interface XmlElement {
  // receiver §3.4, §3.5, §5.1
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
}

const TAG_BEGIN = /\s*<(\/?)([A-Za-z_][\w.-]*)/y;
const ATTRIBUTE = /\s+([A-Za-z_][\w.-]*)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y;
const TAG_END = /\s*(\/?)>\s*/y;
const ENTITY = /&(?:(amp|lt|gt|quot|apos)|#(\d{1,7})|#x([0-9a-fA-F]{1,6}));/g;
const NAMED_ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
};
const MAX_DEPTH = 8;

function unescapeXml(value: string): string {
  return value.replace(ENTITY, (whole, name?: string, decimal?: string, hex?: string) => {
    if (name !== undefined) return NAMED_ENTITIES[name]!;
    const point = Number(decimal ?? `0x${hex}`);
    return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });
}

interface OpenElement {
  name: string;
  attributes: Readonly<Record<string, string>>;
  children: XmlElement[];
}

/**
 * Reads an element and everything in it. Undefined if the text is anything else. Attributes are matched
 * one by one: a pattern that repeats needs a stack as deep as they are many, and a text from outside
 * must not exhaust it.
 */
export function parseXml(text: string): XmlElement | undefined {
  const open: OpenElement[] = [];
  let at = 0;
  /** Matches what comes next, and goes on behind it. */
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found !== null) at = pattern.lastIndex;
    return found;
  };
  while (at < text.length) {
    const begin = take(TAG_BEGIN);
    // No prototype: a receiver may call an attribute anything.
    const attributes: Record<string, string> = Object.create(null);
    for (let one = take(ATTRIBUTE); one !== null; one = take(ATTRIBUTE)) {
      const [, name = '', double, single = ''] = one;
      attributes[name] = unescapeXml(double ?? single);
    }
    const end = take(TAG_END);
    if (begin === null || end === null) return undefined;
    const [, closes, name = ''] = begin;
    const [, isWhole] = end;

    let element: OpenElement | undefined = { name, attributes, children: [] };
    if (closes) {
      element = open.pop();
      const isBare = Object.keys(attributes).length === 0 && !isWhole;
      if (element?.name !== name || !isBare) return undefined;
    } else if (!isWhole) {
      if (open.length >= MAX_DEPTH) return undefined;
      open.push(element);
      continue;
    }
    const parent = open.at(-1);
    if (parent === undefined) return at === text.length ? element : undefined;
    parent.children.push(element);
  }
  return undefined;
}

/** Style of an element's text: the receiver itself uses both quotes and both endings. */
export interface XmlStyle {
  readonly quote: '"' | "'";
  /** End of a childless element. */
  readonly end: '/>' | ' />';
}

/** An element as the receiver writes it: no line breaks, one space between attributes. */
export function formatXml(element: XmlElement, style: XmlStyle): string {
  const { quote, end } = style;
  const attributes = Object.entries(element.attributes)
    .map(([name, value]) => ` ${name}=${quote}${escapeXml(value)}${quote}`)
    .join('');
  if (element.children.length === 0) return `<${element.name}${attributes}${end}`;
  const children = element.children.map((child) => formatXml(child, style)).join('');
  return `<${element.name}${attributes}>${children}</${element.name}>`;
}

function escapeXml(value: string): string {
  return value
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&apos;');
}
