import { join } from 'node:path';
import { createNightscoutSite } from '@egvkit/nightscout-emulator';
import { serveNightscout } from '@egvkit/nightscout-emulator/node';
import { createShareService } from '@egvkit/share-emulator';
import { serveShare } from '@egvkit/share-emulator/node';
import { onTestFinished } from 'vitest';
import { makeReceiver, plugIn } from './plugged.ts';
import { makeServiceWorld } from './systemctl.ts';
import { ACCOUNT, run } from './world.ts';

export const API_SECRET = 'a secret of the owner';
export const SERIAL = 'SM11111111';
export const OTHER_SERIAL = 'SM22222222';

/** All that `egvkit setup` asks for: services, receivers, and a computer that has systemd. */
export async function makeSetup(plugged: readonly string[] = [SERIAL, OTHER_SERIAL]) {
  const service = createShareService({ accounts: [ACCOUNT] });
  await service.ready;
  const share = await serveShare(service);
  const site = createNightscoutSite({
    apiSecret: API_SECRET,
    subjects: [{ name: 'egvkit', permissions: ['api:entries:create,read,update'] }],
    options: { refusalDelayMs: 0 },
  });
  const nightscout = await serveNightscout(site);
  const receivers = await Promise.all(plugged.map((serial) => makeReceiver(serial)));
  const { replug, folder: udevadm } = await plugIn(receivers);
  const systemd = await makeServiceWorld();
  onTestFinished(async () => {
    await share.close();
    await nightscout.close();
    await systemd[Symbol.asyncDispose]();
  });
  const calls: string[] = [];
  service.onRequest(({ endpoint, phase }) => void (phase === 'received' && calls.push(endpoint)));
  const config = join(systemd.env.HOME ?? '', 'settings');
  const env = {
    ...systemd.env,
    PATH: `${udevadm}:${systemd.env.PATH}`,
    EGVKIT_SETTINGS: join(config, 'settings.json'),
    XDG_STATE_HOME: join(systemd.env.HOME ?? '', 'state'),
  };
  /** Logins that were sent: the first call of each. */
  const logins = (): number =>
    calls.filter((call) => call === 'AuthenticatePublisherAccount').length;
  /** Answers by questions, in any order; each is given once. Fails at a question without one. */
  const answering = (answers: readonly (readonly [question: RegExp, answer: string])[]) => {
    const left = [...answers];
    const asked: string[] = [];
    const answer = async (question: string): Promise<string> => {
      asked.push(question);
      const at = left.findIndex(([pattern]) => pattern.test(question));
      const [found] = at < 0 ? [] : left.splice(at, 1);
      if (found === undefined) throw new Error(`asked: ${question}`);
      return found[1];
    };
    const ran = run(['setup', '--user'], env, {
      askText: answer,
      askSecret: answer,
      askYesNo: async () => false,
    });
    return { ran, asked, left };
  };
  const token = site.accessToken('egvkit') ?? '';
  return {
    ...{ service, share, site, nightscout, receivers, replug, systemd, config, env, token },
    ...{ calls, logins, answering },
  };
}
