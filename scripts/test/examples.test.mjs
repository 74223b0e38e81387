import { expect, test } from 'vitest';
import { docstringExamples, markdownExamples } from '../examples.mjs';

test('the ts blocks of docstrings are found, with their lines and without asterisks', () => {
  const text = '\n/**\n * Adds.\n *\n * @example\n * ```ts\n * add(1,\n *   2);\n * ```\n */\n';
  expect(docstringExamples(text)).toEqual([{ line: 7, code: 'add(1,\n  2);\n' }]);
});

test('the ts blocks of Markdown are found, and no others', () => {
  const text = '# Title\n\n```sh\nls\n```\n\n```ts\nadd(1, 2);\n```\n';
  expect(markdownExamples(text)).toEqual([{ line: 8, code: 'add(1, 2);\n' }]);
});
