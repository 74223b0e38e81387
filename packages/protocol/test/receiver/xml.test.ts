import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatXml, parseXml, type XmlElement } from '../../src/receiver/xml.ts';

/** Any code points, also those that are no characters. */
const anyText = fc
  .array(fc.oneof(fc.nat(0x7f), fc.nat(0x10ffff)), { maxLength: 12 })
  .map((points) => String.fromCodePoint(...points));

describe('parseXml', () => {
  it.each([
    ["<a b='1'/>", { b: '1' }],
    ['<a b="1"/>', { b: '1' }],
    ['<a b="1" />', { b: '1' }],
    [`<a b='say "hi"' c="it's"/>`, { b: 'say "hi"', c: "it's" }],
    ['<a/>', {}],
    ['<a></a>', {}],
    [" <a\n\tb = '1'\r\n  c=''  > </a> ", { b: '1', c: '' }],
    ["<a b='&lt;&gt;&amp;&quot;&apos;'/>", { b: `<>&"'` }],
    ["<a b='&#65;&#x42;&#x1F600;&#x9;'/>", { b: 'AB😀\t' }],
    ["<a b='&#x10FFFF;&#1114111;'/>", { b: '\u{10FFFF}\u{10FFFF}' }],
    ["<a b='&unknown; & &#x110000; &#;'/>", { b: '&unknown; & &#x110000; &#;' }],
    ["<a b='&amp;lt;'/>", { b: '&lt;' }],
    ["<a b='x > y / z'/>", { b: 'x > y / z' }],
    ["<a __proto__='x' constructor='y'/>", { ['__proto__']: 'x', constructor: 'y' }],
  ])('reads the attributes of %s', (text, attributes) => {
    const element = parseXml(text);
    expect(element?.name).toBe('a');
    expect(Object.entries(element?.attributes ?? {})).toEqual(Object.entries(attributes));
    expect(element?.children).toEqual([]);
  });

  it('has no attributes that the text does not have', () => {
    expect(parseXml('<a/>')?.attributes.toString).toBeUndefined();
  });

  it('reads children in order, and theirs', () => {
    const element = parseXml("<p x='1'><c y='2'/> <c y='3'><d/></c></p>");
    expect(element).toEqual({
      name: 'p',
      attributes: { x: '1' },
      children: [
        { name: 'c', attributes: { y: '2' }, children: [] },
        {
          name: 'c',
          attributes: { y: '3' },
          children: [{ name: 'd', attributes: {}, children: [] }],
        },
      ],
    });
  });

  it.each([
    '',
    ' ',
    'text',
    '<',
    '<>',
    '< a/>',
    '<a',
    '<a>',
    '<a/',
    '</a>',
    '<a></b>',
    '<a></a b="1">',
    '<a></a/>',
    '<a/><b/>',
    '<a/>text',
    '<a>text</a>',
    '<a b/>',
    '<a b=1/>',
    `<a b='1"/>`,
    `<a b='1'c='2'/>`,
    "<a b='<'/>",
    '<1a/>',
    '<?xml version="1.0"?><a/>',
    '<!-- note --><a/>',
    '<a/>\0',
    '\0\0\0',
  ])('gives nothing for %j, which is not one whole element', (text) => {
    expect(parseXml(text)).toBeUndefined();
  });

  it('reads eight elements inside one another, and no more', () => {
    const nest = (depth: number) => `${'<a>'.repeat(depth)}<b/>${'</a>'.repeat(depth)}`;
    expect(parseXml(nest(8))?.name).toBe('a');
    expect(parseXml(nest(9))).toBeUndefined();
    expect(parseXml(nest(100_000))).toBeUndefined();
  });
});

describe('parseXml, on hostile text', () => {
  const scrap = fc.constantFrom(
    '<',
    '>',
    '/',
    '"',
    "'",
    '=',
    ' ',
    '\t',
    'a',
    'b1',
    '&',
    '&#',
    '&#x',
    ';',
    '\0',
    'ÿ',
    '<a',
    '/>',
    '</a>',
    "='1'",
    '&#xD800;',
    '99999999',
  );
  it('never throws, and gives only what it can write and read again', () => {
    const texts = fc.oneof(
      fc.string(),
      anyText,
      fc.array(scrap).map((a) => a.join('')),
    );
    fc.assert(
      fc.property(texts, (text) => {
        for (const candidate of [text, `<a b='${text}'/>`, `<a ${text}/>`, `<a>${text}</a>`]) {
          const element = parseXml(candidate);
          if (element === undefined) continue;
          expect(parseXml(formatXml(element, { quote: '"', end: '/>' }))).toEqual(element);
        }
      }),
      { numRuns: 150 },
    );
  });

  // A quadratic parser takes 10^10 steps or more for any of these: far beyond the time of a test.
  const N = 1_000_000;
  it.each([
    ['a long run of spaces', `<a${' '.repeat(N)}`],
    ['spaces before a wrong end', `<a${' '.repeat(N)}x/>`],
    ['spaces around an equals sign', `<a b${' '.repeat(N)}=${' '.repeat(N)}x`],
    ['spaces and nothing else', ' '.repeat(N)],
    ['an endless name', `<${'a'.repeat(N)}`],
    ['an endless attribute name', `<a ${'b'.repeat(N)}`],
    ['a value without an end', `<a b='${'x'.repeat(N)}`],
    ['many attributes and no end', `<a${" b='1'".repeat(N)}`],
    ['many attributes and a wrong end', `<a${" b='1'".repeat(N)} c/>`],
    ['many ampersands, no end', `<a b='${'&#'.repeat(N)}`],
    ['many starts', '<'.repeat(N)],
    ['many open elements', '<a>'.repeat(N)],
    ['many ends', '</a>'.repeat(N)],
  ])('is done with %s in no more than linear time, and gives nothing', (_name, text) => {
    expect(parseXml(text)).toBeUndefined();
  });

  it('reads a long text that is right', () => {
    const many = `<a>${"<b c='1'/>".repeat(20_000)}</a>`;
    expect(parseXml(many)?.children.length).toBe(20_000);
    const wide = `<a${Array.from({ length: 2000 }, (_, i) => ` b${i}='${i}'`).join('')}/>`;
    expect(Object.keys(parseXml(wide)?.attributes ?? {})).toHaveLength(2000);
    expect(parseXml(`<a b='${'&amp;'.repeat(100_000)}'/>`)?.attributes.b).toHaveLength(100_000);
  });
});

describe('formatXml', () => {
  const element: XmlElement = { name: 'A', attributes: { B: '1', C: '' }, children: [] };

  it.each([
    ["'", '/>', `<A B='1' C=''/>`],
    ['"', ' />', `<A B="1" C="" />`],
  ] as const)('writes with %s and %s as the receiver does', (quote, end, text) => {
    expect(formatXml(element, { quote, end })).toBe(text);
  });

  it('writes children directly after one another', () => {
    const parent = { name: 'P', attributes: {}, children: [element, element] };
    expect(formatXml(parent, { quote: "'", end: '/>' })).toBe(
      `<P><A B='1' C=''/><A B='1' C=''/></P>`,
    );
  });

  it('writes any element so that it reads the same', () => {
    const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_.-]{0,8}$/);
    const attributes = fc
      .array(fc.tuple(name, anyText), { maxLength: 4 })
      .map((entries) => Object.assign(Object.create(null), Object.fromEntries(entries)));
    const leaf = fc.record({ name, attributes, children: fc.constant<XmlElement[]>([]) });
    const tree = fc.record({ name, attributes, children: fc.array(leaf, { maxLength: 3 }) });
    const style = fc.record({
      quote: fc.constantFrom("'" as const, '"' as const),
      end: fc.constantFrom('/>' as const, ' />' as const),
    });
    fc.assert(
      fc.property(tree, style, (one, how) => {
        expect(parseXml(formatXml(one, how))).toEqual(one);
      }),
    );
  });
});
