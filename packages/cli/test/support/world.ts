import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serveShare } from '@egvkit/emulators/node';
import { openPty } from '@egvkit/emulators/pty';
import {
  EMULATED_SERIAL_NUMBER,
  EmulatedReceiver,
  type EmulatedReceiverOptions,
  generateDatabase,
  RECEIVER_PROFILES,
  ReceiverDatabase,
} from '@egvkit/emulators/receiver';
import { createShareService, type ShareService } from '@egvkit/emulators/share';
import type { EgvRecord } from '@egvkit/protocol/receiver';
import { egvkit, type Io } from '../../src/index.ts';

export const ACCOUNT = { name: 'wearer', password: 'correct horse battery staple' } as const;

/** A receiver on a real port and a service on a real one, and a folder for what is remembered. */
export interface World extends AsyncDisposable {
  readonly receiver: EmulatedReceiver;
  readonly service: ShareService;
  readonly portPath: string;
  readonly origin: string;
  readonly folder: string;
  /** The words of an upload that has everything it needs. */
  readonly uploadArgs: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export interface WorldOptions {
  readonly deliver?: EmulatedReceiverOptions['deliver'];
  readonly profile?: keyof typeof RECEIVER_PROFILES;
  /** No readings at all. */
  readonly empty?: boolean;
  /** Of which receiver the account takes readings; of none by default. */
  readonly assigned?: string;
}

/** Puts a world up; `await using` takes it down again, in concurrent tests too. */
export async function makeWorld(options: WorldOptions = {}): Promise<World> {
  await using started = new AsyncDisposableStack();
  const profile = RECEIVER_PROFILES[options.profile ?? 'g4'];
  // Less than a day: no reading leaves the window while a test runs.
  const full = generateDatabase({ profile, seed: 5, days: 0.95, nowMs: Date.now() });
  const database = options.empty ? withoutReadings(full) : full;
  const receiver = new EmulatedReceiver({
    profile,
    database,
    // Its seconds change half way through ours, as no two clocks agree: the true time that is
    // worked out for a reading differs by a second from one run to the next.
    nowMs: () => Date.now() + 500,
    ...(options.deliver && { deliver: options.deliver }),
  });
  const pty = started.use(await openPty(receiver));

  const account = { ...ACCOUNT, ...(options.assigned && { receiver: options.assigned }) };
  const service = createShareService({ accounts: [account] });
  const server = started.use(await serveShare(service));

  const { path: folder } = started.use(await makeFolder());
  const resources = started.move();
  return {
    receiver,
    service,
    portPath: pty.path,
    origin: server.origin,
    folder,
    uploadArgs: [
      'upload',
      ...['--port', pty.path, '--share-url', server.origin, '--account', ACCOUNT.name],
      ...['--assign-receiver', '--yes'],
    ],
    env: { DEXCOM_PASSWORD: ACCOUNT.password, XDG_STATE_HOME: folder },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

/** A folder that is gone at the end. */
export async function makeFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'egvkit-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

function withoutReadings(full: ReceiverDatabase): ReceiverDatabase {
  return new ReceiverDatabase([
    { recordType: 0, revision: 1, firstPage: 0, records: full.records(0) },
    { recordType: 4, revision: 2, firstPage: 0, records: [] },
  ]);
}

/** The values of the receiver that belong on the service: those that were measured. */
export function expectedValues({ receiver }: World): number[] {
  const records = receiver.database.records(4) as readonly EgvRecord[];
  return records
    .filter(({ glucose: { value, displayOnly } }) => value >= 39 && value <= 401 && !displayOnly)
    .map(({ glucose }) => glucose.value);
}

/** What the service has, oldest first. */
export function storedValues({ service }: World): number[] {
  return service.readings(ACCOUNT.name).map(({ mgDl }) => mgDl);
}

/** What a command said and how it ended. */
export interface Ran {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
}

/** Runs `egvkit` in this process, without a terminal, waiting for nothing. */
export async function run(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  overrides: Partial<Io> = {},
): Promise<Ran> {
  let out = '';
  let err = '';
  const exitCode = await egvkit(args, {
    env,
    write: (text) => {
      out += text;
    },
    writeError: (text) => {
      err += text;
    },
    draw: (text) => {
      out += text;
    },
    isTerminal: false,
    columns: 80,
    style: (_style, text) => text,
    askSecret: async () => {
      throw new Error('asked');
    },
    readInput: async () => new Uint8Array(0),
    sleep: async () => {},
    signal: new AbortController().signal,
    ...overrides,
  });
  return { exitCode, out, err };
}

export { EMULATED_SERIAL_NUMBER };
