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

const TAG_BEGIN = /<(\/?)([A-Za-z_][\w.-]*)/y;
const ATTRIBUTE = /\s+([A-Za-z_][\w.-]*)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y;
const TAG_END = /\s*(\/?)>/y;
const SPACE = /\s*/y;
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
    if (name !== undefined) return NAMED_ENTITIES[name] ?? whole;
    const point = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
    return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

interface Tag {
  readonly closing: boolean;
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly selfClosing: boolean;
  /** Position behind the tag. */
  readonly end: number;
}

/**
 * The tag that begins at `at`. Its attributes are matched one by one: a pattern that repeats
 * needs a stack as deep as they are many, and a text from outside must not exhaust it.
 */
function tagAt(text: string, at: number): Tag | undefined {
  const begin = matchAt(TAG_BEGIN, text, at);
  if (begin === null) return undefined;
  // No prototype: a receiver may call an attribute anything.
  const attributes: Record<string, string> = Object.create(null);
  let end = TAG_BEGIN.lastIndex;
  for (;;) {
    const attribute = matchAt(ATTRIBUTE, text, end);
    if (attribute === null) break;
    const [, name = '', double, single = ''] = attribute;
    attributes[name] = unescapeXml(double ?? single);
    end = ATTRIBUTE.lastIndex;
  }
  const close = matchAt(TAG_END, text, end);
  if (close === null) return undefined;
  const [, slash, name = ''] = begin;
  const selfClosing = close[1] === '/';
  return { closing: slash === '/', name, attributes, selfClosing, end: TAG_END.lastIndex };
}

interface OpenElement {
  name: string;
  attributes: Readonly<Record<string, string>>;
  children: XmlElement[];
}

/** Reads an element and everything in it. Undefined if the text is anything else. */
export function parseXml(text: string): XmlElement | undefined {
  const open: OpenElement[] = [];
  let at = skipSpace(text, 0);
  while (at < text.length) {
    const tag = tagAt(text, at);
    if (tag === undefined) return undefined;
    at = skipSpace(text, tag.end);
    const { name, attributes } = tag;

    let done: XmlElement;
    if (tag.closing) {
      const element = open.pop();
      const bare = Object.keys(attributes).length === 0 && !tag.selfClosing;
      if (element?.name !== name || !bare) return undefined;
      done = element;
    } else {
      const element = { name, attributes, children: [] };
      if (!tag.selfClosing) {
        if (open.length >= MAX_DEPTH) return undefined;
        open.push(element);
        continue;
      }
      done = element;
    }
    const parent = open.at(-1);
    if (parent === undefined) return at === text.length ? done : undefined;
    parent.children.push(done);
  }
  return undefined;
}

function skipSpace(text: string, at: number): number {
  SPACE.lastIndex = at;
  SPACE.exec(text);
  return SPACE.lastIndex;
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
