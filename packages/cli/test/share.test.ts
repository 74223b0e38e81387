import { randomUUID } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { json, makeShare } from './support/share.ts';
import { ACCOUNT, type Ran, run } from './support/world.ts';

const SERIAL = 'SM12345678';

/** One sentence on standard error, nothing on standard output, and the exit code. */
async function expectFailure(ran: Promise<Ran>, sentence: RegExp, exitCode = 2): Promise<void> {
  const { err, out, exitCode: code } = await ran;
  expect(err).toMatch(/^egvkit: [^\n]*\.\n/);
  expect(err).toMatch(sentence);
  expect([out, code]).toEqual(['', exitCode]);
}

describe('egvkit share login', () => {
  it('says whether name and password are right, and whether the account shares', async () => {
    const { share, server } = await makeShare();
    const { out, exitCode } = await share('login');
    expect([out, exitCode]).toEqual([
      `Logged in at ${server.origin}; the account is not sharing.\n`,
      0,
    ]);
    expect(json(await share('login --json'))).toEqual({
      ok: true,
      service: server.origin,
      sharing: false,
    });
  });

  it('keeps the session for the next command, where only its owner can read it', async () => {
    const { share, calls, folder, env } = await makeShare();
    await share('login');
    await share('readings');
    expect(calls.filter((call) => call.startsWith('Login'))).toHaveLength(1);
    const [name = ''] = await readdir(join(folder, 'egvkit', 'sessions'));
    const path = join(folder, 'egvkit', 'sessions', name);
    expect(((await stat(path)).mode & 0o777).toString(8)).toBe('600');
    const kept = await readFile(path, 'utf8');
    expect(kept).not.toContain(env.DEXCOM_PASSWORD);
    expect(name + kept).not.toContain(ACCOUNT.name);
  });

  it('does not send a refused password again, in another command either', async () => {
    const { share, calls, env, flags } = await makeShare();
    const wrong = { ...env, DEXCOM_PASSWORD: 'wrong' };
    const login = () => run(['share', 'login', ...flags], wrong);
    expect((await login()).err).toMatch(/refused this account name and password/);
    const before = calls.length;
    expect((await login()).exitCode).toBe(5);
    expect(calls).toHaveLength(before);
    expect((await share('login')).exitCode).toBe(0);
  });

  it('sends once more what was refused, if it is told to', async () => {
    // Refused, and then repaired at the service: the password itself stays.
    const { share, calls, service } = await makeShare();
    const refusal = { kind: 'fault', code: 'AccountPasswordInvalid' } as const;
    service.failNext({ ...refusal, endpoint: 'AuthenticatePublisherAccount' });
    expect((await share('login')).exitCode).toBe(5);
    const before = await share('readings');
    expect(before.err).toMatch(/refused .* before, so they were not sent/);
    expect(before.err).toContain('"egvkit share login --again" sends them once more.');
    const { error } = json(await share('readings --json')) as { error: { help: string } };
    expect(error.help).toContain('egvkit share login --again');

    calls.length = 0;
    service.failNext({ ...refusal, endpoint: 'AuthenticatePublisherAccount' });
    expect((await share('login --again')).err).toMatch(/refused this account name and password\./);
    expect(calls).toEqual(['AuthenticatePublisherAccount']);
    expect((await share('login')).err).toMatch(/before/);
    expect(calls).toHaveLength(1);
    expect((await share('login --again')).exitCode).toBe(0);
    expect((await share('readings')).exitCode).toBe(0);
  });

  it('signs in one step where the service knows no other way', async () => {
    const { share, calls } = await makeShare({ options: { generation: '2015' } });
    expect((await share('login --login-way oneStep')).out).toMatch(/^Logged in/);
    expect(calls.slice(0, 1)).toEqual(['LoginPublisherAccountByName']);
    expect((await share('readings --login-way oneStep --json')).exitCode).toBe(0);
    expect(calls.filter((call) => /^(?:Login|Authenticate)/.test(call))).toHaveLength(1);
    await expectFailure(
      share('login --login-way magic'),
      /Invalid --login-way "magic": use twoSteps or oneStep/,
    );
  });

  it('says how to sign in one step where that may be why it is refused', async () => {
    const { share } = await makeShare({ options: { generation: '2015' } });
    const { err, exitCode } = await share('login');
    expect(exitCode).toBe(5);
    expect(err).toMatch(/takes logins as Share did until 2020 needs --login-way oneStep;/);
    const command = /egvkit share (login .*)\.$/m.exec(err)?.[1];
    expect((await share(command ?? '')).out).toMatch(/^Logged in/);
    expect((await share('readings --login-way oneStep')).exitCode).toBe(0);
  });

  it('asks for the password where none is set', async () => {
    const { flags, folder } = await makeShare();
    const asked: string[] = [];
    const askSecret = async (question: string) => {
      asked.push(question);
      return ACCOUNT.password;
    };
    for (const env of [{}, { DEXCOM_PASSWORD: '' }]) {
      const all = { XDG_STATE_HOME: folder, ...env };
      expect((await run(['share', 'login', ...flags], all, { askSecret })).exitCode).toBe(0);
      expect(asked.splice(0)).toEqual(['Password of the Share account']);
    }
  });
});

describe('egvkit share readings', () => {
  it('tells the newest first, in either unit, within minutes and count', async () => {
    const { share, service } = await makeShare();
    const stored = service.readings(ACCOUNT.name).toReversed();
    const { readings } = json(await share('readings --count 3 --json')) as {
      readings: { time: string; mgDl: number }[];
    };
    expect(readings.map(({ time, mgDl }) => [Date.parse(time), mgDl])).toEqual(
      stored.slice(0, 3).map(({ wtMs, mgDl }) => [wtMs, mgDl]),
    );
    const { out } = await share('readings --minutes 60 --units mmol/L');
    const lines = out.trimEnd().split('\n');
    const hour = stored.filter(({ wtMs }) => wtMs > Date.now() - 3_600_000);
    expect(lines.length).toBe(hour.length);
    expect(lines[0]).toMatch(
      /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d\d:\d\d {2} *(?:\d+\.\d|LOW|HIGH) mmol\/L /,
    );
  });

  it('says why there may be none', async () => {
    const { share } = await makeShare({ days: 0 });
    expect((await share('readings')).out).toMatch(
      /^No readings\. Likely reasons: .*never had a follower/,
    );
    expect(json(await share('readings --json'))).toMatchObject({
      readings: [],
      emptyBecause: expect.arrayContaining(['noFollower']),
    });
  });

  it('refuses numbers that are none', async () => {
    const { share, calls } = await makeShare();
    await expectFailure(
      share('readings --minutes 0'),
      /Invalid --minutes "0": use a whole number from 1/,
    );
    await expectFailure(
      share('readings --count many'),
      /Invalid --count "many": use a whole number from 1/,
    );
    expect(calls).toEqual([]);
  });
});

describe('egvkit share watch', () => {
  it('tells the newest reading at once, and ends when it is interrupted', async () => {
    const { share, service } = await makeShare();
    const stop = new AbortController();
    const written: string[] = [];
    const write = (text: string): void => {
      written.push(text);
      stop.abort(new Error('interrupted'));
    };
    const { exitCode } = await share('watch --json', [], { write, signal: stop.signal });
    expect(exitCode).toBe(0);
    expect(JSON.parse(written.join(''))).toMatchObject({
      mgDl: service.readings(ACCOUNT.name).at(-1)?.mgDl,
      late: false,
    });
  });
});

describe('egvkit share followers', () => {
  it('invites, lists, renames, permits, pauses, resumes and removes', async () => {
    const { share, service, calls } = await makeShare();
    const yes = ['--yes'];
    const list = async () =>
      (json(await share('followers list --json')).followers as Record<string, unknown>[]).map(
        ({ contactName, state, permissions }) => [contactName, state, permissions],
      );
    expect((await share('followers list')).out).toBe('Nobody follows, and nobody is invited.\n');
    const invited = await share('followers invite Bob bob@example.com --json --low 80', yes);
    const { subscriptionId, contactId } = json(invited) as {
      subscriptionId: string;
      contactId: string;
    };
    expect(await list()).toEqual([['Bob', 'invited', 'graph']]);
    const { alerts } = json(await share('followers alerts Bob --json')) as {
      alerts: Record<string, unknown>[];
    };
    expect(alerts.find(({ alert }) => alert === 'low')).toMatchObject({
      enabled: true,
      maxMgDl: 80,
      delaySeconds: 1800,
    });
    await service.acceptInvitation(subscriptionId);
    await share('followers rename Bob Rob', yes);
    await share('followers permissions Rob alertsOnly', yes);
    expect(await list()).toEqual([['Rob', 'active', 'alertsOnly']]);
    await share('followers pause Rob', yes);
    expect(await list()).toEqual([['Rob', 'paused', 'alertsOnly']]);
    await share(`followers resume ${subscriptionId}`, yes);
    expect((await share('followers list')).out).toBe(
      `Rob  active, alertsOnly  subscription ${subscriptionId}  contact ${contactId}\n`,
    );
    expect((await share('followers remove Rob', yes)).out).toBe('Rob no longer follows.\n');
    expect(await list()).toEqual([]);
    expect(calls).toContain('CreateSubscriptionInvitation');
  });

  it('tells alerts with what can be read of them', async () => {
    const { share, service } = await makeShare();
    await share('followers invite Bob bob@example.com --yes --low 80 --missing-data 45');
    expect((await share('followers alerts Bob')).out.split('\n')).toEqual([
      'high       off  200 to 401 mg/dL, after 60 min, again after 120 min',
      'low        on   39 to 80 mg/dL, after 30 min, again after 120 min',
      'urgentLow  on   39 to 55 mg/dL, at once, again after 30 min',
      'noData     on   no readings, after 45 min, told once',
      '',
    ]);
    const alert = (AlertType: number) => ({
      AlertType,
      IsEnabled: true,
      MinValue: 39,
      MaxValue: 70,
      AlarmDelay: AlertType === 1 ? 'soon' : 'PT90S',
      RealarmDelay: 'P',
      Sound: null,
    });
    const body = JSON.stringify({
      HighAlert: alert(1),
      LowAlert: alert(2),
      FixedLowAlert: alert(3),
      NoDataAlert: alert(4),
    });
    const endpoint = 'ReadSubscriptionAlerts';
    service.failNext({ kind: 'body', status: 200, body, endpoint });
    const { out } = await share('followers alerts Bob');
    expect(out).toMatch(/^high +on {3}39 to 70 mg\/dL, delay unknown, repeat unknown$/m);
    expect(out).toMatch(/^noData +on {3}no readings, after 90 s, repeat unknown$/m);
  });

  it('tells an invitation that has expired', async () => {
    const { share } = await makeShare({ now: () => Date.now() - 8 * 86_400_000, days: 0 });
    await share('followers invite Bob bob@example.com --yes');
    expect((await share('followers list')).out).toMatch(/^Bob {2}invitation expired, graph /);
    expect(json(await share('followers list --json')).followers).toMatchObject([
      { state: 'expired' },
    ]);
  });

  it('means by a name the invitation that is good', async () => {
    let agoMs = 8 * 86_400_000;
    const { share } = await makeShare({ now: () => Date.now() - agoMs, days: 0 });
    const invite = () => share('followers invite Old old@example.com --yes');
    await invite();
    agoMs = 0;
    expect((await invite()).exitCode).toBe(0);
    expect((await share('followers list')).out).toMatch(/^Old .* expired.*\nOld {2}invited.*\n$/);
    for (const words of [
      'pause Old',
      'resume Old',
      'permissions Old alertsOnly',
      'rename Old New',
    ]) {
      expect((await share(`followers ${words} --yes`)).err).toBe('');
    }
    expect((await share('followers list')).out).toMatch(
      /^New {2}invitation expired, graph .*\nNew {2}invited, alertsOnly .*\n$/,
    );
    expect((await share('followers alerts New')).exitCode).toBe(0);
    expect((await share('followers remove New --yes')).err).toBe('');
    expect((await share('followers list')).out).toMatch(/^Nobody follows/);
  });

  it('means by a name one contact, though all its invitations have expired', async () => {
    const { share } = await makeShare({ now: () => Date.now() - 8 * 86_400_000, days: 0 });
    for (let i = 0; i < 2; i++) await share('followers invite Old old@example.com --yes');
    await expectFailure(
      share('followers pause Old --yes'),
      /There are 2 followers "Old"\.\n {2}Use an id/,
    );
    expect((await share('followers rename Old New --yes')).err).toBe('');
    expect((await share('followers remove New --yes')).err).toBe('');
    expect((await share('followers list')).out).toMatch(/^Nobody follows/);
  });

  it('says of a service that tells no contact id that its answer is wrong', async () => {
    const { share, service } = await makeShare();
    await share('login');
    const body = JSON.stringify([{ SubscriptionId: randomUUID(), ContactName: 'Bob', State: 1 }]);
    const endpoint = 'ListPublisherAccountSubscriptions';
    service.failNext({ kind: 'body', status: 200, body, endpoint });
    const { err, exitCode } = await share('followers remove Bob --yes');
    expect(err).toMatch(
      /^egvkit: The Share service's answer .* the contact id of this follower is missing/,
    );
    expect(exitCode).toBe(4);
  });

  it('removes a contact by its id, whether a list shows it or not', async () => {
    const { share, calls, service } = await makeShare();
    const invited = json(await share('followers invite Bob bob@example.com --yes --json'));
    const list = { endpoint: 'ListPublisherAccountSubscriptions', status: 404 } as const;
    service.failNext({ kind: 'html', ...list });
    expect((await share(`followers remove ${invited.contactId} --yes`)).exitCode).toBe(0);
    expect(calls).not.toContain('ListPublisherAccountSubscriptions');
    service.clearFailures();
    expect((await share('followers list')).out).toMatch(/^Nobody follows/);
  });

  it('says how to remove a contact that an invitation has left behind', async () => {
    const { share, service } = await makeShare();
    await share('login');
    service.failNext({ kind: 'html', status: 400, endpoint: 'CreateSubscriptionInvitation' });
    service.failNext({ kind: 'html', status: 400, endpoint: 'DeleteContact' });
    const { err, exitCode } = await share('followers invite Bob bob@example.com --yes');
    expect(exitCode).toBe(5);
    const command = /egvkit share (followers remove \S+)\.$/m.exec(err)?.[1];
    expect(command).toBeDefined();
    expect((await share(`${command} --yes`)).exitCode).toBe(0);
    expect((await share('followers invite Bob bob@example.com --yes')).exitCode).toBe(0);
  });

  it('changes nothing without a yes', async () => {
    const { share, calls } = await makeShare();
    const changing = [
      'followers invite Bob bob@example.com',
      'followers remove Bob',
      'followers rename Bob Rob',
      'followers pause Bob',
      'followers resume Bob',
      'followers permissions Bob graph',
      `receiver assign ${SERIAL}`,
      `monitoring start ${SERIAL}`,
      'monitoring stop',
    ];
    for (const words of changing) {
      await expectFailure(share(words), /there is no terminal to ask on\.\n {2}Add --yes/);
      const no = { askYesNo: async () => false };
      await expectFailure(share(words, [], no), /Nothing was changed/);
    }
    expect(calls).toEqual([]);
    const asked: string[] = [];
    const askYesNo = async (question: string) => asked.push(question) > 0;
    const ran = await share('followers invite Bob bob@example.com', [], { askYesNo });
    expect(ran.exitCode).toBe(0);
    expect(asked).toEqual(['Have Dexcom invite bob@example.com to follow, as Bob?']);
  });

  it('asks nothing before it is known where, whose and how', async () => {
    const askYesNo = async () => {
      throw new Error('asked');
    };
    const { flags, env } = await makeShare();
    const [, origin = ''] = flags;
    for (const words of ['monitoring stop', 'followers remove Bob', 'followers pause Bob']) {
      const share = (...more: string[]) =>
        run(['share', ...words.split(' '), ...more], env, { askYesNo });
      await expectFailure(share(), /The region of the account is missing\./);
      await expectFailure(share('--share-url', origin), /The wearer's account is missing\./);
      await expectFailure(share(...flags, '--login-way', 'magic'), /Invalid --login-way "magic"/);
      const at = (url: string) => share('--account', 'wearer', '--share-url', url);
      await expectFailure(at('example.com'), /The address of the Share service .*host/);
      await expectFailure(at('http://example.com'), /would go to example\.com unencrypted/);
    }
    const high = 'followers invite Bob b@example.com --high 9'.split(' ');
    await expectFailure(run(['share', ...high, ...flags], env, { askYesNo }), /alert high/);
  });

  it('asks for yes or no first, and then for the password', async () => {
    const { flags, folder } = await makeShare();
    const asked: string[] = [];
    const askYesNo = async () => asked.push('yes or no') > 0;
    const askSecret = async () => {
      asked.push('password');
      return ACCOUNT.password;
    };
    const env = { XDG_STATE_HOME: folder };
    const args = ['share', 'monitoring', 'stop', ...flags];
    expect((await run(args, env, { askYesNo, askSecret })).exitCode).toBe(0);
    expect(asked).toEqual(['yes or no', 'password']);
  });

  it('says what is wrong with what was asked', async () => {
    const { share } = await makeShare();
    await expectFailure(share('followers remove Bob --yes'), /There is no follower "Bob"/);
    await expectFailure(share('followers invite Bob --yes'), /The e-mail address .* is missing/);
    await expectFailure(share('followers pause Bob Rob --yes'), /Unexpected argument "Rob"\./);
    await expectFailure(
      share('followers permissions Bob all'),
      /Invalid permission "all": use graph or alertsOnly/,
    );
    await expectFailure(share('followers dance'), /Unknown command "dance"\./);
    await expectFailure(
      share('followers'),
      /The command is missing: egvkit share followers list, /,
    );
    const high = 'followers invite Bob b@example.com --high 9 --yes';
    await expectFailure(share(high), /threshold of the alert high/);
  });
});

describe('egvkit share receiver and monitoring', () => {
  it('go from no receiver to sharing and back', async () => {
    const { share, service } = await makeShare();
    expect((await share(`receiver check ${SERIAL}`)).out).toBe(
      `The account does not take readings of ${SERIAL} (NotAssigned).\n`,
    );
    expect(json(await share(`receiver assign ${SERIAL} --yes --json`))).toMatchObject({
      outcome: 'assigned',
    });
    expect((await share(`receiver assign ${SERIAL} --yes`)).out).toMatch(/took readings .* before/);
    expect(json(await share(`receiver check ${SERIAL} --json`))).toMatchObject({ assigned: true });
    expect((await share('monitoring status')).out).toBe('The account is not sharing.\n');
    expect((await share(`monitoring start ${SERIAL} --yes`)).out).toMatch(/now sharing/);
    expect((await share(`monitoring start ${SERIAL} --yes`)).out).toMatch(/was sharing/);
    expect(service.account(ACCOUNT.name)).toMatchObject({ receiver: SERIAL, sharing: true });
    expect((await share('monitoring stop --yes')).out).toBe('The account no longer shares.\n');
    expect(json(await share('monitoring status --json'))).toMatchObject({ active: false });
  });

  it('tell a refusal in a sentence', async () => {
    const { share } = await makeShare({ receiver: 'SM99999999' });
    const { err, exitCode } = await share(`monitoring start ${SERIAL} --yes`);
    expect(err).toMatch(/^egvkit: .*does not take readings from this receiver/);
    expect(err).toMatch(/\n {2}On the command line: egvkit share receiver assign SERIAL\.\n$/);
    expect(exitCode).toBe(5);
  });
});

describe('egvkit share', () => {
  it('takes its options before and after its commands, and after -- only words', async () => {
    const { flags, env } = await makeShare({ receiver: SERIAL });
    const share = (...words: string[]) => run(['share', ...words], env);
    const assigned = `The account takes readings of ${SERIAL}.\n`;
    for (const words of [
      ['receiver', 'check', ...flags, SERIAL],
      [...flags, 'receiver', 'check', SERIAL],
      ['receiver', ...flags, '--login-way', 'twoSteps', 'check', '--verbose', SERIAL],
      ['receiver', 'check', ...flags, '--', SERIAL],
    ]) {
      expect((await share(...words)).out).toBe(assigned);
    }
    expect((await share(...flags, '--json', 'readings', '--count', '1')).exitCode).toBe(0);
    expect((await run(['--json', 'share', ...flags, 'login'], env)).out).toMatch(/^\{"ok":true/);

    const invite = ['followers', 'invite', '--yes', ...flags, '--', '--json', 'bob@example.com'];
    expect((await share(...invite)).out).toMatch(/^--json is invited/);
    const pause = await share('followers', 'pause', '--yes', ...flags, '--', '--json');
    expect(pause.out).toMatch(/^--json sees nothing/);
    const help = await share('followers', 'remove', '--yes', ...flags, '--', '--help');
    expect(help.err).toMatch(/^egvkit: There is no follower "--help"\.\n/);

    await expectFailure(share('receiver', 'check', ...flags), /serial number .* is missing/);
    await expectFailure(share(...flags, 'dance'), /Unknown command "dance"\./);
    await expectFailure(share(...flags), /The command is missing: egvkit share login, /);
  });

  it('needs to know where, whose and what', async () => {
    await expectFailure(run(['share', 'readings']), /Add --region us, ous or jp, or --share-url/);
    await expectFailure(
      run(['share', 'login', '--region', 'us']),
      /Add --account NAME, or set DEXCOM_USERNAME/,
    );
    const unset = { DEXCOM_USERNAME: '', DEXCOM_PASSWORD: '' };
    await expectFailure(
      run(['share', 'login', '--region', 'us'], unset),
      /Add --account NAME, or set DEXCOM_/,
    );
    await expectFailure(
      run(['share', 'login', '--region', 'us', '--account', '']),
      /Add --account NAME, or set DEXCOM_/,
    );
    await expectFailure(
      run(['share', 'login', '--region', 'mars']),
      /Invalid --region "mars": use us, ous or jp/,
    );
    await expectFailure(run(['share']), /The command is missing: egvkit share login, readings/);
    await expectFailure(run(['share', 'dance']), /Unknown command "dance"\./);
  });
});
