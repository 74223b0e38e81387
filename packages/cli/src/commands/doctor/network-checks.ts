import { lookup } from 'node:dns/promises';
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import type { ShareClient } from '@egvkit/share-http';
import { correctionMs, isClockKnown, type ServiceClock, UploadError } from '@egvkit/uploader';
import type { Io } from '../../io/io.ts';
import { proxyOf, proxySupport } from '../../io/proxy.ts';
import { adviceOn } from '../../output/advice.ts';
import { describeClockError } from '../../output/words.ts';
import { type CheckResult, fail, failedBy, ok, skipped, warn } from './check.ts';

/** Checks the proxy that the environment names. */
export function proxyCheck(env: Io['env'], support = proxySupport()): CheckResult {
  const proxy = proxyOf(env);
  if (proxy === undefined) return ok('None is set (HTTPS_PROXY).');
  const found = `HTTPS_PROXY is ${proxy.host}.`;
  if (support !== 'none') return ok(`${found} All https goes through it.`);
  return fail(
    `${found} Node.js ${process.versions.node} cannot use it.`,
    'Install Node.js 22.21, 24.5 or newer.',
  );
}

/** Checks that the service's name can be looked up. */
export async function dnsCheck(origin: string, { env, signal }: Io): Promise<CheckResult> {
  const { hostname } = new URL(origin);
  if (isIP(hostname.replace(/^\[|\]$/g, ''))) return skipped(`${hostname} is no name.`);
  if (proxyOf(env) !== undefined) return skipped('The proxy looks names up.');
  try {
    // Cannot be cancelled: it is left to end by itself.
    const { address } = await Promise.race([lookup(hostname), aborted(signal)]);
    return ok(`${hostname} is ${address}.`);
  } catch (error) {
    signal.throwIfAborted();
    const { code } = error as NodeJS.ErrnoException;
    return fail(
      `The name ${hostname} cannot be looked up (${code}).`,
      'Check that this computer is on the internet: open a web page on it, or restart the router.',
      'tryLater',
    );
  }
}

async function aborted(signal: AbortSignal): Promise<never> {
  return await new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

/** Checks that one request to the service is enough for. */
export interface ServiceChecks {
  readonly tls: CheckResult;
  readonly region: CheckResult;
  readonly clock: CheckResult;
}

/** Asks the service for the time, once and without an account, and judges the answer. */
export async function serviceChecks(client: ShareClient, io: Io): Promise<ServiceChecks> {
  let offset: ServiceClock | undefined;
  try {
    offset = await client.clockOffset({ signal: io.signal });
  } catch (error) {
    const unanswered = skipped('The service did not answer.');
    return { tls: failedBy(error, io), region: unanswered, clock: unanswered };
  }
  const { host } = new URL(client.origin);
  return {
    tls: await connectedResult(client.origin, io),
    region: ok(`${client.region ?? 'A service of your own'} (${host}) answers.`),
    clock: clockCheck(offset, io),
  };
}

/** Result for an address that has answered. */
export async function connectedResult(
  address: string,
  { env }: Pick<Io, 'env'>,
): Promise<CheckResult> {
  const { host, protocol } = new URL(address);
  const connected =
    protocol === 'https:'
      ? `${host} answers, and its certificate is trusted.`
      : `${host} answers. It is on this computer and needs no certificate.`;
  return (await authoritiesCheck(env)) ?? ok(connected);
}

/** Says that the file of NODE_EXTRA_CA_CERTS is of no use; Node.js goes on without it. */
async function authoritiesCheck({
  NODE_EXTRA_CA_CERTS,
}: Io['env']): Promise<CheckResult | undefined> {
  if (!NODE_EXTRA_CA_CERTS) return undefined;
  const text = await readFile(NODE_EXTRA_CA_CERTS, 'utf8').catch(() => undefined);
  if (text?.includes('-----BEGIN CERTIFICATE-----')) return undefined;
  const what = text === undefined ? 'cannot be read' : 'has no certificate in PEM format';
  return warn(
    `NODE_EXTRA_CA_CERTS is ${NODE_EXTRA_CA_CERTS}, which ${what}.`,
    'Correct it, or set it to nothing.',
  );
}

/** Judges this computer's clock by the service's, as an upload does. */
export function clockCheck(
  offset: ServiceClock | undefined,
  { env }: Pick<Io, 'env'>,
): CheckResult {
  try {
    correctionMs(Date.now(), offset);
  } catch (error) {
    if (!(error instanceof UploadError)) throw error;
    const { hostTime, aheadSeconds } = error.data as {
      readonly hostTime: string;
      readonly aheadSeconds?: number;
    };
    const off =
      aheadSeconds === undefined ? 'which cannot be' : `${describeClockError(aheadSeconds)}`;
    const fix = `Set this computer's clock, and let it set itself. ${adviceOn(error, 'doctor', env) ?? ''}`;
    return fail(`It shows ${hostTime}, ${off}. Nothing is uploaded by it.`, fix.trim());
  }
  if (offset === undefined) return skipped('The service does not tell the time.');
  if (!isClockKnown(offset)) {
    const within = `${(offset.uncertaintyMs / 1000).toFixed(1)} s`;
    return warn(
      `The service took so long to answer that its clock is known to ${within} only.`,
      'Run this again when the network is faster: an upload asks again by itself.',
    );
  }
  return ok(`It is ${describeClockError(Math.round(-offset.offsetMs / 1000))}.`);
}
