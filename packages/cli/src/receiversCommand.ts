import { findReceivers } from '@egvkit/receiver-serial';
import { EXIT, type ExitCode } from './failure.ts';
import type { Io } from './io.ts';
import { parseFlags } from './uploadOptions.ts';
import { count } from './words.ts';

const FLAGS = { json: { type: 'boolean' }, verbose: { type: 'boolean' } } as const;

/** Lists the receivers that are plugged in. */
export async function receiversCommand(args: readonly string[], io: Io): Promise<ExitCode> {
  const { json } = parseFlags(args, FLAGS);
  const { receivers, unsupported, portsSeen } = await findReceivers();
  if (json) {
    io.write(`${JSON.stringify({ receivers, unsupported, portsSeen })}\n`);
    return EXIT.ok;
  }
  for (const { path, manufacturer } of receivers) io.write(`${path}  ${manufacturer ?? ''}\n`);
  for (const { path, product } of unsupported) io.write(`${path}  ${product}: not supported\n`);
  if (receivers.length + unsupported.length === 0) {
    io.write(`No receiver among ${count(portsSeen, 'serial port')}.\n`);
  }
  return EXIT.ok;
}
