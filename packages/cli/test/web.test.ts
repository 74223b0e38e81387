import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { MAIN } from './support/terminal.ts';
import { makeFolder, run } from './support/world.ts';

interface Said {
  readonly ok: true;
  readonly address: string;
  readonly emulated: {
    readonly origin: string;
    readonly account: { readonly name: string; readonly password: string };
  } | null;
}

/** Starts `egvkit web` in this process; gives what it said and how to end it. */
async function serve(...words: readonly string[]) {
  const stop = new AbortController();
  const written = Promise.withResolvers<string>();
  const errors: string[] = [];
  const ended = run(
    ['web', '--no-open', ...words],
    {},
    {
      signal: stop.signal,
      write: (text) => written.resolve(text),
      writeError: (text) => void errors.push(text),
    },
  );
  const end = async () => {
    stop.abort(new Error('interrupted'));
    return await ended;
  };
  onTestFinished(async () => void (await end()));
  return { written: await written.promise, end, errors };
}

async function serveForProgram(...words: readonly string[]) {
  const served = await serve('--json', ...words);
  return { ...served, said: JSON.parse(served.written) as Said };
}

const CLOCK = '/ShareWebServices/Services/General/SystemUtcTime';

/** The path and headers of a call of Share as the served page makes it. */
async function callOf({ address, emulated }: Said) {
  const page = await fetch(address);
  return {
    path: `/${new URL(emulated?.origin ?? '').host}${CLOCK}`,
    headers: {
      cookie: page.headers.get('set-cookie')?.split(';')[0] ?? '',
      origin: new URL(address).origin,
      'sec-fetch-site': 'same-origin',
    },
  };
}

describe('egvkit web', () => {
  it('serves the page to this computer, and names the regions to it', async () => {
    const { written, end } = await serve();
    const address = /^Page {7}(http:\/\/127\.0\.0\.1:\d+\/)$/m.exec(written)?.[1] ?? '';
    expect(await (await fetch(address)).text()).toContain('<title>egvkit</title>');
    const { services } = (await (await fetch(`${address}services.json`)).json()) as {
      services: unknown;
    };
    expect(services).toEqual(['us', 'ous', 'jp'].map((region) => ({ kind: 'dexcom', region })));
    expect((await end()).exitCode).toBe(0);
    await expect(fetch(address)).rejects.toThrow();
  });

  it('adds an emulated service with --demo, which the page reaches and nobody else', async () => {
    const { said } = await serveForProgram('--demo');
    const { path, headers } = await callOf(said);
    const url = new URL(path, said.address);
    const answer = await fetch(url, { headers });
    expect([answer.status, await answer.text()]).toEqual([
      200,
      expect.stringContaining('DateTime'),
    ]);
    expect((await fetch(url)).status).toBe(403);
    const told = await (await fetch(new URL('services.json', said.address))).json();
    expect(told.services[0]).toEqual({ kind: 'beside', ...said.emulated });
  });

  it('prints each request with --verbose, without what it asks or brings', async () => {
    const { said, errors } = await serveForProgram('--demo', '--verbose');
    const { path, headers } = await callOf(said);
    await (await fetch(new URL(`${path}?secret=1`, said.address), { headers })).text();
    await fetch(said.address);
    expect(errors.join('')).toMatch(
      new RegExp(`^GET / 200 \\d+ ms\nGET /[\\d.:]+${CLOCK} \\d{3} \\d+ ms\n`),
    );
    expect(errors.join('')).not.toContain('secret');
  });

  it('ends although a call has not come to its end', async () => {
    const { said, end } = await serveForProgram('--demo');
    const { path, headers } = await callOf(said);
    const call = path.replace(CLOCK, '/ShareWebServices/Services/Publisher/CountAlerts');
    const url = new URL(call, said.address);
    const unfinished = request(url, { headers, agent: false, method: 'POST' });
    unfinished.on('error', () => {});
    unfinished.setHeader('content-type', 'application/json');
    unfinished.setHeader('content-length', 10);
    unfinished.write('{');
    const [socket] = (await once(unfinished, 'socket')) as [Socket];
    await once(socket, 'connect');
    expect((await end()).exitCode).toBe(0);
  });

  it('says in a sentence that a port cannot be had, or is none', async () => {
    const taken = createServer();
    onTestFinished(() => void taken.close());
    await once(taken.listen(0, '127.0.0.1'), 'listening');
    const { port } = taken.address() as AddressInfo;
    for (const [given, exitCode, sentence] of [
      [String(port), 4, `egvkit: Port ${port} of this computer is in use.\n  Choose another port`],
      ['65536', 2, 'Invalid --port "65536": use a whole number from 0 to 65535.'],
      ['-1', 2, '--port needs a value behind it; one that begins with "-" is written --port=-1.'],
      ['80.5', 2, 'Invalid --port "80.5": use a whole number from 0 to 65535.'],
    ] as const) {
      const ran = await run(['web', '--no-open', '--demo', '--port', given]);
      expect(ran).toMatchObject({ out: '', exitCode });
      expect(ran.err).toContain(sentence);
    }
  });

  it('takes the port it is told', async () => {
    const probe = createTcpServer();
    await once(probe.listen(0, '127.0.0.1'), 'listening');
    const { port } = probe.address() as AddressInfo;
    await new Promise((closed) => probe.close(closed));
    const { said } = await serveForProgram('--port', String(port));
    expect(said).toMatchObject({ address: `http://127.0.0.1:${port}/`, emulated: null });
  });

  it('opens the page in the browser, and ends at Ctrl-C', async () => {
    await using folder = await makeFolder();
    const opened = join(folder.path, 'opened');
    for (const name of ['xdg-open', 'open']) {
      const program = join(folder.path, name);
      await writeFile(
        program,
        `#!/bin/sh\nprintf %s "$1" >'${opened}.part'; mv '${opened}.part' '${opened}'\n`,
      );
      await chmod(program, 0o755);
    }
    const child = spawn(process.execPath, [MAIN, 'web', '--json'], {
      env: { ...process.env, PATH: `${folder.path}:${process.env.PATH}` },
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    const [out] = (await once(child.stdout, 'data')) as [Buffer];
    const { address } = JSON.parse(out.toString()) as Said;
    await expect
      .poll(() => readFile(opened, 'utf8').catch(() => ''), { timeout: 20_000 })
      .toBe(address);
    // A browser keeps its connections.
    const kept = await fetch(address);
    await kept.text();
    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it('goes on where there is no browser to open', async () => {
    const child = spawn(process.execPath, [MAIN, 'web', '--json'], { env: { PATH: '' } });
    onTestFinished(() => void child.kill('SIGKILL'));
    const [out] = (await once(child.stdout, 'data')) as [Buffer];
    const { address } = JSON.parse(out.toString()) as Said;
    expect((await fetch(address)).status).toBe(200);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });
});
