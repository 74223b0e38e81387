import { expect, test } from 'vitest';
import { countResults, countTests } from '../test-counts.mjs';

/** @param {...string} statuses */
const assertions = (...statuses) => statuses.map((status) => ({ status }));

test('every test is counted once', () => {
  const testResults = [
    { status: 'passed', assertionResults: assertions('passed', 'passed', 'skipped') },
    { status: 'failed', assertionResults: assertions('passed', 'failed', 'todo') },
  ];
  expect(countResults({ testResults })).toEqual({ passed: 3, failed: 1, skipped: 2 });
});

test('a file that could not be loaded is a failure', () => {
  const testResults = [{ status: 'failed', assertionResults: [] }];
  expect(countResults({ testResults })).toEqual({ passed: 0, failed: 1, skipped: 0 });
});

test('a package without results is a failure, whatever the task says', () => {
  const outcome = { id: 'x#test', task: 'test', folder: 'no-such-folder', cached: false, log: '' };
  expect(countTests({ ...outcome, state: 'passed' })).toEqual({ passed: 0, failed: 1, skipped: 0 });
  expect(countTests({ ...outcome, state: 'notRun' })).toEqual({ passed: 0, failed: 1, skipped: 0 });
});
