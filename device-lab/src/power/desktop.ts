/** The service of a user of a desktop computer: the guide's section for it. */
import type { CaseRun } from './case-run.ts';
import type { Guest } from './guest.ts';
import { GUIDE_SECTIONS, guideBlocks } from './guide.ts';
import { ACCOUNT, typeCommands } from './installation.ts';
import { isComplete, isWell, OK, type Owner, untilTold } from './told.ts';
import { restart, type World } from './world.ts';

/** A user who is not in the group of serial ports, and may use `sudo`. */
const USER: Owner = { user: 'reader', egvkit: 'egvkit' };
const { user } = USER;

const CASES = {
  install: 'desktop: from nothing to a running service',
  loggedOut: 'desktop: it ends when its user logs out, and comes back',
  linger: 'desktop: from the start of the computer on',
} as const;

/** Names of the cases. */
export const DESKTOP_CASES = Object.values(CASES);

/** Types what the guide says for a desktop computer, and tries what it promises. */
export async function useDesktop(world: World, run: CaseRun): Promise<void> {
  const [right, install, linger] = guideBlocks(GUIDE_SECTIONS.desktop);
  if (right === undefined || install === undefined || linger === undefined) {
    throw new Error('The section for a desktop computer has fewer blocks than were known.');
  }
  const { requests, service, computer } = world;
  const type = (guest: Guest, commands: readonly string[]): Promise<void> =>
    typeCommands(guest, commands, run.tell, user);
  const hasUsers = true;
  let guest = computer.boot({ hasUsers });
  await guest.ready;
  await run.must(CASES.install, async () => {
    await guest.logIn(user);
    await type(guest, right);
    guest = await restart(world, guest, { hasUsers });
    await guest.logIn(user);
    await type(guest, install);
    const told = await untilTold(guest, OK, isWell, USER);
    const runs = await guest.run('egvkit service status', user);
    if (runs.code !== OK) throw new Error(`egvkit service status: ${runs.code} ${runs.out}`);
    const count = service.readings(ACCOUNT.name).length;
    return `${[...right, ...install].length} commands; ${count} readings uploaded; ${told}; ${runs.out.split('\n')[0]}`;
  });
  const loggedIn = requests.logins;
  await run.may(CASES.loggedOut, async () => {
    await guest.logOut(user);
    const ran = await guest.run('pgrep --full "[u]pload --watch"');
    if (ran.code === OK) throw new Error('It runs though nobody is logged in.');
    await guest.logIn(user);
    const told = await untilTold(guest, OK, isComplete, USER);
    return `ended and came back; ${told}`;
  });
  await run.may(CASES.linger, async () => {
    await type(guest, linger);
    guest = await restart(world, guest, { hasUsers });
    const told = await untilTold(guest, OK, isComplete, USER);
    const sessions = await guest.run('loginctl list-sessions --no-legend');
    if (sessions.out.includes(user)) throw new Error(`Somebody is logged in: ${sessions.out}`);
    const logins = requests.logins - loggedIn;
    if (logins > 0) throw new Error(`It logged in at Share ${logins} times, and had a session.`);
    return `nobody is logged in; no login at Share; ${told}`;
  });
}
