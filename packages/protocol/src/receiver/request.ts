import { CommandError } from '../errors/command.ts';
import { type Command, isCommand } from './command.ts';
import {
  type CommandName,
  type CommandReply,
  type CommandRequest,
  commandNamed,
} from './commands.ts';
import { NEVER_SENT, type NeverSentName } from './never-sent.ts';
import { encodePacket, PACKET_OVERHEAD } from './packet.ts';

/** A refusal may carry a payload, whatever the command: one byte was seen, more are ours. */
const LONGEST_REFUSAL = 16; // receiver §2.3

/** A request as a state machine sends it: the packet, and how to know its reply. */
export interface PreparedRequest<Reply = unknown> {
  readonly command: CommandName;
  /** Effect on the receiver. */
  readonly effect: 'read' | 'write';
  /** The whole packet. */
  readonly packet: Uint8Array;
  readonly timeoutMs: number;
  /** Bytes of the longest packet that can come back. */
  readonly longestReply: number;
  /** Bytes of the shortest and the longest payload of a reply. */
  readonly replySize: { readonly min: number; readonly max: number };
  /** Tells whether a payload has the shape of this request's reply. */
  readonly answers: (payload: Uint8Array) => boolean;
  /** Reads a payload for which `answers` held. */
  readonly decode: (payload: Uint8Array) => Reply;
}

/** Permissions of a caller. */
export interface Permission {
  /** True to allow commands that change the receiver; false by default. */
  readonly allowWrites?: boolean | undefined;
}

/**
 * Makes the packet of a command of the table from its row, and refuses what is no row of it. The driver
 * sends only packets that were made here.
 *
 * @throws CommandError `unknownCommand` for what is no row; `writeNotAllowed` for one that writes unless
 *   `permission` allows it
 * @throws InputError `outOfRange` if an argument does not fit
 */
export function prepare<Request, Reply>(
  // receiver §12.11
  row: Command<Request, Reply, CommandName>,
  request: Request,
  { allowWrites }: Permission = {},
): PreparedRequest<Reply> {
  const { name: command } = row;
  if (!isCommand(row)) throw new CommandError('unknownCommand', { command });
  if (row.effect !== 'read' && allowWrites !== true) {
    throw new CommandError('writeNotAllowed', { command });
  }
  const longest = row.longestReply?.(request) ?? row.reply.maxSize;
  return {
    command,
    effect: row.effect,
    packet: encodePacket(row.code, row.request.encode(request)),
    timeoutMs: row.timeoutMs,
    longestReply: PACKET_OVERHEAD + Math.max(longest, LONGEST_REFUSAL),
    replySize: { min: row.reply.minSize, max: longest },
    answers: (payload) =>
      payload.length >= row.reply.minSize &&
      payload.length <= row.reply.maxSize &&
      (row.answers?.(request, payload) ?? true),
    decode: (payload) => row.reply.decode(payload),
  };
}

/**
 * Makes the packet of a command by its name, and refuses a command that is not in the table,
 * whatever its name.
 *
 * @throws CommandError `unknownCommand` and `neverSent` for a command that is not in the table;
 *   `writeNotAllowed` for one that writes unless `permission` allows it
 * @throws InputError `outOfRange` if an argument does not fit
 *
 * @example
 * ```ts
 * import { prepareRequest } from '@egvkit/protocol/receiver';
 *
 * const { packet } = prepareRequest('readSystemTime', undefined); // 01 06 00 22 34 C0
 * ```
 */
export function prepareRequest<Name extends CommandName>(
  // receiver §12.11
  name: Name,
  request: CommandRequest<Name>,
  permission: Permission = {},
): PreparedRequest<CommandReply<Name>> {
  return prepare(sendable(name), request, permission) as PreparedRequest<CommandReply<Name>>;
}

/**
 * Finds the row of a command that may be sent. What has no types may ask for anything.
 *
 * @throws CommandError `unknownCommand`, `neverSent`
 */
export function sendable(name: unknown): Command<unknown, unknown, CommandName> {
  const row = commandNamed(name);
  if (row !== undefined) return row;
  const command = String(name);
  if (typeof name !== 'string' || !Object.hasOwn(NEVER_SENT, name)) {
    throw new CommandError('unknownCommand', { command });
  }
  const { why } = NEVER_SENT[name as NeverSentName];
  throw new CommandError('neverSent', { command: name as NeverSentName, why });
}
