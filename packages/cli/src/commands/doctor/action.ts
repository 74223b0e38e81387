import { ShareClient } from '@egvkit/share-http';
import type { Io } from '../../io/io.ts';
import type { DestinationName } from '../../options/destination.ts';
import type { ReceiverOptions } from '../../options/port.ts';
import {
  type AccountOptions,
  type ChosenService,
  chosenAccountName,
  chosenService,
} from '../../options/share-account.ts';
import { EXIT, type ExitCode } from '../../output/exit-codes.ts';
import { jsonLine } from '../../output/json-line.ts';
import { printable } from '../../output/printable.ts';
import { destinationNames } from '../upload/destinations.ts';
import { assignmentCheck, loginCheck, sharingCheck } from './account-checks.ts';
import {
  CHECKS,
  type CheckId,
  type CheckResult,
  type CheckState,
  type Note,
  skipped,
} from './check.ts';
import { dnsCheck, proxyCheck, serviceChecks } from './network-checks.ts';
import { checkNightscout } from './nightscout-checks.ts';
import { permissionCheck, ruleChecks } from './receiver-checks.ts';
import { lookForReceiver } from './receiver-search.ts';

interface DoctorOptions extends AccountOptions, ReceiverOptions {
  readonly to?: readonly DestinationName[] | undefined;
  readonly nightscoutUrl?: string | undefined;
  readonly login?: true | undefined;
  readonly json?: true | undefined;
}

type Results = Map<CheckId, CheckResult>;

/** Looks at everything that an unattended upload needs, and says what to do about what is wrong. */
export async function examine(options: DoctorOptions, io: Io): Promise<ExitCode> {
  // A mistake on the command line is told of before anything is done.
  const service = chosenService(options);
  const results: Results = new Map();
  const note: Note = (id, result) => {
    results.set(id, result);
    if (!options.json) print(id, result, io);
  };
  const port = await checkReceiver(options, io, note);
  note('proxy', proxyCheck(io.env));
  const destinations = destinationNames(options);
  if (destinations.includes('share')) {
    const client = service && (await checkService(service, io, note));
    if (client === undefined) skipService(service, note);
    await checkAccount(options, { service, client, port }, io, note);
  }
  if (destinations.includes('nightscout')) await checkNightscout(options, io, note);
  const exitCode = exitCodeOf(results);
  if (options.json) {
    const checks = [...results].map(([id, { state, found, fix }]) => ({ id, state, found, fix }));
    io.write(jsonLine({ ok: exitCode === EXIT.ok, checks }));
  } else {
    io.write(`\n${summaryOf(results)}\n`);
  }
  return exitCode;
}

/** Port of the one receiver that can be used. */
async function checkReceiver(
  options: DoctorOptions,
  io: Io,
  note: Note,
): Promise<string | undefined> {
  const { path, result } = await lookForReceiver(options, io);
  note('receiver', result);
  const permission = await permissionCheck(path);
  note('permission', permission);
  const { udev, modemManager } = await ruleChecks();
  note('udev', udev);
  note('modemManager', modemManager);
  return permission.state === 'fail' ? undefined : path;
}

/** A client of a service that answers. */
async function checkService(
  service: ChosenService,
  io: Io,
  note: Note,
): Promise<ShareClient | undefined> {
  // Nobody logs in with it.
  const client = new ShareClient({ ...service, accountName: 'nobody', password: 'not needed' });
  note('dns', await dnsCheck(client.origin, io));
  const { tls, region, clock } = await serviceChecks(client, io);
  note('tls', tls);
  note('region', region);
  note('clock', clock);
  return region.state === 'ok' ? client : undefined;
}

const NO_ACCOUNT = 'Run "egvkit setup", or add --region and --account.';

function skipService(service: ChosenService | undefined, note: Note): void {
  if (service !== undefined) return;
  const unknown = 'No region of an account is known.';
  for (const id of ['dns', 'tls', 'clock'] as const) note(id, skipped(unknown));
  note('region', skipped(unknown, NO_ACCOUNT));
}

interface Reached {
  readonly service: ChosenService | undefined;
  readonly client: ShareClient | undefined;
  readonly port: string | undefined;
}

async function checkAccount(
  options: DoctorOptions,
  { service, client, port }: Reached,
  io: Io,
  note: Note,
): Promise<void> {
  const accountName = chosenAccountName(options);
  const skip = (ids: readonly CheckId[], why: string): void => {
    for (const id of ids) note(id, skipped(why));
  };
  if (service === undefined || accountName === undefined) {
    note('login', skipped('No account is known.', NO_ACCOUNT));
    return skip(['sharing', 'assignment'], 'No account is known.');
  }
  if (client === undefined)
    return skip(['login', 'sharing', 'assignment'], 'The service did not answer.');
  const login = await loginCheck({ ...service, accountName }, options, io);
  note('login', login.result);
  if (login.client === undefined) {
    return skip(['sharing', 'assignment'], 'It takes a login to know.');
  }
  note('sharing', sharingCheck(login.sharing ?? false));
  note('assignment', await assignmentCheck(login.client, { port, serial: options.serial }, io));
}

/** The exit code of the first failure that needs a person; else of the first one. */
function exitCodeOf(results: Results): ExitCode {
  const failures = [...results.values()].filter(({ state }) => state === 'fail');
  const first = failures.find(({ exit }) => exit === 'needsPerson') ?? failures[0];
  return first === undefined ? EXIT.ok : EXIT[first.exit ?? 'needsPerson'];
}

const WORDS: Readonly<Record<CheckState, string>> = {
  ok: 'ok',
  warn: 'look',
  fail: 'WRONG',
  skipped: '-',
};
const STYLES = { ok: 'green', warn: 'yellow', fail: 'red', skipped: 'gray' } as const;
const STATE_WIDTH = Math.max(...Object.values(WORDS).map((word) => word.length));
const NAME_WIDTH = Math.max(...Object.values(CHECKS).map((name) => name.length));

function print(id: CheckId, { state, found, fix }: CheckResult, io: Io): void {
  io.draw(io.style(STYLES[state], WORDS[state].padEnd(STATE_WIDTH)));
  io.write(`  ${CHECKS[id].padEnd(NAME_WIDTH)}  ${printable(found)}\n`);
  if (fix) io.write(`${' '.repeat(STATE_WIDTH + NAME_WIDTH + 4)}${printable(fix)}\n`);
}

function summaryOf(results: Results): string {
  const states = [...results.values()].map(({ state }) => state);
  const [wrong, look] = (['fail', 'warn'] as const).map(
    (state) => states.filter((one) => one === state).length,
  ) as [number, number];
  if (wrong > 0) return `${wrong} of ${states.length} checks went wrong; begin with the first.`;
  return look > 0 ? `Nothing is wrong; look at ${look}.` : 'Nothing is wrong.';
}
