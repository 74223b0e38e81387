/** A whole run of power cuts, and the check at its end. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Random, seededRandom } from '@egvkit/receiver-emulator';
import { type Comparison, compare } from './comparison.ts';
import { AIMS, type Aim } from './cuts.ts';
import type { Guest } from './guest.ts';
import { type Measured, measuredUntil } from './history.ts';
import { ACCOUNT, mustRun } from './installation.ts';
import type { World } from './world.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** Time that the computer is off. */
const [SHORTEST_OFF, LONGEST_OFF] = [10, 60];
/** A moment that does not come within this time is not waited for. */
const MOMENT_LIMIT_MS = 8 * MINUTE_MS;
const QUIET_LIMIT_MS = 20 * MINUTE_MS;
/** A reading so fresh may still be on its way. */
const FRESH_MS = 2 * MINUTE_MS;
/** Readings that leave the window while the first readings are read and sent. */
const LEAVING_MS = 10 * MINUTE_MS;
/** The service's whole second, and the one of the receiver's clock. */
const MOST_SECONDS_OFF = 2;

/** Two files, one of which was synced before the power was cut. */
const WRITTEN = { synced: '/srv/synced', notSynced: '/srv/not-synced' } as const;

type Tell = (text: string) => void;

/** Events at the cuts. */
interface Counts {
  readonly aims: Map<string, number>;
  withPosts: number;
  sectorsWaiting: number;
  sectorsLost: number;
}

/**
 * Cuts the power so many times, lets the computer run until it is quiet, and compares. It stays on.
 *
 * @throws Error with all that was measured if something is not as it should be
 */
export async function cutPower(
  world: World,
  { cuts, seed, tell }: { readonly cuts: number; readonly seed: number; readonly tell: Tell },
): Promise<{ readonly measured: string; readonly guest: Guest }> {
  const { computer, date, requests } = world;
  const random = seededRandom(seed);
  const before = {
    logins: requests.logins,
    refused: requests.refused,
    unexplained: requests.unexplained,
  };
  const counts: Counts = { aims: new Map(), withPosts: 0, sectorsWaiting: 0, sectorsLost: 0 };
  for (let number = 1; number <= cuts; number++) {
    date.leap(random.integer(SHORTEST_OFF, LONGEST_OFF) * MINUTE_MS);
    const aim = AIMS[random.integer(0, AIMS.length - 1)] as Aim;
    tell(`cut ${number} of ${cuts}: ${await cutOnce(world, aim, random, counts)}`);
  }
  date.leap(random.integer(SHORTEST_OFF, LONGEST_OFF) * MINUTE_MS);
  tell('the last start, which nothing interrupts');
  const guest = computer.boot();
  await guest.ready;
  const fromMs = (requests.firstPostMs ?? date.nowMs()) - DAY_MS + LEAVING_MS;
  const settled = await untilQuiet(world, fromMs);
  const status = await guest.run('egvkit status --json');
  const files = await guest.run(`cat ${WRITTEN.synced} ${WRITTEN.notSynced}`);
  const isHonest = files.out === 'a\n';
  const failed = await mustRun(guest, 'systemctl show egvkit --property=NRestarts,ActiveState');
  tell(`status: ${status.code} ${status.out.trim()} ${failed.out.trim().replaceAll('\n', ' ')}`);
  const measured = measuredOf(
    {
      settled,
      isHonest,
      logins: requests.logins - before.logins,
      refused: requests.refused - before.refused,
      unexplained: requests.unexplained - before.unexplained,
      statusCode: status.code,
    },
    counts,
    cuts,
    world,
  );
  return { measured, guest };
}

/** Cuts the power under a file that was synced and one that was not, to show that the disk is honest. */
export async function cutUnderFiles(
  { computer }: World,
  guest: Guest,
  random: Random,
): Promise<void> {
  const { synced, notSynced } = WRITTEN;
  await mustRun(guest, `echo a > ${synced}; sync; echo b > ${notSynced}`);
  await computer.cut(random, 0);
}

/** Boots, and cuts the power at the moment that was aimed at; tells how it was. */
async function cutOnce(
  { computer, service, requests }: World,
  aim: Aim,
  random: Random,
  counts: Counts,
): Promise<string> {
  const over = new AbortController();
  const began = performance.now();
  const before = requests.posts;
  const guest = computer.boot();
  let name = aim.name;
  const late = sleep(MOMENT_LIMIT_MS, undefined, { signal: over.signal }).then(
    () => {
      name = `${name}, which did not come`;
    },
    () => {},
  );
  await Promise.race([aim.moment({ service, signal: over.signal }, random), late]);
  guest.ready.catch(() => {});
  const loss = await computer.cut(random);
  const seconds = Math.round((performance.now() - began) / 1000);
  over.abort();
  // Else its answer would be taken for one of the next start.
  await requests.idle();
  const posts = requests.posts - before;
  requests.startOver({ cut: true });
  counts.aims.set(name, (counts.aims.get(name) ?? 0) + 1);
  if (posts > 0) counts.withPosts++;
  counts.sectorsWaiting += loss.waiting;
  counts.sectorsLost += loss.lost;
  const onService = service.readings(ACCOUNT.name).length;
  return `${name}, ${seconds} s after the start; ${posts} posts; the disk lost ${loss.lost} of ${loss.waiting} sectors that waited; ${onService} readings on the service`;
}

/** Waits until the service has everything, or too long. */
async function untilQuiet(world: World, fromMs: number): Promise<Comparison> {
  const end = performance.now() + QUIET_LIMIT_MS;
  for (;;) {
    const compared = compareNow(world, fromMs);
    const { missing } = compared;
    if (missing.length === 0 || performance.now() > end) {
      // Status and journal are written after the answer to a post.
      await sleep(20_000);
      return compareNow(world, fromMs);
    }
    await sleep(5000);
  }
}

function compareNow({ service, start, date }: World, fromMs: number): Comparison {
  const nowMs = date.nowMs();
  const measured: readonly Measured[] = measuredUntil(start, nowMs);
  const compared = compare(measured, service.readings(ACCOUNT.name), fromMs);
  const missing = compared.missing.filter(({ utcMs }) => utcMs < nowMs - FRESH_MS);
  return { ...compared, missing };
}

/** State at the end. */
interface Found {
  readonly settled: Comparison;
  readonly statusCode: number;
  /** True if the disk keeps what was synced, and loses what was not. */
  readonly isHonest: boolean;
  /** Since the first cut: logins, those that were refused, those while there was a session. */
  readonly logins: number;
  readonly refused: number;
  readonly unexplained: number;
}

function measuredOf(
  { settled, statusCode, isHonest, logins, refused, unexplained }: Found,
  { aims, withPosts, sectorsWaiting, sectorsLost }: Counts,
  cuts: number,
  { receiver }: World,
): string {
  const { once, missing, doubled, strange, mostSecondsOff } = settled;
  const isRight =
    [missing, doubled, strange].every((each) => each.length === 0) &&
    mostSecondsOff <= MOST_SECONDS_OFF &&
    isHonest &&
    statusCode === 0 &&
    refused === 0 &&
    unexplained === 0 &&
    receiver.forbiddenSeen.length === 0;
  const listed = [...aims].map(([name, count]) => `${count} ${name}`).join(', ');
  const measured = [
    `${cuts} cuts: ${listed}; in ${withPosts} starts a post had arrived`,
    `the disk lost ${sectorsLost} of ${sectorsWaiting} sectors that waited`,
    `a file that was synced ${isHonest ? 'is there, one that was not is gone' : 'is gone, or one that was not is there'}`,
    `at the end ${once} readings on the service once, ${doubled.length} twice, ${missing.length} missing, ${strange.length} strange, at most ${mostSecondsOff} s off`,
    `${logins} logins, ${unexplained} of them without need, ${refused} refused`,
    `${receiver.forbiddenSeen.length} of ${receiver.codesSeen.length} requests to the receiver forbidden`,
    `egvkit status: ${statusCode}`,
  ].join('; ');
  if (!isRight) throw new Error(measured);
  return measured;
}
