// What `npm test` and `npm run check` print.
import { stripVTControlCharacters } from 'node:util';
import { addCounts, countTests, noCounts } from './test-counts.mjs';

/** @typedef {import('./turbo.mjs').TaskOutcome} TaskOutcome */
/** @typedef {import('./test-counts.mjs').Counts} Counts */

const shownLogLines = 150;

const isTest = (/** @type {TaskOutcome} */ { task }) => /^test\b/.test(task);

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
 * Prints the failures with their logs, one line for each package, the number of checks, and last
 * the number of tests.
 *
 * @param {TaskOutcome[]} outcomes
 * @returns {boolean} True if all passed.
 */
export function report(outcomes) {
  const counted = outcomes.map((outcome) => ({
    outcome,
    counts: isTest(outcome) ? countTests(outcome) : noCounts,
  }));
  const total = counted.map(({ counts }) => counts).reduce(addCounts, noCounts);
  const checks = outcomes.filter((outcome) => !isTest(outcome));
  const failedChecks = checks.filter(({ state }) => state !== 'passed').length;

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
  const passed = checks.length - failedChecks;
  console.log(`\nbuilds and checks: ${sayCounts({ passed, failed: failedChecks, skipped: 0 })}`);
  if (counted.some(({ outcome }) => isTest(outcome))) console.log(sayCounts(total));
  return total.failed === 0 && failedChecks === 0;
}
