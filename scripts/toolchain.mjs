// The pinned tools in node_modules, and the environment that makes everything use them.
import { spawn } from 'node:child_process';
import { delimiter } from 'node:path';
import { inRoot } from './workspace.mjs';

export const pinnedNode = inRoot(
  `node_modules/node/bin/node${process.platform === 'win32' ? '.exe' : ''}`,
);
export const turbo = inRoot('node_modules/turbo/bin/turbo');

/** @type {NodeJS.Signals[]} */
const passedSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** This environment with the workspace's own tools first, and with nothing reported to anyone. */
export function toolEnvironment() {
  const pathKey = Object.keys(process.env).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH';
  return {
    ...process.env,
    [pathKey]: [inRoot('node_modules/.bin'), process.env[pathKey] ?? ''].join(delimiter),
    TURBO_TELEMETRY_DISABLED: '1',
    DO_NOT_TRACK: '1',
  };
}

/**
 * Stops a child that works for this process when this process is stopped.
 *
 * @param {import('node:child_process').ChildProcess} child
 */
export function stopTogether(child) {
  const stop = (/** @type {NodeJS.Signals} */ signal) => {
    child.kill(signal);
    leave();
    process.kill(process.pid, signal);
  };
  const leave = () => {
    for (const signal of passedSignals) process.off(signal, stop);
  };
  for (const signal of passedSignals) process.on(signal, stop);
  child.on('exit', leave);
}

/**
 * Runs a program to its end in the pinned Node. It has this terminal to itself: standard input,
 * output and error, signals and the exit code are its own.
 *
 * @param {string[]} args The script and its arguments.
 * @param {{ cwd?: string }} [options]
 * @returns {Promise<void>}
 */
export function becomeNode(args, { cwd = process.cwd() } = {}) {
  const child = spawn(pinnedNode, args, { cwd, env: toolEnvironment(), stdio: 'inherit' });
  // Ctrl-C in a terminal reaches the child by itself; a second one would mean "at once".
  const pass = (/** @type {NodeJS.Signals} */ signal) => {
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
  };
  for (const signal of passedSignals) process.on(signal, pass);
  // npm starts this through a shell, which dies of a signal without passing it on.
  const { ppid } = process;
  const orphaned = setInterval(() => {
    if (process.env.npm_lifecycle_event && process.ppid !== ppid) child.kill();
  }, 500);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      clearInterval(orphaned);
      for (const name of passedSignals) process.off(name, pass);
      if (signal === null) process.exitCode = code ?? 1;
      else process.kill(process.pid, signal);
      resolve();
    });
  });
}
