import { EXIT, type ExitCode } from './failure.ts';
import type { Io } from './io.ts';
import { openClient, requireConsent, SHARE_FLAGS, takeWords, tell } from './shareOptions.ts';
import { parseFlags } from './uploadOptions.ts';

const SERIAL = 'The serial number of the receiver';

/** Signs in, and uses the session once: a stored one may have ended. */
export async function loginCommand(args: readonly string[], io: Io): Promise<ExitCode> {
  const values = parseFlags(args, SHARE_FLAGS);
  const client = await openClient(values, io);
  const sharing = await client.isMonitoringActive({ signal: io.signal });
  const line = `Signed in at ${client.origin}; the account is ${sharing ? '' : 'not '}sharing.`;
  tell(values, io, line, { service: client.origin, sharing });
  return EXIT.ok;
}

/** Whether the account takes readings of a receiver. */
export async function receiverCheckCommand(args: readonly string[], io: Io): Promise<ExitCode> {
  const { words, flags } = takeWords(args, [SERIAL]);
  const values = parseFlags(flags, SHARE_FLAGS);
  const [serialNumber = ''] = words;
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
  const { words, flags } = takeWords(args, [SERIAL]);
  const values = parseFlags(flags, SHARE_FLAGS);
  const [serialNumber = ''] = words;
  const question = `Take readings of ${serialNumber} in place of the receiver the account has?`;
  await requireConsent(values, io, question);
  const client = await openClient(values, io);
  const outcome = await client.assignReceiver(serialNumber, { signal: io.signal });
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
  const { words, flags } = takeWords(args, [SERIAL]);
  const values = parseFlags(flags, SHARE_FLAGS);
  await requireConsent(values, io, 'Start sharing, so that followers see the account?');
  const client = await openClient(values, io);
  const outcome = await client.startMonitoring(words[0] ?? '', { signal: io.signal });
  const line = outcome === 'started' ? 'The account is now sharing.' : 'The account was sharing.';
  tell(values, io, line, { outcome });
  return EXIT.ok;
}

/** Stops sharing. */
export async function monitoringStopCommand(args: readonly string[], io: Io): Promise<ExitCode> {
  const values = parseFlags(args, SHARE_FLAGS);
  await requireConsent(values, io, 'Stop sharing? What followers see then is not known.');
  const client = await openClient(values, io);
  await client.stopMonitoring({ signal: io.signal });
  tell(values, io, 'The account no longer shares.', {});
  return EXIT.ok;
}
