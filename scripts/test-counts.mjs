// True numbers of tests, from the JSON that vitest leaves beside each package.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { inRoot, workspacePackages } from './workspace.mjs';

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

const resultsFile = '.results/vitest.json';

/** @type {Counts} */
export const noCounts = { passed: 0, failed: 0, skipped: 0 };

/** @param {Counts} a @param {Counts} b @returns {Counts} */
export const addCounts = (a, b) => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
  skipped: a.skipped + b.skipped,
});

/** Before a run, so that nothing old is counted; turbo puts back those of cached runs. */
export function forgetTestResults() {
  for (const folder of ['.', ...workspacePackages().map((each) => each.folder)]) {
    rmSync(inRoot(`${folder}/${resultsFile}`), { force: true });
  }
}

/**
 * @param {import('./turbo.mjs').TaskOutcome} outcome Of a `test` task.
 * @returns {Counts} At least one failure if the task did not pass or left no results.
 */
export function countTests({ folder, state }) {
  const file = inRoot(`${folder}/${resultsFile}`);
  const counts = existsSync(file) ? countResults(JSON.parse(readFileSync(file, 'utf8'))) : noCounts;
  const isMissing = counts.passed + counts.failed + counts.skipped === 0;
  if (isMissing || (state !== 'passed' && counts.failed === 0)) {
    return addCounts(counts, { ...noCounts, failed: 1 });
  }
  return counts;
}

/**
 * @typedef {object} VitestResults What is read of vitest's JSON report.
 * @property {{ status: string, assertionResults: { status: string }[] }[]} testResults
 */

/** @param {VitestResults} results @returns {Counts} */
export function countResults({ testResults }) {
  return testResults.map(countFile).reduce(addCounts, noCounts);
}

/** @param {VitestResults['testResults'][number]} file @returns {Counts} */
function countFile({ status, assertionResults }) {
  const count = (/** @type {(status: string) => boolean} */ is) =>
    assertionResults.filter((each) => is(each.status)).length;
  const passed = count((each) => each === 'passed');
  const failed = count((each) => each === 'failed');
  const skipped = assertionResults.length - passed - failed;
  // A file that could not be loaded, or whose hooks threw, has no failed test of its own.
  return { passed, skipped, failed: status === 'failed' ? Math.max(failed, 1) : failed };
}
