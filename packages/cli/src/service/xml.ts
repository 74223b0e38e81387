const NAMED: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Text as it is written in XML, between tags or in an attribute. */
export function xmlText(text: string): string {
  return text.replace(/[&<>"']/g, (character) => NAMED[character] ?? character);
}
