const TOKEN =
  /<\?[\s\S]*?\?>|<!--(?:(?!--)[\s\S])*-->|<!DOCTYPE[^>]*>|<(\/)?([A-Za-z][\w.-]*)((?:\s+[\w:.-]+\s*=\s*"[^"<]*")*)\s*(\/)?>|([^<]+)/y;
const REFERENCE = /&(?!(?:amp|lt|gt|quot|apos);)/;

/** First fault of an XML document: tags that do not match, or a character that is not escaped. */
export function wellFormed(xml: string): string {
  const open: string[] = [];
  const text = xml.replace(/^\uFEFF/, '');
  let roots = 0;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (match === null) return `no markup at ${at}: ${text.slice(at, at + 40)}`;
    const [whole, closes, name, attributes = '', empty, characters] = match;
    if (REFERENCE.test(characters ?? attributes)) return `a bare & in ${whole}`;
    if (characters !== undefined && open.length === 0 && characters.trim() !== '') {
      return `text outside of the document: ${characters}`;
    }
    if (name === undefined) continue;
    if (closes) {
      if (open.pop() !== name) return `</${name}> closes another`;
    } else {
      if (open.length === 0) roots++;
      if (!empty) open.push(name);
    }
  }
  if (open.length > 0) return `<${open.join('><')}> is not closed`;
  return roots === 1 ? '' : `${roots} documents`;
}
