import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { explainFailure, REFUSED_PORTS } from '@egvkit/platform';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ShareClient } from '../src/index.ts';
import { LOCALHOST_CERTIFICATE, LOCALHOST_KEY } from './localhost-certificate.ts';

/** Listens on a free port of this computer until the test is over. */
async function listen(server: Server & { closeAllConnections(): void }): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  return (server.address() as AddressInfo).port;
}

const listenTls = () =>
  listen(createTlsServer({ key: LOCALHOST_KEY, cert: LOCALHOST_CERTIFICATE }, (_, to) => to.end()));

/** Logs in and gives the error. */
async function failure(origin: string): Promise<unknown> {
  const account = { accountName: 'wearer', password: 'secret' };
  const client = new ShareClient({ origin, ...account, repeats: 0 });
  return await client.logIn().then(
    () => expect.unreachable('it went well'),
    (error: unknown) => error,
  );
}

describe('a connection that cannot be made', () => {
  it('names a certificate that is not trusted, and how to have it trusted', async () => {
    const error = await failure(`https://localhost:${await listenTls()}`);
    expect(error).toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining(
        'its certificate comes from an authority that is not trusted here (DEPTH_ZERO_SELF_SIGNED_CERT).',
      ),
      help: expect.stringContaining('NODE_EXTRA_CA_CERTS'),
    });
  });

  it('is made once NODE_EXTRA_CA_CERTS is set as it says', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'egvkit-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const file = join(folder, 'company.pem');
    await writeFile(file, LOCALHOST_CERTIFICATE);
    const program = `
      import { ShareClient } from ${JSON.stringify(new URL('../dist/index.js', import.meta.url).href)};
      const origin = 'https://localhost:${await listenTls()}';
      const client = new ShareClient({ origin, accountName: 'a', password: 'b', repeats: 0 });
      await client.logIn().catch((error) => console.log(error.code));`;
    const run = async (env: object) => {
      const args = ['--input-type=module', '-e', program];
      const options = { env: { ...process.env, ...env } };
      return (await promisify(execFile)(process.execPath, args, options)).stdout.trim();
    };
    // The server answers with nothing, which is no reply; but it answers.
    expect([await run({}), await run({ NODE_EXTRA_CA_CERTS: file })]).toEqual([
      'unreachable',
      'badReply',
    ]);
  });

  it('says that a service without https was spoken to by https', async () => {
    const port = await listen(createServer((_, to) => to.end()));
    expect(await failure(`https://localhost:${port}`)).toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining('what answers there does not speak https ('),
      help: expect.stringContaining('http://localhost'),
    });
  });

  it('says that a service with https was spoken to by http', async () => {
    expect(await failure(`http://localhost:${await listenTls()}`)).toMatchObject({
      code: 'connectionLost',
      help: expect.stringContaining('use https://'),
    });
  });

  it.each([
    ['SELF_SIGNED_CERT_IN_CHAIN', 'NODE_EXTRA_CA_CERTS'],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'NODE_EXTRA_CA_CERTS'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'NODE_EXTRA_CA_CERTS'],
    ['CERT_HAS_EXPIRED', 'date and time'],
    ['CERT_NOT_YET_VALID', 'date and time'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'Check the address'],
    ['EPROTO', 'Check the port'],
  ])('has advice for %s', (code, words) => {
    const { reason, advice } = explainFailure(code, 'https://localhost');
    expect(reason).toContain(`(${code})`);
    expect(advice).toContain(words);
  });

  it('is not even tried at a port that fetch refuses', async () => {
    const account = { accountName: 'wearer', password: 'secret' };
    const make = (port: number) =>
      new ShareClient({ origin: `http://localhost:${port}`, ...account });
    expect(() => make(6000)).toThrow(
      expect.objectContaining({
        code: 'outOfRange',
        message: expect.stringContaining(
          'The port of the Share service is 6000; it must be one that',
        ),
      }),
    );
    for (const port of REFUSED_PORTS) {
      expect(() => make(port)).toThrow(`is ${port};`);
      // What the platform says: none is refused here that it would take.
      await expect(fetch(`http://127.0.0.1:${port}`)).rejects.toMatchObject({
        cause: { message: 'bad port' },
      });
    }
    expect(make(8443).origin).toBe('http://localhost:8443');
  });
});
