import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';

const urlOf = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);
const COUNT = 60;
/** Only against hanging. */
const PATIENCE_MS = 60_000;

/** Takes all room that is left for the journal in a folder, and gives it back. */
interface Room {
  readonly reason: string;
  /** Words that start the shell. */
  readonly wrapper: readonly string[];
  /** The shell's words before those of the program, which has the folder in `$1`. */
  readonly prelude: string;
  /** The words of the program that define `fill` and `free`. */
  readonly program: string;
}

const ROOMS: Readonly<Record<string, Room>> = {
  'a disk that is full': {
    reason: 'the disk is full',
    // A mount of this process alone, which goes with it.
    wrapper: ['unshare', '--map-root-user', '--mount'],
    prelude: 'mount -t tmpfs -o size=64k tmpfs "$1"',
    program: `
      const filler = folder + '/filler';
      const fill = () => {
        const file = fs.openSync(filler, 'w');
        try {
          for (;;) fs.writeSync(file, Buffer.alloc(4096));
        } catch ({ code }) {
          if (code !== 'ENOSPC') throw new Error(code);
        }
        fs.closeSync(file);
      };
      const free = () => fs.rmSync(filler);`,
  },
  'a limit on the size of files': {
    reason: 'it would be larger than the system allows',
    wrapper: [],
    prelude: 'prlimit --version > "$1/version" && rm "$1/version"',
    program: `
      const limit = (bytes) =>
        spawnSync('prlimit', ['--pid', String(process.pid), '--fsize=' + bytes + ':']);
      const fill = () => limit(fs.existsSync(path) ? fs.statSync(path).size + 700 : 0);
      const free = () => limit('unlimited');`,
  },
};

/** A program that uploads to a service in memory, and once more when there is room again. */
const uploader = ({ program }: Room, fullFromPost: number) => `
  const fs = await import('node:fs');
  const { spawnSync } = await import('node:child_process');
  const { runUpload } = await import(${urlOf('../src/index.ts')});
  const { fileJournal, readJournal } = await import(${urlOf('../src/node.ts')});
  const world = await import(${urlOf('./support/world.ts')});
  const folder = process.argv[1];
  const path = folder + '/journal.ndjson';
  ${program}
  const service = new world.FakeService();
  let posts = 0;
  service.checkpoint = (where) => {
    if (where === 'post' && ++posts === ${fullFromPost}) fill();
  };
  if (${fullFromPost} === 0) fill();
  const upload = () =>
    runUpload({
      source: world.sourceOf(world.readings(${COUNT})),
      destination: service,
      journal: fileJournal(path),
      batchSize: 2,
      nowMs: () => world.NOW_MS,
    });
  const failure = await upload().then(
    () => undefined,
    ({ code, data }) => ({ code, reason: data?.reason }),
  );
  const noted = await readJournal(path, { serialNumber: 'SM00000001', target: 'test-service' });
  const posted = service.posts.flat().map(({ key }) => key);
  const notNoted = posted.filter((key) => !noted.has(key));
  free();
  await upload();
  const files = fs.readdirSync(folder).filter((name) => name.endsWith('.tmp'));
  console.log(JSON.stringify({ failure, posted, notNoted, values: service.values(), files }));`;

describe.each(Object.entries(ROOMS))('with %s', (_, room) => {
  it.for([
    ['from the beginning', 0],
    ['from the third post on', 3],
  ] as const)(
    '%s, an upload says so, has noted all that it posted, and goes on when there is room',
    { timeout: 2 * PATIENCE_MS },
    async ([, fullFromPost], { skip }) => {
      const folder = await mkdtemp(join(tmpdir(), 'egvkit-'));
      onTestFinished(() => rm(folder, { recursive: true, force: true }));
      const run = (command: string, ...args: string[]) => {
        const [shell = 'sh', ...words] = [...room.wrapper, 'sh', '-c', command, 'sh', folder];
        const how = { encoding: 'utf8', timeout: PATIENCE_MS } as const;
        return spawnSync(shell, [...words, ...args], how);
      };
      skip(run(room.prelude).status !== 0, 'no such thing can be made here');
      const program = uploader(room, fullFromPost);
      const command = `${room.prelude} && exec "$2" --input-type=module -e "$3" "$1"`;
      const { stdout, stderr } = run(command, process.execPath, program);
      expect(stderr).toBe('');
      const { failure, posted, notNoted, values, files } = JSON.parse(stdout);
      expect(failure).toEqual({ code: 'journalUnusable', reason: room.reason });
      expect(notNoted).toEqual([]);
      if (fullFromPost === 0) expect(posted).toEqual([]);
      else expect(posted.length).toBeGreaterThanOrEqual(5);
      expect(posted.length).toBeLessThan(COUNT);
      expect(values).toEqual(Array.from({ length: COUNT }, (_, i) => 80 + i));
      expect(files).toEqual([]);
    },
  );
});
