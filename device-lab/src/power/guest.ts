/** The inside of a computer that is on: commands are typed there. */
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { Qemu } from '../qemu.ts';
import { PLUG_IN, PULL } from './cable.ts';

/** A start or a command may take long on a busy computer. */
const LIMIT_MS = 15 * 60_000;

/** Unit in which somebody sits at the computer. */
const SESSION = 'lab-session';

/** Outcome of a command in the guest. */
export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export class Guest {
  /** Resolves when commands can be given; rejects if the guest goes down before. */
  readonly ready: Promise<void>;
  readonly #qemu: Qemu;
  readonly #hands: Promise<Socket>;
  readonly #answers = new Map<number, (ended: Ended) => void>();
  readonly #down: Promise<never>;
  #last = 0;

  /** @param hands connection to the lab's hands in the guest, once QEMU has made it */
  constructor(qemu: Qemu, hands: Promise<Socket>) {
    this.#qemu = qemu;
    this.#hands = hands;
    this.#down = new Promise((_, reject) => {
      qemu.once('error', reject);
      qemu.once('exit', () => reject(new Error('The guest went down.')));
    });
    this.#down.catch(() => {});
    this.ready = this.#within(this.#listen(), 'to start');
    this.ready.catch(() => {});
  }

  /** Types a command, as root or another user, and waits for its end. */
  async run(command: string, user = 'root'): Promise<Ended> {
    await this.ready;
    const number = ++this.#last;
    const answer = new Promise<Ended>((resolve) => this.#answers.set(number, resolve));
    (await this.#hands).write(`${number} ${user} ${Buffer.from(command).toString('base64')}\n`);
    return await this.#within(answer, `for ${command}`);
  }

  /** Pulls the receiver's cable. */
  async pull(): Promise<void> {
    await this.run(PULL);
  }

  async plugIn(): Promise<void> {
    await this.run(PLUG_IN);
  }

  /** Lets a user log in, who stays. Resolves when the user's own service manager runs. */
  async logIn(user: string): Promise<void> {
    const session = `systemd-run --quiet --unit=${SESSION} --property=User=${user} --property=PAMName=su-l sleep infinity`;
    const manager = `systemctl is-active --quiet "user@$(id -u ${user}).service"`;
    await this.run(`${session}; until ${manager}; do sleep 0.2; done`);
  }

  /** Lets the user who logged in log out. Resolves when the user's own service manager has ended. */
  async logOut(user: string): Promise<void> {
    const manager = `systemctl is-active --quiet "user@$(id -u ${user}).service"`;
    await this.run(`systemctl stop ${SESSION}; while ${manager}; do sleep 0.5; done`);
  }

  /** Lets the guest go down in order, as when a user restarts the computer. */
  async shutDown(): Promise<void> {
    const ended = once(this.#qemu, 'exit');
    this.run('systemctl reboot').catch(() => {});
    await limited(ended, 'to go down');
  }

  /** Hears what the hands say; resolves at the first word. */
  async #listen(): Promise<void> {
    const hands = await this.#hands;
    hands.on('error', () => {});
    await new Promise<void>((resolve) => {
      createInterface({ input: hands }).on('line', (line) => {
        const [number = '', code = '', out = '', err = ''] = line.split(' ');
        if (number === 'ready') return resolve();
        const text = (coded: string) => Buffer.from(coded, 'base64').toString();
        this.#answers.get(Number(number))?.({ code: Number(code), out: text(out), err: text(err) });
        this.#answers.delete(Number(number));
      });
    });
  }

  #within<T>(work: Promise<T>, what: string): Promise<T> {
    return limited(Promise.race([work, this.#down]), what);
  }
}

async function limited<T>(work: Promise<T>, what: string): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    const text = `The guest took more than ${LIMIT_MS / 60_000} minutes ${what}.`;
    timer = setTimeout(() => reject(new Error(text)), LIMIT_MS);
  });
  return await Promise.race([work, late]).finally(() => clearTimeout(timer));
}
