import { expect, test, vi } from 'vitest';
import { settingsPath } from '../src/io/config-path.ts';
import { stateFolder } from '../src/io/state-path.ts';

// As Node does where no user database knows the user that systemd has made for a service.
vi.mock('node:os', async (original) => ({
  ...(await original<typeof import('node:os')>()),
  homedir() {
    throw new Error('uv_os_homedir returned ENOENT (no such file or directory)');
  },
}));

test('a service whose user has no home finds settings and state where systemd has put them', () => {
  const env = { CONFIGURATION_DIRECTORY: '/run/credentials', STATE_DIRECTORY: '/var/lib/egvkit' };
  expect(settingsPath(env)).toBe('/run/credentials/settings.json');
  expect(stateFolder(env)).toBe('/var/lib/egvkit');
});
