import { describe, expect, it, vi } from 'vitest';
import { processIo } from '../src/io/io.ts';
import { trackProgress } from '../src/io/progress-line.ts';
import { RESTART_MS, supervise } from '../src/service/supervisor.ts';
import { makeFolder } from './support/world.ts';

/** Logs in where nothing answers: exit code 4, each time. */
const UNREACHABLE = ['share', 'login', '--share-url', 'http://127.0.0.1:59', '--account', 'ann'];

async function supervised(args: readonly string[], starts: number) {
  await using folder = await makeFolder();
  const stop = new AbortController();
  const waits: number[] = [];
  const sleep = vi.fn(async (ms: number) => {
    waits.push(ms);
    if (waits.length >= starts) stop.abort(new Error('interrupted'));
  });
  const io = trackProgress({
    ...processIo(stop.signal),
    env: { ...process.env, XDG_STATE_HOME: folder.path, DEXCOM_PASSWORD: 'secret' },
    writeError: () => {},
    sleep,
  });
  const exitCode = await supervise(io, args);
  return { exitCode, waits };
}

describe('egvkit service run', { timeout: 30_000 }, () => {
  it('starts again, a minute later each time, what may work then', async () => {
    expect(await supervised(UNREACHABLE, 2)).toEqual({
      exitCode: 0,
      waits: [RESTART_MS, RESTART_MS],
    });
  });

  it('is done where only a person can help, so that nothing starts it again', async () => {
    expect(await supervised(['upload', '--nonsense'], 1)).toEqual({ exitCode: 0, waits: [] });
  });

  it('is done when what it runs is', async () => {
    expect(await supervised(['--version'], 1)).toEqual({ exitCode: 0, waits: [] });
  });

  it('ends what it runs when it is ended', async () => {
    const stop = new AbortController();
    const io = trackProgress({ ...processIo(stop.signal), env: process.env, writeError: () => {} });
    const ended = supervise(io, ['emulate', 'receiver']);
    stop.abort(new Error('interrupted'));
    expect(await ended).toBe(0);
  });
});
