/** The service as a stranger installs it: the guide's commands, and what goes wrong in a home. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { CaseRun } from './case-run.ts';
import type { Guest } from './guest.ts';
import { GUIDE_SECTIONS, guideBlocks, troubleBlock, troubleCommand } from './guide.ts';
import { ACCOUNT, type Answers, answer, mustRun, typeCommands } from './installation.ts';
import {
  isComplete,
  isWell,
  NEEDS_PERSON,
  NOTHING_THERE,
  OK,
  sleepThrough,
  untilTold,
} from './told.ts';
import { restart, type World } from './world.ts';

const MINUTE_MS = 60_000;
/** A receiver that is away for longer is a person's to plug in again. */
const AWAY_MS = 25 * MINUTE_MS;
const LOGIN_PAUSE_MS = 16 * MINUTE_MS;
const PASSWORD_FILE = '~root/.config/egvkit/dexcom-password';
const WRONG = 'not the password';

const CASES = {
  install: 'guide: from nothing to a running service',
  restarted: 'restarted',
  unplugged: 'unplugged',
  pluggedIn: 'plugged in again',
  wrong: 'wrong password',
  right: 'the right password',
  saysItself: 'guide: what it says itself',
  receivers: 'receivers and settings',
  update: 'guide: an update',
  removed: 'guide: to be rid of the service',
} as const;

/** Names of the cases. */
export const HOME_CASES = Object.values(CASES);

/**
 * Installs the service and lets a home happen to it; gives the guest as it is at the end. The first case,
 * which installs it, is always run.
 */
export async function liveWithIt(world: World, run: CaseRun): Promise<Guest> {
  const { computer, requests, service } = world;
  let guest = computer.boot();
  await guest.ready;
  await run.must(CASES.install, async () => {
    const commands = guideBlocks(GUIDE_SECTIONS.install).flat();
    await typeCommands(guest, commands, run.tell);
    const told = await untilTold(guest, OK, isWell);
    const count = service.readings(ACCOUNT.name).length;
    return `${commands.length} commands; ${count} readings uploaded; ${told}`;
  });
  await run.may(CASES.restarted, async () => {
    const before = requests.logins;
    guest = await restart(world, guest);
    const told = await untilTold(guest, OK, isWell);
    const logins = requests.logins - before;
    if (logins > 0) throw new Error(`It logged in ${logins} times, and had a session.`);
    return `no login; ${told}; ${await watch(guest, OK)}`;
  });
  await run.may(CASES.unplugged, async () => {
    await guest.pull();
    await sleepThrough(world, guest, AWAY_MS);
    const told = await untilTold(guest, NEEDS_PERSON, ({ person }) =>
      /no receiver is connected/i.test(person ?? ''),
    );
    return `${told}; ${await watch(guest, NEEDS_PERSON)}`;
  });
  await run.may(CASES.pluggedIn, async () => {
    await guest.plugIn();
    return `${await untilTold(guest, OK, isComplete)}; ${await watch(guest, OK)}`;
  });
  await run.may(CASES.wrong, async () => {
    await mustRun(guest, `printf '%s\\n' '${WRONG}' > ${PASSWORD_FILE}`);
    // As after a change of the password: the session ends, and the service has only the old one.
    requests.endSessions();
    await guest.run('sudo egvkit service install');
    const told = await untilTold(guest, NEEDS_PERSON, ({ person }) =>
      /refused/i.test(person ?? ''),
    );
    // Who tries again without another password sends nothing.
    await guest.run('sudo egvkit service install');
    await sleep(2 * MINUTE_MS);
    const { refused } = requests;
    if (refused !== 1) throw new Error(`${refused} logins were refused, and one is enough.`);
    return `one login; ${told}`;
  });
  await run.may(CASES.right, async () => {
    const setup = troubleCommand(' setup');
    await answer(guest, setup, CORRECTION);
    // The service has logged in a moment ago, and does not do so twice in a quarter of an hour.
    await sleepThrough(world, guest, LOGIN_PAUSE_MS);
    return `${setup}; ${await untilTold(guest, OK, isComplete)}`;
  });
  await run.may(CASES.saysItself, async () => {
    const ended: string[] = [];
    for (const command of troubleBlock('doctor')) {
      const { code, out, err } = await guest.run(command);
      run.tell(`$ ${command}\n${out}${err}`);
      ended.push(`${command}: ${code}`);
      if (code !== OK) throw new Error(`${ended.join('; ')}: ${out} ${err}`);
    }
    return ended.join('; ');
  });
  await run.may(CASES.receivers, () => chooseReceiver(guest));
  await run.may(CASES.update, async () => {
    for (const command of troubleBlock('egvkit@latest')) await mustRun(guest, command);
    return await untilTold(guest, OK, isWell);
  });
  return guest;
}

/** Removes the service as the guide says. */
export async function removeService(guest: Guest, run: CaseRun): Promise<void> {
  await run.may(CASES.removed, async () => {
    const [command = ''] = troubleBlock('uninstall');
    const { out } = await mustRun(guest, command);
    const unit = await guest.run('systemctl cat egvkit.service');
    if (unit.code === OK) throw new Error(`The unit is there: ${out}`);
    await mustRun(guest, `ls ${PASSWORD_FILE} /var/lib/egvkit/status.json`);
    return 'no unit; settings and state are there';
  });
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

/** Types the guide's command for what watches over computers. */
async function watch(guest: Guest, code: number): Promise<string> {
  const command = troubleCommand('--max-age');
  const ended = await guest.run(command);
  if (ended.code === code) return `${command}: ${code}`;
  throw new Error(`${command} ended with ${ended.code}, not ${code}: ${ended.out} ${ended.err}`);
}

/** Lists receivers and settings, and chooses a receiver by its serial number, and one that is not there. */
async function chooseReceiver(guest: Guest): Promise<string> {
  // Else the port may be in use.
  await mustRun(guest, 'systemctl stop egvkit');
  const json = async (command: string) =>
    JSON.parse((await mustRun(guest, `sudo egvkit ${command} --json`)).out);
  const { receivers } = await json('receivers');
  const serial: unknown = receivers[0]?.serialNumber;
  if (receivers.length !== 1 || typeof serial !== 'string') {
    throw new Error(`egvkit receivers: ${JSON.stringify(receivers)}`);
  }
  const settings = JSON.stringify(await json('settings'));
  if (!settings.includes(serial)) throw new Error(`egvkit settings: ${settings}`);
  await json(`info --serial ${serial}`);
  const other = await guest.run('sudo egvkit info --serial SM00000000');
  if (other.code !== NOTHING_THERE || !other.err.includes(serial)) {
    throw new Error(`A receiver that is not there: ${other.code} ${other.out} ${other.err}`);
  }
  await mustRun(guest, 'systemctl start egvkit');
  return `one receiver, ${serial}, in the settings too; read by --serial, and no other in its place`;
}
