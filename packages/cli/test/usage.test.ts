import { describe, expect, it } from 'vitest';
import {
  ACCOUNT,
  expectedValues,
  makeFolder,
  makeWorld,
  run,
  storedValues,
} from './support/world.ts';

const SHARE = ['--region', 'us', '--account', 'wearer'];

describe('a command line that is wrong', () => {
  it.each([
    [['info', '--port'], '--port needs a value behind it.'],
    [['info', '--port', '--json'], '--port needs a value behind it.'],
    [
      ['info', '--port='],
      'Invalid --port "": name the port of the receiver, or leave --port out to have it found.',
    ],
    [
      ['emulate', 'receiver', '--days', '-1'],
      '--days needs a value behind it; one that begins with "-" is written --days=-1.',
    ],
    [
      ['emulate', 'receiver', '--days=-1'],
      'Invalid --days "-1": use a whole number from 0 to 1100.',
    ],
    [
      ['read', 'egv', '--nope'],
      'Unknown option --nope.\n  "egvkit read --help" shows how it is used.',
    ],
    [['read', 'egv', '-x'], 'Unknown option -x.\n  "egvkit read --help" shows how it is used.'],
    [['info', 'word'], 'Unexpected argument "word".\n  "egvkit info --help" shows how it is used.'],
    [
      ['uplaod'],
      'Unknown command "uplaod". Did you mean upload?\n  "egvkit --help" lists the commands.',
    ],
    [
      ['share', 'followers', 'lits'],
      'Unknown command "lits". Did you mean list?\n  "egvkit share followers --help" lists the commands.',
    ],
    [
      ['upload', '--dryrun'],
      'Unknown option --dryrun. Did you mean --dry-run?\n  "egvkit upload --help" shows how it is used.',
    ],
    [['upload', '--password=secret'], /^Unknown option --password\.(?![\s\S]*secret)/],
    [
      ['--port', 'x', 'info'],
      /^Unknown option --port\.\n {2}The options of a command are written /,
    ],
    [['info', '--units', 'stone'], /^Unknown option --units\./],
    [['info', '--verbose=3'], '--verbose takes no value.'],
    [['upload', '--journal', ''], 'Invalid --journal "": it may not be empty.'],
    [['emulate', 'share', '--db', ' '], 'Invalid --db " ": it may not be empty.'],
    [['emulate', 'share', '--accounts='], 'Invalid --accounts "": it may not be empty.'],
    [['emulate', 'share', '--host', ''], 'Invalid --host "": it may not be empty.'],
    [['emulate', 'receiver', '--link', ''], 'Invalid --link "": it may not be empty.'],
    [['decode', 'page', ''], 'The name of the file is empty.'],
    [
      ['share', 'readings', ...SHARE, '--minutes', '4320'],
      'Invalid --minutes "4320": Share serves the last 1440 minutes only; ' +
        'a receiver keeps more: egvkit read egv --since 72h.',
    ],
    [
      ['share', 'readings', ...SHARE, '--minutes', '0'],
      'Invalid --minutes "0": use a whole number from 1 to 1000000000.',
    ],
  ])('%j is answered in a sentence of ours', async (args, sentence) => {
    const json = args.includes('--json');
    const { exitCode, out, err } = await run(args);
    expect(exitCode).toBe(2);
    const said = json ? JSON.parse(out).error.message : err.replace(/^egvkit: |\n$/g, '');
    if (typeof sentence === 'string') expect(said).toBe(sentence);
    else expect(said).toMatch(sentence);
  });

  it('is not sent with a password that was not typed', async () => {
    const { exitCode, err } = await run(
      ['share', 'login', ...SHARE],
      {},
      { askSecret: async () => '' },
    );
    expect([exitCode, err]).toEqual([2, 'egvkit: No password was typed, so nothing was sent.\n']);
  });
});

describe('egvkit upload to an account that has no receiver yet', () => {
  it('says what to type, asks then, and uploads', async () => {
    await using world = await makeWorld();
    const args = world.uploadArgs.filter((word) => !/^--(?:assign-receiver|yes)$/.test(word));
    const first = await run(args, world.env);
    expect(first.exitCode).toBe(5);
    expect(first.err).toContain('Run the same command again with --assign-receiver');
    expect(storedValues(world)).toEqual([]);

    const asked: string[] = [];
    const answer = (yes: boolean) => ({
      askYesNo: async (question: string) => {
        asked.push(question);
        return yes;
      },
    });
    const again = [...args, '--assign-receiver'];
    const no = await run(again, world.env, answer(false));
    expect([no.exitCode, no.err]).toEqual([2, 'egvkit: Nothing was changed.\n']);
    expect(storedValues(world)).toEqual([]);

    const yes = await run(again, world.env, answer(true));
    expect(yes.exitCode).toBe(0);
    expect(storedValues(world)).toEqual(expectedValues(world));
    const question = 'Put this receiver in the place of the one the account has, if it has one?';
    expect(asked).toEqual([question, question]);
  });
});

describe('a proxy that is set', () => {
  const HOST = 'https://share.invalid';
  const login = async (env: Record<string, string>, origin = HOST) => {
    await using folder = await makeFolder();
    return await run(['share', 'login', '--share-url', origin, '--account', ACCOUNT.name], {
      ...{ DEXCOM_PASSWORD: ACCOUNT.password, XDG_STATE_HOME: folder.path },
      ...env,
    });
  };

  it('is spoken of when the service cannot be reached', async () => {
    const { err } = await login({ HTTPS_PROXY: 'http://user:secret@proxy.invalid:3128' });
    expect(err).toContain('is through the proxy proxy.invalid:3128 (HTTPS_PROXY)');
    expect(err).not.toContain('secret@');
  });

  it.each([
    [{}, HOST],
    [{ HTTPS_PROXY: 'http://proxy.invalid:3128', NODE_USE_ENV_PROXY: '0' }, HOST],
    // What is on this computer needs no proxy.
    [{ HTTPS_PROXY: 'http://proxy.invalid:3128' }, 'http://localhost:2'],
  ])('is not spoken of with %j at %s', async (env, origin) => {
    const { err } = await login(env as Record<string, string>, origin);
    expect(err).not.toContain('HTTPS_PROXY');
  });
});
