import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { fileURLToPath } from 'node:url';
import { sqliteShareStore } from '@egvkit/share-emulator/node';
import type { Report } from './report.ts';
import { BenchClient } from './share-client.ts';
import { type BenchAccount, fillStore } from './share-data.ts';

const SERVICES = '/ShareWebServices/Services/Publisher';
const CLIENTS = 50;
const READINGS_A_DAY = 288;
/** A year of readings every five minutes. */
const READINGS_A_YEAR = 365 * READINGS_A_DAY;
const READS = 5000;
const ROUNDS = 7;
const POSTS = 300;
/** Windows from here on hold half a day and more, each another one. */
const FIRST_MINUTES = 760;
/** No answer with half a day of readings is shorter. */
const LEAST_BYTES = 15_000;
/** Times the effort of a server that does nothing but answer with as many bytes. */
const MOST_TIMES_BARE = 3;

/** Amount of data to look through. */
export interface ShareBenchSize {
  readonly accounts: number;
  readonly readings: number;
}

/** Everything that is claimed: 10.5 million rows, about 1.5 GB for some minutes. */
export const FULL_SIZE: ShareBenchSize = { accounts: 100, readings: READINGS_A_YEAR };
/** A year for each of a few. */
export const SHORT_SIZE: ShareBenchSize = { accounts: 5, readings: READINGS_A_YEAR };

interface Service extends AsyncDisposable {
  readonly origin: string;
  readonly child: ChildProcess;
}

const SHARE_SERVER = new URL('share-server.ts', import.meta.url);
const BARE_SERVER = new URL('bare-server.ts', import.meta.url);

async function start(program: URL, argument: string): Promise<Service> {
  const child = spawn(process.execPath, [fileURLToPath(program), argument], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout });
  const [origin] = (await Promise.race([
    once(lines, 'line'),
    once(child, 'exit').then(() => Promise.reject(new Error('the service did not start'))),
  ])) as [string];
  return {
    origin,
    child,
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

const readPath = ({ sessionId }: BenchAccount, minutes = 1440): string =>
  `${SERVICES}/ReadPublisherLatestGlucoseValues?sessionId=${sessionId}&minutes=${minutes}&maxCount=${READINGS_A_DAY}`;

/** Reads an account that was not read before, and looks at every record; the time, and the bytes. */
async function firstRead(client: BenchClient, account: BenchAccount) {
  const begun = performance.now();
  const { status, body } = await client.post(readPath(account));
  const elapsed = performance.now() - begun;
  const records = JSON.parse(body.toString()) as { WT: string }[];
  const times = records.map(({ WT }) => Number(/\d+/.exec(WT)?.[0]));
  const inOrder = times.every((time, i) => i === 0 || time < (times[i - 1] ?? 0));
  // While the bench runs the window moves on: the oldest reading may have left it.
  if (status !== 200 || !inOrder || records.length < READINGS_A_DAY - 2) {
    throw new Error(`a read gave ${status} with ${records.length} readings`);
  }
  return { elapsed, bytes: body.length };
}

/** All clients at once, each asking again as soon as it has its answer; milliseconds, sorted. */
async function readAll(
  origin: string,
  accounts: readonly BenchAccount[],
  minutes: (n: number) => number,
): Promise<number[]> {
  const clients = await Promise.all(
    Array.from({ length: CLIENTS }, () => BenchClient.open(origin)),
  );
  const times: number[] = [];
  let asked = 0;
  await Promise.all(
    clients.map(async (client) => {
      while (asked < READS) {
        const n = asked++;
        const account = accounts[n % accounts.length]!;
        const path = readPath(account, minutes(n));
        const begun = performance.now();
        const { status, body } = await client.post(path);
        times.push(performance.now() - begun);
        if (status !== 200 || body.length < LEAST_BYTES) throw new Error(`a read gave ${status}`);
      }
    }),
  );
  for (const client of clients) client[Symbol.dispose]();
  return times.sort((a, b) => a - b);
}

const quantile = (sorted: readonly number[], q: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN;

/** The middle one: a round in which the machine did something else counts no more than another. */
const middle = (values: readonly number[]): number =>
  quantile(
    values.toSorted((a, b) => a - b),
    0.5,
  );

/** Posts one reading after the other, and kills the service as soon as the last is answered. */
async function postAndKill(service: Service, account: BenchAccount): Promise<number[]> {
  using client = await BenchClient.open(service.origin);
  const times: number[] = [];
  const baseMs = Date.now() - 3_600_000;
  for (let i = 0; i < POSTS; i++) {
    const date = `/Date(${baseMs + i})/`;
    const body = JSON.stringify({
      SN: account.serialNumber,
      Egvs: [{ Trend: 4, ST: date, DT: date, Value: 100 }],
      TA: 0,
    });
    const path = `${SERVICES}/PostReceiverEgvRecords?sessionId=${account.sessionId}`;
    const begun = performance.now();
    const { status } = await client.post(path, body);
    times.push(performance.now() - begun);
    if (status !== 200) throw new Error(`a post gave ${status}`);
  }
  service.child.kill('SIGKILL');
  await once(service.child, 'exit');
  return times.sort((a, b) => a - b);
}

/** Readings of an account in a file. */
async function countReadings(path: string, accountName: string): Promise<number> {
  using store = await sqliteShareStore(path);
  const account = store.accountByName(accountName);
  return account === undefined ? 0 : store.allReadings(account.id).length;
}

/** The emulated Share service over a database of years: reads under load, and posts that last. */
export async function benchShare(report: Report, size: ShareBenchSize): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'egvkit-bench-'));
  try {
    const path = join(folder, 'share.db');
    const begun = performance.now();
    const accounts = await fillStore(path, size.accounts, size.readings);
    const rows = size.accounts * size.readings;
    report.heading(
      `Share service: ${size.accounts} accounts of ${size.readings} readings in one file`,
    );
    report.number('filling it', rows / ((performance.now() - begun) / 1000), 'rows/s');
    report.number('size of the file', (await stat(path)).size / 1e6, 'MB');
    await benchReads(report, path, accounts);
    await benchPosts(report, path, accounts[0]!, size.readings);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function benchReads(
  report: Report,
  path: string,
  accounts: readonly BenchAccount[],
): Promise<void> {
  await using service = await start(SHARE_SERVER, path);
  const first: { elapsed: number; bytes: number }[] = [];
  {
    using client = await BenchClient.open(service.origin);
    for (const account of accounts) first.push(await firstRead(client, account));
  }
  const times = first.map(({ elapsed }) => elapsed);
  report.number('first read of an account, one client, median', middle(times), 'ms');
  await using bare = await start(BARE_SERVER, String(first[0]?.bytes));
  const all = () => 1440;
  const unlike = (n: number) => FIRST_MINUTES + (n % 677);
  const [least, same, other] = await loads([
    () => readAll(bare.origin, accounts, all),
    () => readAll(service.origin, accounts, all),
    () => readAll(service.origin, accounts, unlike),
  ]);
  tell(report, `a server that only answers, ${CLIENTS} clients without a pause`, least);
  tell(report, `reads of 288 readings, ${CLIENTS} clients without a pause`, same);
  claimBeside(report, same, least);
  tell(report, 'the same, no two reads of an account alike', other);
  claimBeside(report, other, least);
}

interface Load {
  readonly rate: number;
  readonly median: number;
  readonly p99: number;
}

/** Lets the contestants take turns; the middle round of each. */
async function loads<const All extends readonly (() => Promise<number[]>)[]>(
  contestants: All,
): Promise<{ readonly [Index in keyof All]: Load }> {
  for (const readOnce of contestants) await readOnce(); // until the compiler has seen enough of it
  const rounds: Load[][] = contestants.map(() => []);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, readOnce] of contestants.entries()) {
      const begun = performance.now();
      const times = await readOnce();
      const rate = times.length / ((performance.now() - begun) / 1000);
      rounds[i]?.push({ rate, median: quantile(times, 0.5), p99: quantile(times, 0.99) });
    }
  }
  return rounds.map((each) => ({
    rate: middle(each.map(({ rate }) => rate)),
    median: middle(each.map(({ median }) => median)),
    p99: middle(each.map(({ p99 }) => p99)),
  })) as { readonly [Index in keyof All]: Load };
}

function tell(report: Report, what: string, load: Load): void {
  report.number(what, load.rate, 'reads/s');
  report.number(`  median, in the middle one of ${ROUNDS} rounds`, load.median, 'ms');
  report.number('  99th percentile, likewise', load.p99, 'ms');
}

function claimBeside(report: Report, load: Load, least: Load): void {
  const times = least.rate / load.rate;
  report.atMost('  times the effort of only answering', times, MOST_TIMES_BARE, 'x');
}

async function benchPosts(
  report: Report,
  path: string,
  account: BenchAccount,
  before: number,
): Promise<void> {
  await using service = await start(SHARE_SERVER, path);
  const times = await postAndKill(service, account);
  report.number('posts of one reading, each on the disk, median', quantile(times, 0.5), 'ms');
  const kept = (await countReadings(path, 'wearer0')) - before;
  report.claim(`${kept} kept : ${POSTS} answered before SIGKILL`, kept / POSTS, 1);
}
