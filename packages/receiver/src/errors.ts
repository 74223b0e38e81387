import { type DataOf, mayPass, stays, TableError } from '@egvkit/protocol';
import { describePageProblem, type PageProblem } from '@egvkit/protocol/receiver';
import type { ReplyDamage } from '@egvkit/protocol/receiver/wire';

const REPLUG = 'Unplug the receiver, plug it in again and retry.';

const OTHER_DEVICE = 'It may also be another device than a receiver: check the name of the port.';
/** The command that is sent before any reply has shown that a receiver is connected. */
const FIRST_COMMAND = 'ping';

function helpWith(command: string, help: string): string {
  return command === FIRST_COMMAND ? `${help} ${OTHER_DEVICE}` : help;
}

const DAMAGE: Readonly<Record<ReplyDamage, string>> = {
  crc: 'its CRC is wrong',
  length: 'its length is impossible',
  noPacket: 'the bytes that came are no packet',
  otherReply: 'it cannot be the answer to this command',
  unfinished: 'it ended too early',
};

/** Failures between this program and a receiver, over any transport. */
export const RECEIVER_ERRORS = {
  portFailed: mayPass<{ path: string; reason: string }>(
    (data) => `${data.path} could not be used: ${data.reason}.`,
    REPLUG,
  ),
  notReleased: mayPass<{ path: string; afterMs: number }>(
    (data) => `${data.path} was not released within ${data.afterMs} ms.`,
    REPLUG,
  ),
  flooded: mayPass<{ path: string; limitBytes: number }>(
    (data) => `${data.path} sent more than ${data.limitBytes} bytes that no request asked for.`,
    `A receiver does not do that: check the name of the port. ${REPLUG}`,
  ),
  unplugged: mayPass<{ path: string }>(
    (data) => `The connection to the receiver on ${data.path} was lost.`,
    'Check the cable (the plug at the computer is the sturdier end), then start again.',
  ),
  closed: stays<{ path: string }>(
    (data) => `${data.path} has been closed.`,
    'Open the receiver again.',
  ),
  busy: stays<{ path: string }>(
    (data) => `A read of ${data.path} is already waiting.`,
    'Wait for the first read; a transport serves one reader.',
  ),
  timeout: mayPass<{ command: string; afterMs: number; attempts: number }>(
    (data) =>
      `The receiver did not answer ${data.command} within ${data.afterMs} ms (asked ${data.attempts} times).`,
    (data) => helpWith(data.command, `${REPLUG} Make sure that it is switched on.`),
  ),
  corrupt: mayPass<{ command: string; damage: ReplyDamage; attempts: number }>(
    (data) =>
      `The receiver's answer to ${data.command} was damaged: ${DAMAGE[data.damage] ?? data.damage} (asked ${data.attempts} times).`,
    (data) => helpWith(data.command, `Try another cable or USB port. ${REPLUG}`),
  ),
  contradictory: mayPass<{ command: string; attempts: number }>(
    (data) =>
      `The receiver's answers to ${data.command} do not agree with each other (asked ${data.attempts} times).`,
    REPLUG,
  ),
  refused: stays<{ command: string; responseCode: number; responseName: string }>(
    (data) =>
      `The receiver refused ${data.command} with ${data.responseName} (code ${data.responseCode}).`,
    (data) => helpWith(data.command, 'This receiver or its firmware does not offer that.'),
  ),
  badPageRange: mayPass<{ recordType: number; first: number; last: number }>(
    (data) =>
      `The receiver named an invalid page range for record type ${data.recordType}: ${data.first} to ${data.last}.`,
    REPLUG,
  ),
  badPage: mayPass<{ recordType: number; page: number; problem: PageProblem }>(
    (data) =>
      `Page ${data.page} of record type ${data.recordType} is unusable: ${describePageProblem(data.problem)}.`,
    'The other pages can still be read. If the error stays, the page is damaged in the receiver.',
  ),
  notConfirmed: stays<{ command: string; wanted: string; found: string }>(
    (data) =>
      `The receiver accepted ${data.command} with ${data.wanted}, but reports ${data.found} now.`,
    'Look at the screen of the receiver before trying again.',
  ),
  stopped: stays<{ failures: number }>(
    (data) => `Nothing more is sent to the receiver after ${data.failures} failures in a row.`,
    REPLUG,
  ),
} as const;

export type ReceiverErrorCode = keyof typeof RECEIVER_ERRORS;

/** A receiver did not answer as it should, or the connection to it failed. */
export class ReceiverError<Code extends ReceiverErrorCode = ReceiverErrorCode> extends TableError<
  typeof RECEIVER_ERRORS,
  Code
> {
  override readonly name = 'ReceiverError';

  constructor(
    code: Code,
    data: DataOf<typeof RECEIVER_ERRORS, Code>,
    options?: { cause?: unknown },
  ) {
    super(RECEIVER_ERRORS, code, data, options);
  }
}
