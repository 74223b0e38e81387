import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import {
  openSqliteStore,
  ShareStoreError,
  type SqliteShareStore,
  scryptPasswords,
  serveShare,
} from '@egvkit/emulators/node';
import {
  createShareService,
  generatedReadings,
  MemoryShareStore,
  type ShareService,
} from '@egvkit/emulators/share';
import {
  chooseGeneration,
  EMULATE_SHARE_FLAGS,
  namedAccounts,
  wholeNumber,
} from './emulateShareOptions.ts';
import { EXIT, type ExitCode } from './failure.ts';
import type { Io } from './io.ts';
import { parseFlags } from './uploadOptions.ts';
import { UsageError } from './usage.ts';
import { count } from './words.ts';

const LOOPBACK = '127.0.0.1';
const MOST_DAYS = 1100;
const DEFAULT_SEED = 1;
/** Each account has its own readings: no two use the same part of a series. */
const SEEDS_APART = 100_003;

/** Runs an emulated Share service until it is told to stop. */
export async function emulateShareCommand(args: readonly string[], io: Io): Promise<ExitCode> {
  const values = parseFlags(args, EMULATE_SHARE_FLAGS);
  const port = wholeNumber('port', values.port, [0, 65_535]);
  const days = wholeNumber('days', values.days, [1, MOST_DAYS]);
  const seed = wholeNumber('seed', values.seed, [0, 2 ** 31 - 1]) ?? DEFAULT_SEED;
  const generation = chooseGeneration(values.generation);
  const { host = LOOPBACK, 'allow-network': allowOutside = false } = values;
  const named = await namedAccounts(values.account ?? [], io);

  // SQLite only where a file is named: not every Node.js that runs this has it.
  using file = values.db === undefined ? undefined : await openFile(values.db);
  const store = file ?? new MemoryShareStore();
  const isFresh = named.length === 0 && store.countAccounts() === 0;
  if (days !== undefined && named.length === 0 && !isFresh) {
    throw new UsageError('--days fills the accounts that are named with --account; name them.');
  }
  const accounts = isFresh ? [{ name: 'wearer', password: randomUUID() }] : named;
  const service = createShareService({
    store,
    accounts,
    passwords: scryptPasswords,
    options: { generation },
    ...(values.verbose && { log: (line: string) => io.writeError(`${line}\n`) }),
  });
  await service.ready;
  const filled = accounts.map(({ name }, i) => {
    if (days !== undefined) fill(service, name, seed + i * SEEDS_APART, days);
    return { name, readings: service.readings(name).length };
  });

  const listen = { host, allowOutside, admin: values.admin ?? false };
  await using server = await serve(service, port, listen, io);
  if (!server.isLocal) {
    io.writeError(
      'Warning: others can reach this service, and what they send it, passwords too, is not encrypted.\n',
    );
  }
  const madeUp = isFresh ? accounts[0] : undefined;
  if (values.json) {
    io.write(`${JSON.stringify({ ok: true, origin: server.origin, accounts: filled, madeUp })}\n`);
  } else {
    io.write(
      `Share      ${server.origin} (emulated${generation === '2015' ? ', as in 2015' : ''})\n`,
    );
    io.write(`Kept       ${values.db ?? 'in memory: gone when this ends'}\n`);
    for (const { name, readings } of filled) {
      io.write(`Account    ${name}, ${count(readings, 'reading')}\n`);
    }
    if (madeUp !== undefined) io.write(`Password   ${madeUp.password} (made up for this run)\n`);
    io.write('Runs until it is interrupted.\n');
  }
  if (!io.signal.aborted) await once(io.signal, 'abort');
  return EXIT.ok;
}

async function openFile(path: string): Promise<SqliteShareStore> {
  try {
    return await openSqliteStore(path);
  } catch (error) {
    if (error instanceof ShareStoreError) throw new UsageError(error.message);
    throw error;
  }
}

/** Fills an account that has no readings. */
function fill(service: ShareService, name: string, seed: number, days: number): void {
  if (service.readings(name).length > 0) return;
  const offsetMinutes = -new Date().getTimezoneOffset();
  const readings = generatedReadings({ seed, days, nowMs: Date.now(), offsetMinutes });
  service.addReadings(name, readings);
}

type Listen = {
  readonly host: string;
  readonly allowOutside: boolean;
  readonly admin: boolean;
};

async function serve(
  service: ShareService,
  port: number | undefined,
  { host, allowOutside, admin }: Listen,
  io: Io,
) {
  try {
    return await serveShare(service, {
      ...(port !== undefined && { port }),
      hostname: host,
      allowOutside,
      admin,
      onError: (error) => io.writeError(`${String(error)}\n`),
    });
  } catch (error) {
    if (error instanceof TypeError) {
      throw new UsageError(
        `${host} is not this computer alone; add --allow-network if others are to reach the service.`,
      );
    }
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    throw new UsageError(`Port ${port ?? 'of choice'} of ${host} cannot be had (${code}).`);
  }
}
