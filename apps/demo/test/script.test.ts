import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serveShare } from '@egvkit/emulators/node';
import { openPty } from '@egvkit/emulators/pty';
import {
  EMULATED_SERIAL_NUMBER,
  EmulatedReceiver,
  generateDatabase,
  RECEIVER_PROFILES,
} from '@egvkit/emulators/receiver';
import { createShareService } from '@egvkit/emulators/share';
import { describe, expect, it } from 'vitest';

const DEMO = join(import.meta.dirname, '..');
const README = join(DEMO, '../../README.md');

describe('the script of the README', () => {
  it('is the one in apps/demo, in under 40 lines', async () => {
    const script = await readFile(join(DEMO, 'src/script.ts'), 'utf8');
    expect(script.trimEnd().split('\n').length).toBeLessThan(40);
    expect(await readFile(README, 'utf8')).toContain(`\`\`\`ts\n${script}\`\`\``);
  });

  it('uploads a day, shows the last hour, and uploads nothing when it is run again', async () => {
    const profile = RECEIVER_PROFILES.g4;
    const database = generateDatabase({ profile, seed: 3, days: 0.9, nowMs: Date.now() });
    await using port = await openPty(new EmulatedReceiver({ profile, database }));
    const account = { name: 'wearer', password: 'a password', receiver: EMULATED_SERIAL_NUMBER };
    const service = createShareService({ accounts: [account] });
    await using server = await serveShare(service);
    const folder = await mkdtemp(join(tmpdir(), 'egvkit-'));
    const env = {
      RECEIVER_PORT: port.path,
      SHARE_URL: server.origin,
      DEXCOM_USERNAME: account.name,
      DEXCOM_PASSWORD: account.password,
    };
    try {
      const first = await runScript(folder, env);
      const stored = service.readings(account.name).length;
      expect(stored).toBeGreaterThan(200);
      expect(first[0]).toMatch(new RegExp(`^${stored} readings uploaded, \\d+ records left out$`));
      expect(first[1]).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z \d+ [A-Z]\w+$/);
      expect((await runScript(folder, env))[0]).toMatch(/^0 readings uploaded/);
      expect(service.readings(account.name)).toHaveLength(stored);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }, 30_000);
});

async function runScript(folder: string, env: Readonly<Record<string, string>>): Promise<string[]> {
  const child = spawn(process.execPath, [join(DEMO, 'dist/script.js')], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  await once(child, 'close');
  return out.trim().split('\n');
}
