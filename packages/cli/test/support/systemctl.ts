import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from './world.ts';

/** A computer with a systemd that notes what it is told, and with settings and a password. */
export interface ServiceWorld extends AsyncDisposable {
  readonly env: Readonly<Record<string, string>>;
  /** Path of the unit. */
  readonly unit: string;
  readonly config: string;
  /** Commands that change something, since the last call. */
  readonly told: () => Promise<string[]>;
  /** Lets the service be in a state, as `systemctl show` has it. */
  readonly be: (state: string) => Promise<void>;
  /** Lets systemctl do these lines of shell first. */
  readonly first: (lines: string) => Promise<void>;
}

export const RUNNING = 'ActiveState=active\nSubState=running\nUnitFileState=enabled';
export const ENDED = (exitCode: number) =>
  `ActiveState=failed\nSubState=failed\nUnitFileState=enabled\nExecMainCode=1\nExecMainStatus=${exitCode}`;

/** Puts it up: `systemctl` is a script, since a test may not install anything for real. */
export async function makeServiceWorld(): Promise<ServiceWorld> {
  const folder = await makeFolder();
  const [bin, home, log, state, before] = ['bin', 'home', 'log', 'state', 'before'].map((name) =>
    join(folder.path, name),
  ) as [string, string, string, string, string];
  const config = join(home, '.config', 'egvkit');
  await mkdir(config, { recursive: true });
  await mkdir(bin);
  await writeFile(join(config, 'settings.json'), '{"version":1}');
  await writeFile(join(config, 'dexcom-password'), 'correct horse\n');
  await writeFile(log, '');
  await writeFile(before, '');
  await writeFile(state, 'ActiveState=inactive\nSubState=dead\nUnitFileState=disabled');
  await script(
    join(bin, 'systemctl'),
    `. '${before}'
case "$*" in
  *is-system-running*) echo running ;;
  *show*) cat '${state}' ;;
  *) echo "systemctl $*" >> '${log}' ;;
esac
case "$*" in
  *start*) printf '%s\\nActiveEnterTimestamp=@%s\\n' '${RUNNING}' "$(date +%s)" > '${state}' ;;
esac`,
  );
  await script(join(bin, 'loginctl'), 'echo yes');
  return {
    env: {
      ...{ HOME: home, PATH: `${bin}:/usr/bin:/bin`, XDG_CONFIG_HOME: join(home, '.config') },
      EGVKIT_SETTINGS: join(config, 'settings.json'),
    },
    unit: join(home, '.config/systemd/user/egvkit.service'),
    config,
    async told() {
      const lines = (await readFile(log, 'utf8')).split('\n').filter(Boolean);
      await writeFile(log, '');
      return lines;
    },
    be: (text) => writeFile(state, text),
    first: (lines) => writeFile(before, lines),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

async function script(path: string, lines: string): Promise<void> {
  await writeFile(path, `#!/bin/sh\n${lines}\n`);
  await chmod(path, 0o755);
}
