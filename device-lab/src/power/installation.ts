/** Lets the guest have egvkit as a user has it: by the guide's own commands. */

import type { Ended, Guest } from './guest.ts';

export const ACCOUNT = { name: 'wearer', password: 'correct horse battery staple' } as const;
/** Port of the guest at which the emulated service is. */
export const SHARE_PORT = 8075;
const SHARE_URL = `http://127.0.0.1:${SHARE_PORT}`;

const SETUP = / setup$/;
/** Words of a question of `setup`, and what is typed. Enter takes what is offered. */
export type Answers = readonly (readonly [question: string, answer: string])[];

/** The first time: a service of one's own, as there is no other for the lab. */
const FIRST_ANSWERS: Answers = [
  ['Where readings go', ''],
  ['Region of the account', SHARE_URL],
  ["Wearer's account", ACCOUNT.name],
  ['Password of the Share account', ACCOUNT.password],
  ['Show glucose in', ''],
  ['Use the receiver', ''],
  ['Write it there', 'yes'],
  ['Install the service', ''],
];

/** Types commands of the guide. Those that only look may say that it has just begun. */
export async function typeCommands(
  guest: Guest,
  commands: readonly string[],
  tell: (text: string) => void,
  user?: string,
): Promise<void> {
  for (const command of commands) {
    tell(`$ ${command}`);
    if (SETUP.test(command)) await answer(guest, command, FIRST_ANSWERS, user);
    else if (command.includes(' status')) await guest.run(command, user);
    else await mustRun(guest, command, user);
  }
}

/** Types a command that asks, and answers. */
export async function answer(
  guest: Guest,
  command: string,
  answers: Answers,
  user?: string,
): Promise<Ended> {
  const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
  const types = `/product/node /product/lab/power/type-answers.ts ${quoted(command)} ${quoted(JSON.stringify(answers))}`;
  return await mustRun(guest, types, user);
}

/** Types a command that has to end well. */
export async function mustRun(guest: Guest, command: string, user?: string): Promise<Ended> {
  const ended = await guest.run(command, user);
  if (ended.code === 0) return ended;
  throw new Error(`${command}\nended with ${ended.code}: ${ended.out} ${ended.err}`);
}
