// What every root script goes through: `node scripts/run.mjs <command> [arguments]`.
// This file keeps to syntax that an old Node can read, to be able to say that it is too old.
import { readFileSync } from 'node:fs';

const { engines } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const oldestMajor = Number(/\d+/.exec(engines.node));

if (Number(process.versions.node.split('.')[0]) < oldestMajor) {
  console.error(
    `egvkit needs Node ${oldestMajor} or newer to start, and this is Node ${process.versions.node}. ` +
      'Install a newer Node and try again.',
  );
  process.exitCode = 1;
} else {
  import('./commands.mjs').then(({ runCommand }) => runCommand(process.argv.slice(2)));
}
