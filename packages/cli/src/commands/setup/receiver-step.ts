import { EgvkitError } from '@egvkit/protocol';
import { findReceivers } from '@egvkit/receiver-serial';
import type { Unit } from '../../options/units.ts';
import { invalid } from '../../options/usage.ts';
import { askFound, type SeenReceiver } from '../receivers/found.ts';
import { seenLine } from '../receivers/seen-line.ts';
import { changing } from '../share/client.ts';
import type { Answers } from './answers.ts';
import { attempt, type Dialog } from './dialog.ts';

type Named = SeenReceiver & { readonly serialNumber: string };

/** Asks which receiver is read, by its serial number, which the receiver itself says. */
export async function askReceiver(dialog: Dialog, answers: Answers): Promise<void> {
  const { say } = dialog;
  const before = answers.settings.serial as string | undefined;
  for (;;) {
    const named = await lookForReceivers(dialog, answers.settings.units as Unit);
    const chosen = await choose(dialog, named, before);
    if (chosen !== undefined) {
      answers.settings.serial = chosen;
      await askAssignment(dialog, answers, chosen);
      return;
    }
    const kept = before === undefined ? 'leave it out' : `keep ${before}`;
    const again = await dialog.text(
      `Plug it in with a data cable and press Enter, or type skip to ${kept}`,
      {
        parse: parseAgain,
      },
    );
    if (!again) {
      if (before === undefined)
        say('  Then the one that is plugged in is read, if there is one only.');
      return;
    }
  }
}

function parseAgain(text: string): boolean {
  if (text === '') return true;
  if (/^s(?:kip)?$/i.test(text)) return false;
  throw invalid('answer', text, 'press Enter or type skip');
}

/** Lists the receivers that are plugged in; gives those that say a serial number. */
async function lookForReceivers({ io, say, sayFailure }: Dialog, unit: Unit): Promise<Named[]> {
  say('Looking for receivers …');
  try {
    const { receivers, unsupported } = await findReceivers();
    const seen = await Promise.all(receivers.map((found) => askFound(found, io)));
    for (const one of seen) {
      say(`  ${seenLine(one, unit)}`);
      if ('problem' in one) say(`    ${one.problem.help}`);
    }
    for (const { path, product } of unsupported) say(`  ${path}  ${product}: not supported`);
    if (seen.length + unsupported.length === 0) say('  No receiver is plugged in.');
    return seen.filter((one): one is Named => 'serialNumber' in one && one.serialNumber !== null);
  } catch (error) {
    if (!(error instanceof EgvkitError) || io.signal.aborted) throw error;
    sayFailure(error);
    return [];
  }
}

async function choose(
  { text, yesNo }: Dialog,
  named: readonly Named[],
  before: string | undefined,
): Promise<string | undefined> {
  const [only] = named;
  if (only === undefined) return undefined;
  const serials = named.map(({ serialNumber }) => serialNumber);
  if (named.length === 1) {
    return (await yesNo(`Use the receiver ${only.serialNumber}?`, true))
      ? only.serialNumber
      : undefined;
  }
  return await text('Serial number of the receiver to use', {
    initial: serials.find((serial) => serial === before),
    parse(answer) {
      const serial = serials.find((one) => one === answer.toUpperCase());
      if (serial === undefined) throw invalid('receiver', answer, `type ${serials.join(' or ')}`);
      return serial;
    },
  });
}

/** Finds out whether the account takes readings of the receiver, and asks if it is to. */
async function askAssignment(dialog: Dialog, answers: Answers, serial: string): Promise<void> {
  const { io, say, yesNo } = dialog;
  answers.assign = undefined;
  if (answers.client === undefined) return;
  const { sharing } = answers.client;
  const found = await attempt(dialog, () => sharing.checkReceiver(serial, { signal: io.signal }));
  if (found === undefined) return;
  if (found.assigned) {
    say(`  The account takes readings of ${serial}.`);
    return;
  }
  say(`  The account does not take readings of ${serial} yet.`);
  const question = `Take readings of ${serial} in place of the receiver the account has, if it has one?`;
  if (await yesNo(question, false)) answers.assign = serial;
  else say('  Then nothing can be uploaded to Share until it does: egvkit share receiver assign.');
}

/** Makes the account take readings of the receiver, if the person wants that. */
export async function assignReceiver({ io, say }: Dialog, answers: Answers): Promise<void> {
  const { client, assign: serial } = answers;
  if (client === undefined || serial === undefined) return;
  await changing(io, () => client.sharing.assignReceiver(serial, { signal: io.signal }));
  say(`The account now takes readings of ${serial}.`);
}
