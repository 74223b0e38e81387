import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EgvRecord } from '@egvkit/protocol/receiver';
import {
  EMULATED_SERIAL_NUMBER,
  EmulatedReceiver,
  type EmulatedReceiverOptions,
  generateDatabase,
  type LostTime,
  RECEIVER_PROFILES,
  ReceiverDatabase,
} from '@egvkit/receiver-emulator';
import { openPty } from '@egvkit/receiver-emulator/pty';
import { createShareService, type ShareService } from '@egvkit/share-emulator';
import { serveShare } from '@egvkit/share-emulator/node';
import { egvkit } from '../../src/commands/program.ts';
import type { PlainIo } from '../../src/io/io.ts';
import { NO_SETTINGS } from './no-settings.ts';

export const ACCOUNT = { name: 'wearer', password: 'correct horse battery staple' } as const;

/** True, also while a test has replaced this computer's. */
const realNow = Date.now;

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
  /** Picks the readings that the receiver has; all by default. */
  readonly hasReading?: (record: EgvRecord) => boolean;
  /** Of which receiver the account takes readings; of none by default. */
  readonly assigned?: string;
  /** True time minus this computer's, ms: receiver and service go by true time. */
  readonly trueAheadMs?: number;
  /** Loss of time of the receiver's clock. */
  readonly timeLoss?: LostTime;
}

/** Puts a world up; `await using` takes it down again, in concurrent tests too. */
export async function makeWorld(options: WorldOptions = {}): Promise<World> {
  await using started = new AsyncDisposableStack();
  const profile = RECEIVER_PROFILES[options.profile ?? 'g4'];
  const { trueAheadMs = 0 } = options;
  const trueMs = (): number => realNow() + trueAheadMs;
  // Less than a day: no reading leaves the window while a test runs.
  const { timeLoss } = options;
  const loss = timeLoss && { timeLoss };
  const full = generateDatabase({ profile, seed: 5, days: 0.95, nowMs: trueMs(), ...loss });
  const { hasReading } = options;
  const database = hasReading === undefined ? full : withReadings(full, hasReading);
  const receiver = new EmulatedReceiver({
    profile,
    database,
    nowMs: trueMs,
    ...loss,
    ...(options.deliver && { deliver: options.deliver }),
  });
  const pty = started.use(await openPty(receiver));

  const account = { ...ACCOUNT, ...(options.assigned && { receiver: options.assigned }) };
  const service = createShareService({ accounts: [account], now: trueMs });
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
    env: { ...NO_SETTINGS, DEXCOM_PASSWORD: ACCOUNT.password, XDG_STATE_HOME: folder },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

/** A folder that is gone at the end. */
export async function makeFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'egvkit-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

function withReadings(
  full: ReceiverDatabase,
  has: (record: EgvRecord) => boolean,
): ReceiverDatabase {
  const readings = (full.records(4) as readonly EgvRecord[]).filter(has);
  return new ReceiverDatabase([
    { recordType: 0, revision: 1, firstPage: 0, records: full.records(0) },
    { recordType: 4, revision: 2, firstPage: 0, records: readings },
  ]);
}

/** The values of the receiver that belong on the service: those that were measured. */
export function expectedValues({ receiver }: World): number[] {
  const records = receiver.database.records(4) as readonly EgvRecord[];
  return records
    .filter(({ glucose: { value, displayOnly } }) => value >= 39 && value <= 401 && !displayOnly)
    .map(({ glucose }) => glucose.value);
}

/** Values on the service in mg/dL, oldest first. */
export function storedValues({ service }: World): number[] {
  return service.readings(ACCOUNT.name).map(({ mgDl }) => mgDl);
}

/** Output and exit code of a command. */
export interface Ran {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
}

/** Runs `egvkit` in this process, without a terminal, waiting for nothing. */
export async function run(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  overrides: Partial<PlainIo> = {},
): Promise<Ran> {
  let out = '';
  let err = '';
  const exitCode = await egvkit(args, {
    env: { ...NO_SETTINGS, ...env },
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
    readInput: async function* () {},
    sleep: async () => {},
    signal: new AbortController().signal,
    ...overrides,
  });
  return { exitCode, out, err };
}

export { EMULATED_SERIAL_NUMBER };
