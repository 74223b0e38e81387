import { describe, expect, test } from 'vitest';
import { danglingCitations, markdownAnchors, relativeLinks, specSections } from '../citations.mjs';

const sections = specSections({
  receiver: '<a id="5.3"></a>\n## 5.3 EGV\n<a id="12.11"></a>',
  share: '<a id="3.5"></a>\n<a id="c"></a>',
  'host-usb': '',
  browser: '<a id="14"></a>\n<a id="0.2"></a>',
  nightscout: '<a id="4.1"></a>',
});
const dangling = (/** @type {string} */ path, /** @type {string} */ text) =>
  danglingCitations(path, text, sections);

describe('a citation that leads somewhere is none to report:', () => {
  test.each([
    ['packages/receiver/src/line.ts', '// receiver §12.11'],
    ['packages/receiver/src/line.ts', '// (§5.3)'],
    ['packages/receiver/src/line.ts', '// spec/share §3.5, §C'],
    ['packages/share-http/src/http.ts', '// §3.5; receiver §5.3'],
    ['packages/receiver/src/browser/failures.ts', '// (browser §14)'],
    ['docs/spec/browser.md', 'see §0.2 and receiver §5.3'],
    ['packages/uploader/src/destinations/nightscout/wire.ts', '// §4.1'],
    ['packages/uploader/src/plan.ts', '// nightscout §4.1'],
    ['packages/receiver/src/usb.ts', '// USB 2.0 §9.4, table 9-5; §9.6.6.'],
  ])('%s: %s', (path, text) => {
    expect(dangling(path, text)).toEqual([]);
  });
});

describe('a citation that leads nowhere is reported with its line:', () => {
  test.each([
    ['packages/receiver/src/line.ts', '// receiver §12.12', '§12.12 of receiver'],
    ['packages/receiver/src/line.ts', '// (§3.5)', '§3.5 of receiver'],
    ['packages/share-http/src/http.ts', '// §5.3', '§5.3 of share'],
    ['packages/receiver/src/line.ts', '// browser §28', '§28 of browser'],
    ['docs/spec/nightscout.md', 'see §5.3', '§5.3 of nightscout'],
    ['docs/spec/share.md', 'see §9', '§9 of share'],
    ['docs/spec/browser.md', 'see §5.3', '§5.3 of browser'],
  ])('%s: %s', (path, text, cited) => {
    expect(dangling(path, `first line\n${text}`)).toEqual([
      expect.stringContaining(`${path}:2: cites ${cited}`),
    ]);
  });
});

test('links to files of the repository are found, others and code are not', () => {
  const text = '[a](b.md) and [c](https://example.org) `[d](e.md)`\n[f](../g#h)';
  expect(relativeLinks(text)).toEqual([
    { target: 'b.md', line: 1 },
    { target: '../g#h', line: 2 },
  ]);
});

test('anchors are those of the text and those of its headings', () => {
  expect([
    ...markdownAnchors('<a id="5.3"></a>\n## 5.3 `EGV` – value\n## Twice\n## Twice'),
  ]).toEqual(['5.3', '53-egv--value', 'twice', 'twice-1']);
});
