import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { settingsPath } from '../src/io/config-path.ts';
import { stateFolder } from '../src/io/state-path.ts';
import { run } from './support/world.ts';

// As Node does where no user database knows the user that systemd has made for a service.
vi.mock('node:os', async (original) => ({
  ...(await original<typeof import('node:os')>()),
  homedir: vi.fn(() => {
    throw new Error('uv_os_homedir returned ENOENT (no such file or directory)');
  }),
  userInfo: vi.fn(() => {
    throw new Error('uv_os_get_passwd returned ENOENT (no such file or directory)');
  }),
}));

test('a service whose user has no home finds settings and state where systemd has put them', () => {
  const env = { CONFIGURATION_DIRECTORY: '/run/credentials', STATE_DIRECTORY: '/var/lib/egvkit' };
  expect(settingsPath(env)).toBe('/run/credentials/settings.json');
  expect(stateFolder(env)).toBe('/var/lib/egvkit');
});

test('a user without a home is told which variables to set', async () => {
  const { exitCode, err } = await run(['settings'], { EGVKIT_SETTINGS: '' });
  expect(err).toMatch(/^egvkit: This user has no home folder\.\n {2}Set HOME, or XDG_CONFIG_HOME/);
  expect(exitCode).toBe(2);
});

test('HOME that is set to nothing is not set', () => {
  vi.mocked(homedir).mockReturnValueOnce('');
  vi.mocked(userInfo).mockReturnValueOnce({
    ...{ username: 'ann', uid: 1, gid: 1, shell: null },
    homedir: '/ann',
  });
  expect(stateFolder({})).toBe(join('/ann', '.local', 'state', 'egvkit'));
});
