import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { EMULATED_SERIAL_NUMBER } from '@egvkit/receiver-emulator';
import {
  createShareService,
  generatedReadings,
  memoryShareStore,
  type ServiceBehaviour,
  type ShareService,
} from '@egvkit/share-emulator';
import {
  ShareStoreError,
  type SqliteShareStore,
  scryptPasswords,
  serveShare,
  sqliteShareStore,
} from '@egvkit/share-emulator/node';
import type { Io } from '../../io/io.ts';
import { UsageError } from '../../options/usage.ts';
import { EXIT, type ExitCode } from '../../output/exit-codes.ts';
import { jsonLine } from '../../output/json-line.ts';
import { count } from '../../output/words.ts';
import { namedAccounts } from './accounts.ts';
import { type Growth, growReadings } from './growth.ts';

const LOOPBACK = '127.0.0.1';
const DEFAULT_SEED = 1;
/** Each account has its own readings: no two use the same part of a series. */
const SEEDS_APART = 100_003;

interface EmulateShareOptions {
  readonly port?: number;
  readonly db?: string;
  readonly account?: readonly string[];
  readonly accounts?: string;
  readonly days?: number;
  readonly seed?: number;
  readonly still?: true;
  readonly generation?: ServiceBehaviour['generation'];
  readonly admin?: true;
  readonly host?: string;
  readonly allowNetwork?: true;
  readonly allowHost?: readonly string[];
  readonly json?: true;
  readonly verbose?: true;
}

/** Runs an emulated Share service until it is told to stop. */
export async function emulateShare(options: EmulateShareOptions, io: Io): Promise<ExitCode> {
  const { port, days, seed = DEFAULT_SEED, generation = 'current', host = LOOPBACK } = options;
  const named = await namedAccounts(options.account ?? [], options.accounts, io);

  // SQLite only where a file is named: not every Node.js that runs this has it.
  using file = options.db === undefined ? undefined : await openFile(options.db);
  const store = file ?? memoryShareStore();
  const isFresh = named.length === 0 && store.countAccounts() === 0;
  if (days !== undefined && named.length === 0 && !isFresh) {
    throw new UsageError('--days fills the accounts that are named, and none is.', {
      help: ['Name them with --account or --accounts.'],
    });
  }
  const accounts = isFresh ? [{ name: 'wearer', password: randomUUID() }] : named;
  const service = createShareService({
    store,
    accounts,
    passwords: scryptPasswords,
    options: { generation },
    ...(options.verbose && { log: (line: string) => io.writeError(`${line}\n`) }),
  });
  await service.ready;
  const offsetMinutes = -new Date().getTimezoneOffset();
  const growing: Growth[] = [];
  const filled = accounts.map(({ name }, i) => {
    const growth = { name, seed: seed + i * SEEDS_APART, offsetMinutes };
    if (days !== undefined && fill(service, growth, days)) growing.push(growth);
    return { name, readings: service.readings(name).length };
  });
  if (!options.still) growReadings(service, growing, Date.now);

  const allowedHosts = options.allowHost ?? [];
  const listen = {
    host,
    allowOutside: options.allowNetwork ?? false,
    allowedHosts,
    admin: options.admin ?? false,
  };
  await using server = await serve(service, port, listen, io);
  if (!server.isLocal) {
    io.writeError(
      'Warning: others can reach this service, and what they send it, passwords too, is not encrypted.\n',
    );
  }
  const madeUp = isFresh ? accounts[0] : undefined;
  if (options.json) {
    io.write(jsonLine({ ok: true, origin: server.origin, accounts: filled, madeUp }));
  } else {
    io.write(
      `Share      ${server.origin} (emulated${generation === '2015' ? ', as in 2015' : ''})\n`,
    );
    io.write(`Kept       ${options.db ?? 'in memory: gone when this ends'}\n`);
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
    return await sqliteShareStore(path);
  } catch (error) {
    if (error instanceof ShareStoreError) throw new UsageError(error.message);
    throw error;
  }
}

/**
 * Fills an account that has no readings. Tells whether its readings are all generated, now or in an
 * earlier run: only then may more be made up.
 */
function fill(service: ShareService, { name, seed, offsetMinutes }: Growth, days: number): boolean {
  const known = service.readings(name);
  if (known.length > 0) return known.every((one) => one.serialNumber === EMULATED_SERIAL_NUMBER);
  const readings = generatedReadings({ seed, days, nowMs: Date.now(), offsetMinutes });
  service.addReadings(name, readings);
  return true;
}

type Listen = {
  readonly host: string;
  readonly allowOutside: boolean;
  readonly allowedHosts: readonly string[];
  readonly admin: boolean;
};

async function serve(
  service: ShareService,
  port: number | undefined,
  { host, allowOutside, allowedHosts, admin }: Listen,
  io: Io,
) {
  try {
    return await serveShare(service, {
      ...(port !== undefined && { port }),
      hostname: host,
      allowOutside,
      allowedHosts,
      admin,
      onError: (error) => io.writeError(`${String(error)}\n`),
    });
  } catch (error) {
    if (error instanceof TypeError) {
      throw new UsageError(`At ${host} other computers can reach the service.`, {
        help: ['Add --allow-network if they are to.'],
      });
    }
    throw new UsageError(`Cannot listen on ${host}: ${describeListenFailure(error, port)}.`);
  }
}

function describeListenFailure(error: unknown, port: number | undefined): string {
  const { code = 'unknown' } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'EADDRINUSE':
      return port === undefined ? 'no port is free' : `port ${port} is in use`;
    case 'EACCES':
      return `port ${port ?? 0} is not permitted`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return 'this computer does not have that address';
    default:
      return code;
  }
}
