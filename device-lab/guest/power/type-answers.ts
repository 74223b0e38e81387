// Types a command at a terminal and answers its questions: `type-answers.ts COMMAND ANSWERS`, where
// ANSWERS is JSON, a list of [words of the question, answer]. Prints the talk; ends as the command does.
import { spawn } from 'node:child_process';

/** A question that does not come is waited for no longer. */
const LIMIT_MS = 6 * 60_000;

const [command = '', answers = '[]'] = process.argv.slice(2);
const left: [string, string][] = JSON.parse(answers);

// `script` gives it a terminal, and ends as the command ends.
const child = spawn('script', [
  '--quiet',
  '--return',
  '--flush',
  '--command',
  command,
  '/dev/null',
]);
let heard = '';
child.stdout.on('data', (piece) => {
  process.stdout.write(piece);
  heard += piece;
  const [question, answer] = left[0] ?? [];
  if (question === undefined || !heard.includes(question)) return;
  left.shift();
  heard = '';
  child.stdin.write(`${answer}\r`);
});
const limit = setTimeout(() => child.kill(), LIMIT_MS);
child.on('close', (code) => {
  clearTimeout(limit);
  if (left.length > 0) process.stdout.write(`\nNot asked: ${JSON.stringify(left)}\n`);
  process.exitCode = left.length > 0 ? 1 : (code ?? 1);
});
