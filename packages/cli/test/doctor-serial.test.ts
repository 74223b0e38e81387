import { openSerial } from '@egvkit/receiver-serial';
import { describe, expect, it } from 'vitest';
import { examine } from './support/doctor.ts';
import { makeReceiver, plugIn } from './support/plugged.ts';
import { makeFolder, run } from './support/world.ts';

const A = 'SM11111111';
const B = 'SM22222222';

describe.skipIf(process.platform !== 'linux')('egvkit doctor --serial', { timeout: 60_000 }, () => {
  it('looks at the receiver that is named, among several and without a word on the others', async () => {
    const [a, b] = [await makeReceiver(A), await makeReceiver(B)];
    await plugIn([a, b]);
    expect((await examine([])).rows.receiver.state).toBe('warn');
    const { rows } = await examine(['--serial', B.toLowerCase()]);
    expect(rows.receiver).toMatchObject({
      state: 'ok',
      found: `The receiver ${B} is on ${b.path}.`,
      fix: null,
    });
    expect(rows.permission.found).toContain(b.path);
  });

  it('goes by the settings', async () => {
    const [a, b] = [await makeReceiver(A), await makeReceiver(B)];
    await plugIn([a, b]);
    await using folder = await makeFolder();
    const env = { EGVKIT_SETTINGS: `${folder.path}/settings.json` };
    await run(['settings', 'set', 'serial', A], env);
    expect((await examine([], env)).rows.receiver.found).toContain(`${A} is on ${a.path}`);
    const { rows } = await examine(['--port', b.path], env);
    expect(rows.receiver.found).toBe(`Its port is named: ${b.path}.`);
  });

  it('names the receivers that are there in its place', async () => {
    const a = await makeReceiver(A);
    await plugIn([a]);
    const { rows, exitCode } = await examine(['--serial', B]);
    expect(rows.receiver).toMatchObject({
      state: 'fail',
      found: `The receiver ${B} is not connected: the one on ${a.path} is ${A}.`,
      fix: expect.stringMatching(/egvkit settings set serial/),
    });
    expect(exitCode).toBe(3);
  });

  it('does not call a receiver missing that the service is reading', async () => {
    const a = await makeReceiver(A);
    await plugIn([a]);
    await using _held = await openSerial(a.path);
    const { rows, exitCode } = await examine(['--serial', A]);
    expect(rows.receiver).toMatchObject({
      state: 'warn',
      found: `A receiver cannot be asked if it is ${A}: ${a.path} is held by another program.`,
      fix: expect.stringMatching(/service reads it right now/),
    });
    expect(rows.permission.found).toContain(a.path);
    expect(exitCode).toBe(0);
  });

  it('says that there is none', async () => {
    await plugIn([]);
    const { rows } = await examine(['--serial', A]);
    expect(rows.receiver).toMatchObject({ state: 'fail', fix: expect.stringMatching(/cable/) });
  });
});
