import { describe, expect, it } from 'vitest';
import { json, makeShare } from './support/share.ts';
import { run } from './support/world.ts';

const SERIAL = 'SM12345678';

describe('what a service says when it fails', () => {
  it('is shown: the excerpt of an answer', async () => {
    const { share, service } = await makeShare();
    await share('login');
    const body = '<p>Hello</p>';
    const endpoint = 'StopRemoteMonitoringSession';
    service.failNext({ kind: 'body', status: 503, body, endpoint, times: 2 });
    const { err, exitCode } = await share('monitoring stop --yes');
    expect(err.split('\n')).toEqual([
      expect.stringMatching(/^egvkit: .*is not working/),
      '  Excerpt of the answer: <p>Hello</p>',
      '  Try again later.',
      '',
    ]);
    expect(exitCode).toBe(4);
    expect(json(await share('monitoring stop --yes --json')).error).toMatchObject({
      code: 'unavailable',
      help: 'Try again later.',
      retryable: true,
      outcomeUnknown: true,
      data: { excerpt: body, status: 503 },
    });
  });

  it('is shown: the message of a fault', async () => {
    const { share, service } = await makeShare();
    await share('login');
    const body = JSON.stringify({ Code: 'New\u001b[31mCode', Message: 'Quite\u009b2J specific' });
    service.failNext({ kind: 'body', status: 500, body, endpoint: 'StopRemoteMonitoringSession' });
    const { err } = await share('monitoring stop --yes');
    expect(err).toMatch(/\n {2}The service says: Quite.*specific\n/);
    expect(err.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
  });

  it('does nothing to a terminal, and makes no lines of its own', async () => {
    const { share } = await makeShare();
    const name = 'Bob\u001b[2J\nEve\u009b1m';
    await share('followers invite', [name, 'bob@example.com', '--yes']);
    const { out } = await share('followers list');
    expect(out).toMatch(/^Bob\\u001b\[2J\\u000aEve\\u009b1m {2}invited, graph .*\n$/);
    const paused = await share('followers pause', [name, '--yes']);
    expect(paused.out).toMatch(/^Bob\\u001b.* sees nothing until it is resumed\.\n$/);
    const { followers } = json(await share('followers list --json'));
    expect(followers).toMatchObject([{ contactName: name }]);
  });

  it('says nothing where it said nothing', async () => {
    const { share, service } = await makeShare();
    await share('login');
    const body = JSON.stringify({ Code: 'Unheard', Message: '' });
    service.failNext({ kind: 'body', status: 500, body, endpoint: 'StopRemoteMonitoringSession' });
    expect((await share('monitoring stop --yes')).err.split('\n')).toHaveLength(3);
  });

  it('is told with what may have been done', async () => {
    const { share, service } = await makeShare();
    await share('login');
    const endpoint = 'StopRemoteMonitoringSession';
    service.failNext({ kind: 'drop', when: 'after', endpoint });
    const { error } = json(await share('monitoring stop --yes --json'));
    expect(error).toMatchObject({
      code: 'connectionLost',
      outcomeUnknown: true,
      data: { endpoint },
    });
  });
});

describe('what to do at the command line', () => {
  it('is told where a contact may have been made', async () => {
    const { share, service } = await makeShare();
    await share('login');
    service.failNext({ kind: 'drop', when: 'before', endpoint: 'CreateContact', times: 9 });
    service.failNext({ kind: 'html', status: 503, endpoint: 'DoesContactExistByName', times: 9 });
    const { err } = await share('followers invite Bob bob@example.com --yes');
    expect(err).toMatch(/^egvkit: The contact may have been made/);
    expect(err).toMatch(/: invite again and, if the name is taken then, under another name\.\n$/);
  });

  it('is told where nothing can be kept', async () => {
    const { flags, env } = await makeShare();
    const nowhere = { ...env, XDG_STATE_HOME: '/dev/null' };
    const { err, exitCode } = await run(['share', 'login', ...flags], nowhere);
    expect(err).toMatch(/\n {2}On the command line: XDG_STATE_HOME .* names another folder\.\n$/);
    expect(exitCode).toBe(5);
  });
});

describe('a change that is interrupted', () => {
  it('may have been made, and the user is told so', async () => {
    const { share, service } = await makeShare();
    await share('login');
    for (const words of ['monitoring stop --yes', `receiver assign ${SERIAL} --yes`]) {
      for (const more of [[], ['--json']]) {
        const stop = new AbortController();
        const end = service.onRequest(({ endpoint, phase }) => {
          const changes = /^(?:Stop|Replace|Update)/.test(endpoint);
          if (changes && phase === 'committed') stop.abort(new Error('interrupted'));
        });
        const { err, out, exitCode } = await share(words, more, { signal: stop.signal });
        end();
        expect(exitCode).toBe(130);
        if (more.length === 0) {
          expect(err).toBe(
            'egvkit: Interrupted.\n  The change may have been made: look before you repeat it.\n',
          );
        } else {
          const { error } = JSON.parse(out) as { error: object };
          expect(error).toMatchObject({ code: 'interrupted', outcomeUnknown: true });
        }
      }
    }
  });

  it('was not made if only something was looked at', async () => {
    const { share, service } = await makeShare();
    const stop = new AbortController();
    service.onRequest(() => stop.abort(new Error('interrupted')));
    const { err } = await share('monitoring status', [], { signal: stop.signal });
    expect(err).toBe('egvkit: Interrupted.\n');
  });
});
