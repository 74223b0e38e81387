/** The service as a stranger installs it: the guide's commands, and what goes wrong in a home. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Row } from '../table.ts';
import type { Ended, Guest } from './guest.ts';
import { GUIDE_SECTIONS, guideBlocks, troubleBlock } from './guide.ts';
import { ACCOUNT, type Answers, answer, install, mustRun, SETUP } from './installation.ts';
import type { World } from './world.ts';

const MINUTE_MS = 60_000;
/** A state that does not come within this time does not come. */
const LIMIT_MS = 20 * MINUTE_MS;
const PAUSE_MS = 10_000;
/** A receiver that is away for longer is a person's to plug in again. */
const AWAY_MS = 25 * MINUTE_MS;
const LOGIN_PAUSE_MS = 16 * MINUTE_MS;
const PASSWORD_FILE = '~root/.config/egvkit/dexcom-password';
const WRONG = 'not the password';

const OK = 0;
const NEEDS_PERSON = 5;

/** Answer of `egvkit status --json`. */
interface Told {
  readonly condition: string;
  readonly pending?: number;
  readonly person?: string;
}

type Tell = (text: string) => void;

/**
 * Installs the service and lets a home happen to it;
 * gives the guest as it is at the end. Of the cases, those are left out whose names do not match; never the
 * first, which installs it.
 */
export async function liveWithIt(
  world: World,
  tell: Tell,
  onRow: (row: Row) => void,
  chosen: RegExp,
): Promise<Guest> {
  let guest = world.computer.boot();
  await guest.ready;
  let isFirst = true;
  const step = async (name: string, act: () => Promise<string>): Promise<void> => {
    if (!isFirst && !chosen.test(name)) return;
    isFirst = false;
    tell(`case: ${name}`);
    try {
      onRow({ name, result: 'ok', measured: await act() });
    } catch (error) {
      onRow({ name, result: 'failed', measured: (error as Error).message.slice(0, 600) });
    }
  };
  await step('guide: from nothing to a running service', async () => {
    await install(guest, tell);
    const told = await untilTold(guest, OK, ({ condition }) => condition === 'ok');
    const count = world.service.readings(ACCOUNT.name).length;
    return `${guideBlocks(GUIDE_SECTIONS.install).flat().length} commands; ${count} readings uploaded; ${told}`;
  });
  await step('restarted', async () => {
    const before = world.requests.logins;
    await guest.shutDown();
    world.requests.startOver({ cut: false });
    guest = world.computer.boot();
    await guest.ready;
    const told = await untilTold(guest, OK, ({ condition }) => condition === 'ok');
    const logins = world.requests.logins - before;
    if (logins > 0) throw new Error(`It logged in ${logins} times, and had a session.`);
    return `no login; ${told}`;
  });
  await step('unplugged', async () => {
    await guest.pull();
    await sleepThrough(world, guest, AWAY_MS);
    return await untilTold(guest, NEEDS_PERSON, ({ person }) => /receiver/i.test(person ?? ''));
  });
  await step('plugged in again', async () => {
    await guest.plugIn();
    return await untilTold(guest, OK, ({ condition, pending }) => condition === 'ok' && !pending);
  });
  await step('wrong password', async () => {
    await mustRun(guest, `printf '%s\\n' '${WRONG}' > ${PASSWORD_FILE}`);
    // As after a change of the password: the session ends, and the service has only the old one.
    world.requests.endSessions();
    await guest.run('sudo egvkit service install');
    const told = await untilTold(guest, NEEDS_PERSON, ({ person }) =>
      /refused/i.test(person ?? ''),
    );
    // Who tries again without another password sends nothing.
    await guest.run('sudo egvkit service install');
    await sleep(2 * MINUTE_MS);
    const { refused } = world.requests;
    if (refused !== 1) throw new Error(`${refused} logins were refused, and one is enough.`);
    return `one login; ${told}`;
  });
  await step('the right password', async () => {
    await answer(guest, SETUP, CORRECTION);
    // The service has logged in a moment ago, and does not do so twice in a quarter of an hour.
    await sleepThrough(world, guest, LOGIN_PAUSE_MS);
    return await untilTold(guest, OK, ({ condition, pending }) => condition === 'ok' && !pending);
  });
  await step('guide: what it says itself', async () => {
    const ended: string[] = [];
    for (const command of troubleBlock('doctor')) {
      const { code, out, err } = await guest.run(command);
      tell(`$ ${command}\n${out}${err}`);
      ended.push(`${command}: ${code}`);
      if (code !== OK) throw new Error(`${ended.join('; ')}: ${out} ${err}`);
    }
    return ended.join('; ');
  });
  await step('guide: an update', async () => {
    for (const command of troubleBlock('egvkit@latest')) await mustRun(guest, command);
    return await untilTold(guest, OK, ({ condition }) => condition === 'ok');
  });
  return guest;
}

/** Removes the service as the guide says; gives the row of it. */
export async function removeService(guest: Guest): Promise<Row> {
  const name = 'guide: to be rid of the service';
  const [command = ''] = troubleBlock('uninstall');
  const { code, out, err } = await guest.run(command);
  const unit = await guest.run('systemctl cat egvkit.service');
  const kept = await guest.run(`ls ${PASSWORD_FILE} /var/lib/egvkit/status.json`);
  const isRight = code === OK && unit.code !== OK && kept.code === OK;
  const measured = isRight ? 'no unit; settings and state are there' : `${code} ${out} ${err}`;
  return { name, result: isRight ? 'ok' : 'failed', measured };
}

/** Setting up again with another password; the wrong one in the file is not wanted. */
const CORRECTION: Answers = [
  ['Where readings go', ''],
  ['Region of the account', ''],
  ["Wearer's account", ''],
  ['Use the password', 'no'],
  ['Password of the Share account', ACCOUNT.password],
  ['Show glucose in', ''],
  ['Use the receiver', ''],
  ['Write it there', 'yes'],
  ['Install the service', ''],
];

/** Lets time pass for the whole world, as if the computer slept. */
async function sleepThrough({ date }: World, guest: Guest, ms: number): Promise<void> {
  date.leap(ms);
  await mustRun(guest, `date --set=@${Math.round(date.nowMs() / 1000)}`);
}

/** Waits until `egvkit status` ends so and says so; gives that as text. */
async function untilTold(
  guest: Guest,
  code: number,
  holds: (told: Told) => boolean,
): Promise<string> {
  const end = performance.now() + LIMIT_MS;
  for (;;) {
    const ended = await guest.run('sudo egvkit status --json');
    if (ended.code === code && holds(toldBy(ended))) {
      const { condition, person } = toldBy(ended);
      return `egvkit status: ${code}, ${person ?? condition}`;
    }
    if (performance.now() > end) {
      throw new Error(`egvkit status: ${ended.code} ${ended.out} ${ended.err}`);
    }
    await sleep(PAUSE_MS);
  }
}

function toldBy({ out }: Ended): Told {
  try {
    return JSON.parse(out) as Told;
  } catch {
    return { condition: 'nothing' };
  }
}
