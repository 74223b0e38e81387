/**
 * @typedef {object} Example
 * @property {number} line Line of its first line of code.
 * @property {string} code
 */

/** @param {string} text @param {RegExp} fence @param {number} from Line of the text in its file. */
const blocksIn = (text, fence, from) =>
  [...text.matchAll(fence)].map(({ index, 1: code = '' }) => ({
    line: from + text.slice(0, index).split('\n').length,
    code,
  }));

/** Finds the ts blocks of a Markdown file. @param {string} text @returns {Example[]} */
export function markdownExamples(text) {
  return blocksIn(text, /^```ts\n([\s\S]*?)^```$/gm, 1);
}

/** Finds the ts blocks of all docstrings of a source file. @param {string} text @returns {Example[]} */
export function docstringExamples(text) {
  return [...text.matchAll(/\/\*\*[\s\S]*?\*\//g)].flatMap(({ 0: comment, index }) =>
    blocksIn(
      comment.replace(/^[ \t]*\* ?/gm, ''),
      /^```ts\n([\s\S]*?)^```$/gm,
      text.slice(0, index).split('\n').length,
    ),
  );
}
