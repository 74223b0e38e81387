import { type DataOf, row, TableError } from '@egvkit/protocol';
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
  portFailed: row<{ path: string; reason: string }>({
    message: (data) => `${data.path} could not be used: ${data.reason}.`,
    help: REPLUG,
    retryable: true,
  }),
  notReleased: row<{ path: string; afterMs: number }>({
    message: (data) => `${data.path} was not released within ${data.afterMs} ms.`,
    help: REPLUG,
    retryable: true,
  }),
  flooded: row<{ path: string; limitBytes: number }>({
    message: (data) =>
      `${data.path} sent more than ${data.limitBytes} bytes that no request asked for.`,
    help: `A receiver does not do that: check the name of the port. ${REPLUG}`,
    retryable: true,
  }),
  unplugged: row<{ path: string }>({
    message: (data) => `The connection to the receiver on ${data.path} was lost.`,
    help: 'Check the cable (the plug at the computer is the sturdier end), then start again.',
    retryable: true,
  }),
  closed: row<{ path: string }>({
    message: (data) => `${data.path} has been closed.`,
    help: 'Open the receiver again.',
    retryable: false,
  }),
  busy: row<{ path: string }>({
    message: (data) => `A read of ${data.path} is already waiting.`,
    help: 'Wait for the first read; a transport serves one reader.',
    retryable: false,
  }),
  timeout: row<{ command: string; afterMs: number; attempts: number }>({
    message: (data) =>
      `The receiver did not answer ${data.command} within ${data.afterMs} ms (asked ${data.attempts} times).`,
    help: (data) => helpWith(data.command, `${REPLUG} Make sure that it is switched on.`),
    retryable: true,
  }),
  corrupt: row<{ command: string; damage: ReplyDamage; attempts: number }>({
    message: (data) =>
      `The receiver's answer to ${data.command} was damaged: ${DAMAGE[data.damage] ?? data.damage} (asked ${data.attempts} times).`,
    help: (data) => helpWith(data.command, `Try another cable or USB port. ${REPLUG}`),
    retryable: true,
  }),
  contradictory: row<{ command: string; attempts: number }>({
    message: (data) =>
      `The receiver's answers to ${data.command} do not agree with each other (asked ${data.attempts} times).`,
    help: REPLUG,
    retryable: true,
  }),
  refused: row<{ command: string; responseCode: number; responseName: string }>({
    message: (data) =>
      `The receiver refused ${data.command} with ${data.responseName} (code ${data.responseCode}).`,
    help: (data) => helpWith(data.command, 'This receiver or its firmware does not offer that.'),
    retryable: false,
  }),
  badPageRange: row<{ recordType: number; first: number; last: number }>({
    message: (data) =>
      `The receiver named an invalid page range for record type ${data.recordType}: ${data.first} to ${data.last}.`,
    help: REPLUG,
    retryable: true,
  }),
  badPage: row<{ recordType: number; page: number; problem: PageProblem }>({
    message: (data) =>
      `Page ${data.page} of record type ${data.recordType} is unusable: ${describePageProblem(data.problem)}.`,
    help: 'The other pages can still be read. If the error stays, the page is damaged in the receiver.',
    retryable: true,
  }),
  notConfirmed: row<{ command: string; wanted: string; found: string }>({
    message: (data) =>
      `The receiver accepted ${data.command} with ${data.wanted}, but reports ${data.found} now.`,
    help: 'Look at the screen of the receiver before trying again.',
    retryable: false,
  }),
  stopped: row<{ failures: number }>({
    message: (data) =>
      `Nothing more is sent to the receiver after ${data.failures} failures in a row.`,
    help: REPLUG,
    retryable: false,
  }),
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
