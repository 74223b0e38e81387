// Runs turbo's tasks quietly and tells how each one ended.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { showProgress } from './progress.mjs';
import { pinnedNode, stopTogether, toolEnvironment, turbo } from './toolchain.mjs';
import { inRoot, readManifest, root, workspacePackages } from './workspace.mjs';

/**
 * @typedef {object} TaskOutcome
 * @property {string} id As `@egvkit/protocol#build`; root tasks as `//#check:lint`.
 * @property {string} task
 * @property {string} folder Relative to the root.
 * @property {'passed' | 'failed' | 'notRun'} state `notRun`: something it depends on failed.
 * @property {boolean} cached
 * @property {string} log What it printed, now or when its result was cached.
 */

/**
 * @typedef {object} SummarizedTask What is read of a task in turbo's own summary of a run.
 * @property {string} taskId
 * @property {string} task
 * @property {string} directory
 * @property {string} logFile
 * @property {{ status: 'HIT' | 'MISS' }} cache
 * @property {{ exitCode: number | null } | null} execution
 */

const summaries = inRoot('.turbo/runs');

/**
 * @param {string[]} tasks
 * @param {{ label: string, packages?: string[] | undefined }} options `packages`: only these and, of what the
 *   tasks depend on, what turbo finds; all and the root's own without it.
 * @returns {Promise<TaskOutcome[]>}
 */
export async function runTasks(tasks, { label, packages }) {
  rmSync(summaries, { recursive: true, force: true });
  const progress = showProgress(label);
  const ownWords = await runTurbo(
    [
      ...['run', ...tasks, '--continue=dependencies-successful', '--summarize'],
      ...['--json', '--output-logs=hash-only'],
      ...(packages ?? []).map((name) => `--filter=${name}`),
    ],
    progress.detail,
  );
  progress.end();

  const summary = readSummary();
  if (summary === undefined) throw new Error(`turbo could not run.\n${ownWords}`);
  const ran = summary.map(outcomeOf);
  const ranIds = new Set(ran.map(({ id }) => id));
  return [...ran, ...expectedTasks(tasks, packages).filter(({ id }) => !ranIds.has(id))];
}

/**
 * @param {string[]} args
 * @param {(detail: string) => void} onStart Called with the task that has begun.
 * @returns {Promise<string>} Output of turbo itself, without that of the tasks.
 */
async function runTurbo(args, onStart) {
  const child = spawn(pinnedNode, [turbo, ...args], {
    cwd: root,
    env: toolEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  stopTogether(child);
  let ownWords = '';
  child.stderr.on('data', (chunk) => {
    ownWords += chunk;
  });
  const closed = new Promise((resolve) => {
    child.on('error', (error) => {
      ownWords += error.message;
      resolve(undefined);
    });
    child.on('close', resolve);
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const { source, text } = JSON.parse(line);
    if (source === 'turbo') ownWords += `${text}\n`;
    else if (text.startsWith('cache miss')) onStart(source);
  }
  await closed;
  return ownWords.trim();
}

/** @returns {SummarizedTask[] | undefined} */
function readSummary() {
  const file = existsSync(summaries) && readdirSync(summaries)[0];
  if (!file) return undefined;
  return JSON.parse(readFileSync(`${summaries}/${file}`, 'utf8')).tasks;
}

/** @param {SummarizedTask} task @returns {TaskOutcome} */
function outcomeOf({ taskId, task, directory, logFile, cache, execution }) {
  const log = inRoot(logFile);
  return {
    id: taskId,
    task,
    folder: directory,
    state: execution === null ? 'notRun' : execution.exitCode === 0 ? 'passed' : 'failed',
    cached: cache.status === 'HIT',
    log: existsSync(log) ? readFileSync(log, 'utf8').trim() : '',
  };
}

/** Lists the tasks that were asked for: turbo's summary leaves out those it did not start. */
function expectedTasks(/** @type {string[]} */ tasks, /** @type {string[] | undefined} */ names) {
  const everything = [
    { name: '//', folder: '.', manifest: readManifest('.') },
    ...workspacePackages(),
  ];
  return everything
    .filter(({ name }) => names?.includes(name) ?? true)
    .flatMap(({ name, folder, manifest }) =>
      tasks
        .filter((task) => manifest.scripts?.[task] !== undefined && isTurboTask(name, task))
        .map((task) => ({
          ...{ id: `${name}#${task}`, task, folder, log: '', cached: false },
          state: /** @type {const} */ ('notRun'),
        })),
    );
}

/** The root has scripts that are no tasks, such as this one. */
function isTurboTask(/** @type {string} */ name, /** @type {string} */ task) {
  const { tasks } = JSON.parse(readFileSync(inRoot('turbo.json'), 'utf8'));
  return `${name}#${task}` in tasks || (name !== '//' && task in tasks);
}
