// The root's commands. Each installs what is missing first.
import { ensureChromium } from './chromium.mjs';
import { ensureInstalled } from './install.mjs';
import { report } from './report.mjs';
import { forgetTestResults } from './test-counts.mjs';
import { becomeNode } from './toolchain.mjs';
import { runTasks } from './turbo.mjs';
import { inRoot, readManifest, workspacePackages } from './workspace.mjs';

/** @type {Record<string, (args: string[]) => Promise<void>>} */
const commands = {
  async start(args) {
    if (await build(['egvkit']))
      await becomeNode([inRoot('packages/cli/bin/egvkit.js'), 'demo', ...args]);
  },
  async web(args) {
    if (await build(['egvkit']))
      await becomeNode([inRoot('packages/cli/bin/egvkit.js'), 'web', ...args]);
  },
  async test(args) {
    forgetTestResults();
    if (workspacePackages().some((each) => isChosen(each, args) && drivesBrowser(each))) {
      await ensureChromium();
    }
    await runAndReport(['test', ...tasksOf('test:', args), ...checksOf(args)], args);
  },
  async check(args) {
    await runAndReport(checksOf(args), args);
  },
  async build(args) {
    await build(args.length > 0 ? args.map(packageNamed) : undefined);
  },
  async docs() {
    const published = workspacePackages().filter(({ manifest }) => !manifest.private);
    if (!(await build(published.map(({ name }) => name)))) return;
    const [outcome] = await runTasks(['docs:api'], { label: 'documenting' });
    console.log(`${outcome?.log}\n\nThe site is in docs/site/index.html.`);
    if (outcome?.state !== 'passed') process.exitCode = 1;
  },
  async bench(args) {
    await ensureChromium();
    if (await build(['@egvkit/bench^...']))
      await becomeNode([inRoot('bench/src/main.ts'), ...args]);
  },
  async simulate(args) {
    if (await build(['@egvkit/simulation^...']))
      await becomeNode([inRoot('simulation/src/main.ts'), ...args]);
  },
  async 'test:device'(args) {
    if (await build(['@egvkit/device-lab^...']))
      await becomeNode([inRoot('device-lab/src/main.ts'), ...args]);
  },
  async fuzz(args) {
    await becomeNode([inRoot('packages/protocol/fuzz/main.ts'), ...args]);
  },
  async format(args) {
    const paths = args.length > 0 ? args : ['.'];
    await becomeNode([
      inRoot('node_modules/@biomejs/biome/bin/biome'),
      'check',
      '--write',
      ...paths,
    ]);
  },
};

/** @param {string[]} args The command and its arguments. */
export async function runCommand([name = '', ...args]) {
  const command = commands[name];
  try {
    if (!command) throw new Error(`The commands are: ${Object.keys(commands).join(', ')}.`);
    if (await ensureInstalled(name === 'start' ? 'start' : 'everything')) await command(args);
    else process.exitCode = 1;
  } catch (error) {
    console.error(`egvkit: ${error instanceof Error ? error.message : error}`);
    process.exitCode = 1;
  }
}

/** @param {string[] | undefined} [packages] @returns {Promise<boolean>} */
async function build(packages) {
  const outcomes = await runTasks(['build'], { label: 'building', packages });
  const failed = outcomes.filter(({ state }) => state !== 'passed');
  for (const { id, state, log } of failed) {
    console.error(`egvkit: ${id} ${state === 'failed' ? `failed:\n${log}\n` : 'could not run.'}`);
  }
  if (failed.length > 0) process.exitCode = 1;
  return failed.length === 0;
}

const checksOf = (/** @type {string[]} */ packages) => [
  'check:package',
  ...tasksOf('check:', packages),
];

/** The workspace's own tasks, without what is a command here; none when packages are named. */
const tasksOf = (/** @type {string} */ prefix, /** @type {string[]} */ packages) =>
  packages.length > 0
    ? []
    : Object.keys(readManifest('.').scripts ?? {}).filter(
        (name) => name.startsWith(prefix) && commands[name] === undefined,
      );

/** @param {string[]} tasks @param {string[]} args Names of packages; all if there are none. */
async function runAndReport(tasks, args) {
  const packages = args.length > 0 ? args.map(packageNamed) : undefined;
  // The workspace's own checks look at what all packages have built, and turbo has no word for
  // "after every build", so that comes first.
  const built = await runTasks(['build'], { label: 'building', packages });
  const tested = await runTasks(tasks, { label: 'testing and checking', packages });
  const outcomes = new Map([...tested, ...built].map((outcome) => [outcome.id, outcome]));
  if (!report([...outcomes.values()])) process.exitCode = 1;
}

/** @param {import('./workspace.mjs').WorkspacePackage} each @param {string[]} args */
const isChosen = ({ name }, args) => args.length === 0 || args.map(packageNamed).includes(name);

/** @param {import('./workspace.mjs').WorkspacePackage} each */
const drivesBrowser = ({ manifest }) => manifest.devDependencies?.['playwright-core'] !== undefined;

/** @param {string} word A package's name or folder: `@egvkit/protocol`, `protocol`, `cli`. */
function packageNamed(word) {
  const all = workspacePackages();
  const found = all.find(({ name, folder }) => name === word || folder.split('/').at(-1) === word);
  if (found === undefined) {
    const names = all.map(({ folder }) => folder.split('/').at(-1));
    throw new Error(`There is no package "${word}": ${names.join(', ')}.`);
  }
  return found.name;
}
