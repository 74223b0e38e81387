import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder, run } from './support/world.ts';

const MINUTE_MS = 60_000;
const FAILURE = { code: 'x', message: 'x', help: 'x', atMs: 0, needsPerson: false };

/** Makes a status as `egvkit upload --watch` has written it a minute ago. */
function written(nowMs: number) {
  const atMs = nowMs - MINUTE_MS;
  return {
    ...{ version: 1, processId: 1, targets: { share: 'x' }, startedMs: atMs, updatedMs: atMs },
    lastReading: { utcMs: atMs, value: 112, status: 'inRange', trend: { raw: 4, name: 'Flat' } },
    ...{ lastSuccessMs: atMs, lastError: undefined as unknown, pending: 0 as unknown },
    ...{ nextTryMs: atMs as unknown, person: undefined as unknown },
    source: { serialNumber: 'SM00000001' as unknown, lastSuccessMs: atMs },
    destinations: [{ name: 'share', lastSuccessMs: atMs, pending: 0, hasOtherPublisher: false }],
  };
}

/** Runs `egvkit status` with a status of the user. */
async function statusOf(text: string, words: readonly string[] = []) {
  await using folder = await makeFolder();
  await mkdir(join(folder.path, 'egvkit'));
  await writeFile(join(folder.path, 'egvkit', 'status.json'), text);
  return await run(['status', ...words], { XDG_STATE_HOME: folder.path });
}

describe('a status file', () => {
  it('is told', async () => {
    const text = JSON.stringify(written(Date.now()));
    expect(await statusOf(text)).toMatchObject({ exitCode: 0, err: '' });
    const lasting = JSON.stringify({ ...written(Date.now()), lastError: FAILURE, pending: 2 });
    expect(await statusOf(lasting)).toMatchObject({ exitCode: 4, err: '' });
  });

  it.each<[string, Partial<Record<keyof ReturnType<typeof written>, unknown>>]>([
    ['is of another version', { version: 2 }],
    ['has a time that no calendar has', { updatedMs: 1e300 }],
    ['has a word for a time', { nextTryMs: 'soon' }],
    ['has no number of readings to come', { pending: null }],
    ['has less than nothing to come', { pending: -1 }],
    ['has a task that is no sentence', { person: {} }],
    ['has a failure without its words', { lastError: {} }],
    ['has no failure, said wrongly', { lastError: null }],
    ['has a receiver without a name', { source: { serialNumber: {} } }],
    [
      'has a trend that there is not',
      { lastReading: { utcMs: 0, value: 1, trend: { name: 'x' } } },
    ],
    ['has destinations that are none', { destinations: [{ name: 'share' }] }],
  ])('that %s is refused, as JSON too', async (_what, part) => {
    const text = JSON.stringify({ ...written(Date.now()), ...part });
    const { err, exitCode } = await statusOf(text);
    expect(err).toMatch(/^egvkit: .*status\.json is no status that this egvkit knows/);
    expect(exitCode).toBe(3);
    const json = await statusOf(text, ['--json']);
    expect(JSON.parse(json.out)).toMatchObject({ error: { code: 'statusUnknown' } });
    expect(json.exitCode).toBe(3);
  });

  it('that was written while the clock was hours ahead is none of a running upload', async () => {
    const text = JSON.stringify(written(Date.now() + 300 * MINUTE_MS));
    const { out, exitCode } = await statusOf(text);
    expect(out).toMatch(/^egvkit upload --watch is not running/);
    expect(exitCode).toBe(5);
  });
});
