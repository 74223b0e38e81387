import { EXIT, type ExitCode } from './failure.ts';
import type { Io } from './io.ts';
import { changing, openClient, openClientToChange, SHARE_FLAGS, tell } from './shareOptions.ts';
import { parseFlags, parseNamedWords } from './uploadOptions.ts';

const SERIAL = 'The serial number of the receiver';

/** The flags of `login`. */
export const LOGIN_FLAGS = { ...SHARE_FLAGS, again: { type: 'boolean' } } as const;

/** Signs in once, and uses the session. `--again` does it even with what was refused before. */
export async function loginCommand(args: readonly string[], io: Io): Promise<ExitCode> {
  const values = parseFlags(args, LOGIN_FLAGS);
  const client = await openClient(values, io);
  if (values.again) await client.forgetRefusedLogin();
  await client.signIn({ signal: io.signal });
  const sharing = await client.isMonitoringActive({ signal: io.signal });
  const line = `Signed in at ${client.origin}; the account is ${sharing ? '' : 'not '}sharing.`;
  tell(values, io, line, { service: client.origin, sharing });
  return EXIT.ok;
}

/** Whether the account takes readings of a receiver. */
export async function receiverCheckCommand(args: readonly string[], io: Io): Promise<ExitCode> {
  const { values, words } = parseNamedWords(args, SHARE_FLAGS, [SERIAL]);
  const [serialNumber] = words;
  const client = await openClient(values, io);
  const { assigned, status } = await client.checkReceiverAssignment(serialNumber, {
    signal: io.signal,
  });
  const line = assigned
    ? `The account takes readings of ${serialNumber}.`
    : `The account does not take readings of ${serialNumber} (${status}).`;
  tell(values, io, line, { serialNumber, assigned, status });
  return EXIT.ok;
}

/** Puts a receiver in the place of the one the account has. */
export async function receiverAssignCommand(args: readonly string[], io: Io): Promise<ExitCode> {
  const { values, words } = parseNamedWords(args, SHARE_FLAGS, [SERIAL]);
  const [serialNumber] = words;
  const question = `Take readings of ${serialNumber} in place of the receiver the account has?`;
  const client = await openClientToChange(values, io, question);
  const outcome = await changing(io, () =>
    client.assignReceiver(serialNumber, { signal: io.signal }),
  );
  const line =
    outcome === 'assigned'
      ? `The account now takes readings of ${serialNumber}.`
      : `The account took readings of ${serialNumber} before.`;
  tell(values, io, line, { serialNumber, outcome });
  return EXIT.ok;
}

/** Whether the account is sharing. */
export async function monitoringStatusCommand(args: readonly string[], io: Io): Promise<ExitCode> {
  const values = parseFlags(args, SHARE_FLAGS);
  const client = await openClient(values, io);
  const active = await client.isMonitoringActive({ signal: io.signal });
  tell(values, io, `The account is ${active ? '' : 'not '}sharing.`, { active });
  return EXIT.ok;
}

/** Starts sharing. */
export async function monitoringStartCommand(args: readonly string[], io: Io): Promise<ExitCode> {
  const { values, words } = parseNamedWords(args, SHARE_FLAGS, [SERIAL]);
  const [serialNumber] = words;
  const client = await openClientToChange(
    values,
    io,
    'Start sharing, so that followers see the account?',
  );
  const outcome = await changing(io, () =>
    client.startMonitoring(serialNumber, { signal: io.signal }),
  );
  const line = outcome === 'started' ? 'The account is now sharing.' : 'The account was sharing.';
  tell(values, io, line, { outcome });
  return EXIT.ok;
}

/** Stops sharing. */
export async function monitoringStopCommand(args: readonly string[], io: Io): Promise<ExitCode> {
  const values = parseFlags(args, SHARE_FLAGS);
  const client = await openClientToChange(
    values,
    io,
    'Stop sharing? What followers see then is not known.',
  );
  await changing(io, () => client.stopMonitoring({ signal: io.signal }));
  tell(values, io, 'The account no longer shares.', {});
  return EXIT.ok;
}
