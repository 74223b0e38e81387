// Refuses to pack a package that is not built, or whose sources have changed since.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const { name, exports } = JSON.parse(readFileSync('package.json', 'utf8'));
const missing = Object.values(exports)
  .flatMap((target) => (typeof target === 'string' ? [target] : Object.values(target)))
  .filter((path) => !existsSync(path));
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
const { stdout } = spawnSync(process.execPath, [tsc, '-b', '--dry'], { encoding: 'utf8' });
/** A page is built by vite, which does not tell if it would do anything. @param {string} page */
const isOldPage = (page) =>
  !existsSync(page) ||
  readdirSync('src', { recursive: true, encoding: 'utf8' }).some(
    (path) => statSync(join('src', path)).mtimeMs > statSync(page).mtimeMs,
  );
const isOld =
  stdout.includes('would') || (existsSync('vite.config.ts') && isOldPage('dist/web/index.html'));
const problem =
  missing.length > 0
    ? `${missing.join(', ')} ${missing.length > 1 ? 'are' : 'is'} missing`
    : isOld && 'its sources are newer than dist';
if (problem) {
  console.error(`egvkit: ${name} cannot be packed: ${problem}. Run "npm run build" first.`);
  process.exitCode = 1;
}
