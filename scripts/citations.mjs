// Finds what a text cites of docs/spec and which files its links name.

/** @typedef {'receiver' | 'share' | 'host-usb' | 'browser' | 'nightscout'} Document */

const anchors = (/** @type {string} */ text) =>
  new Set([...text.matchAll(/<a id="([^"]+)"><\/a>/g)].map((match) => String(match[1])));

/** @param {Record<Document, string>} texts The documents by name. */
export function specSections(texts) {
  return new Map(Object.entries(texts).map(([name, text]) => [name, anchors(text)]));
}

/** Sections of other standards, which are published elsewhere. */
const standards = /\b(?:USB|CDC|RFC|PSTN)[\w. ]*§[\d.]+(?:[^§\n]{0,20}§[\d.]+)*/g;

const document =
  /\b(?:spec\/)?(receiver|share|host-usb|browser|nightscout)(?:\.md)?['"`)]*[,:]?\s*(?=§)/g;
const cited = /§\s?(\d+(?:\.\d+)*|[A-C](?=\b))/g;

/**
 * The document that a bare § means: the one named last in the same comment block, else the one
 * that the path speaks of.
 *
 * @param {string} path
 * @returns {Document | undefined}
 */
function documentOf(path) {
  const own = /docs\/spec\/(receiver|share|browser|nightscout)/.exec(path)?.[1];
  if (own !== undefined) return /** @type {Document} */ (own);
  if (/nightscout/i.test(path)) return 'nightscout';
  if (/share|uploader|sign-in|login/i.test(path)) return 'share';
  return /receiver|usb|protocol|cli|bench|contracts|demo/i.test(path) ? 'receiver' : undefined;
}

/**
 * @param {string} path Relative to the root.
 * @param {string} text
 * @param {Map<string, Set<string>>} sections
 * @returns {string[]} One line for each citation that leads nowhere.
 */
export function danglingCitations(path, text, sections) {
  return text.split('\n').flatMap((line, index) => {
    const own = line.replace(standards, '');
    const names = [...own.matchAll(document)].map((match) => ({
      name: match[1] ?? '',
      at: match.index,
    }));
    return [...own.matchAll(cited)].flatMap((match) => {
      const named = names.findLast(({ at }) => at < match.index)?.name ?? documentOf(path);
      const known =
        named === undefined
          ? [...sections.values()].some((ids) => ids.has(String(match[1]).toLowerCase()))
          : sections.get(named)?.has(String(match[1]).toLowerCase());
      return known
        ? []
        : [
            `${path}:${index + 1}: cites §${match[1]} of ${named ?? 'the specification'}, which is not there`,
          ];
    });
  });
}

const link = /(?<!!)\[[^\]]*\]\(([^)\s]+)(?:\s+"[^"]*")?\)/g;

/**
 * @param {string} text Markdown, or code with docstrings.
 * @returns {{ target: string, line: number }[]} Links to files of the repository.
 */
export function relativeLinks(text) {
  return text
    .split('\n')
    .flatMap((content, index) =>
      [...content.replace(/`[^`]*`/g, '').matchAll(link)].flatMap(([, target = '']) =>
        /^(?:[a-z][a-z+.-]*:|\/\/)/i.test(target) ? [] : [{ target, line: index + 1 }],
      ),
    );
}

/** The anchors that a Markdown file has: its own, and those that its headings get. */
export function markdownAnchors(/** @type {string} */ text) {
  const ids = anchors(text);
  const seen = new Map();
  for (const [, heading = ''] of text.matchAll(/^#{1,6} +(.*)$/gm)) {
    const id = heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replace(/\s/g, '-');
    const count = seen.get(id) ?? 0;
    seen.set(id, count + 1);
    ids.add(count === 0 ? id : `${id}-${count}`);
  }
  return ids;
}
