// What `npm test` and `npm run check` print.
import { stripVTControlCharacters } from 'node:util';
import { addCounts, countTests, noCounts } from './test-counts.mjs';

/** @typedef {import('./turbo.mjs').TaskOutcome} TaskOutcome */
/** @typedef {import('./test-counts.mjs').Counts} Counts */

const shownLogLines = 150;

const isTest = (/** @type {TaskOutcome} */ { task }) => /^test\b/.test(task);

/** @param {TaskOutcome} outcome @returns {Counts} A task that is no test is one check. */
function countsOf(outcome) {
  if (isTest(outcome)) return countTests(outcome);
  return outcome.state === 'passed' ? { ...noCounts, passed: 1 } : { ...noCounts, failed: 1 };
}

/** @param {Counts} counts */
export function sayCounts({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/** @param {TaskOutcome} outcome @param {Counts} counts */
function sayTask(outcome, counts) {
  const { task, state, cached } = outcome;
  const words = [];
  if (state === 'notRun') words.push('not run');
  else if (isTest(outcome))
    words.push(state === 'passed' ? `${counts.passed} tests` : sayCounts(counts));
  else if (state === 'failed') words.push('failed');
  if (cached) words.push('cached');
  return `${state === 'passed' ? '✓' : '✗'} ${task}${words.length > 0 ? ` (${words.join(', ')})` : ''}`;
}

/** @param {TaskOutcome} outcome */
function sayFailure({ id, log }) {
  const lines = (process.stdout.isTTY ? log : stripVTControlCharacters(log)).split('\n');
  const shown = lines.slice(-shownLogLines);
  const left = lines.length - shown.length;
  return [`── ${id} failed`, ...(left > 0 ? [`… ${left} lines before`] : []), ...shown, ''].join(
    '\n',
  );
}

/**
 * Prints the failures with what they printed, one line for each package, and the sum.
 *
 * @param {TaskOutcome[]} outcomes
 * @returns {boolean} Whether all passed.
 */
export function report(outcomes) {
  const counted = outcomes.map((outcome) => ({ outcome, counts: countsOf(outcome) }));
  const total = counted.map(({ counts }) => counts).reduce(addCounts, noCounts);

  for (const { state, ...rest } of outcomes) {
    if (state === 'failed') console.log(sayFailure({ state, ...rest }));
  }
  const subjects = [...new Set(outcomes.map(({ id }) => id.split('#')[0] ?? ''))].sort();
  const width = Math.max(...subjects.map((subject) => subject.length), 'workspace'.length);
  for (const subject of subjects) {
    const tasks = counted
      .filter(({ outcome }) => outcome.id.startsWith(`${subject}#`))
      .map(({ outcome, counts }) => sayTask(outcome, counts));
    console.log(`${(subject === '//' ? 'workspace' : subject).padEnd(width)}  ${tasks.join('  ')}`);
  }
  console.log(`\n${sayCounts(total)}`);
  return total.failed === 0 && total.passed > 0;
}
