import { CommandError } from '../errors/command.ts';
import type { Command } from './command.ts';
import { COMMANDS, type CommandName, type CommandReply, type CommandRequest } from './commands.ts';
import { NEVER_SENT, type NeverSentName } from './never-sent.ts';
import { encodePacket, PACKET_OVERHEAD } from './packet.ts';

/** A refusal may carry a payload, whatever the command: one byte was seen, more are ours. */
const LONGEST_REFUSAL = 16; // receiver §2.3

/** A request as a state machine sends it: the packet, and how to know its reply. */
export interface PreparedRequest<Reply = unknown> {
  readonly command: CommandName;
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
  readonly allowWrites?: boolean;
}

/**
 * Makes the packet of a command from its row, and refuses a command that is not in the table,
 * whatever its name. The driver sends only packets that were made here.
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
  const row = allowedRow(name, permission);
  const longest = row.longestReply?.(request) ?? row.reply.maxSize;
  return {
    command: name,
    packet: encodePacket(row.code, row.request.encode(request)),
    timeoutMs: row.timeoutMs,
    longestReply: PACKET_OVERHEAD + Math.max(longest, LONGEST_REFUSAL),
    replySize: { min: row.reply.minSize, max: longest },
    answers: (payload) =>
      payload.length >= row.reply.minSize &&
      payload.length <= row.reply.maxSize &&
      (row.answers?.(request, payload) ?? true),
    decode: (payload) => row.reply.decode(payload) as CommandReply<Name>,
  };
}

/** The row of a command that may be sent. What has no types may ask for anything. */
function allowedRow(name: unknown, { allowWrites }: Permission): Command<unknown, unknown> {
  const command = String(name);
  if (typeof name !== 'string') throw new CommandError('unknownCommand', { command });
  if (Object.hasOwn(NEVER_SENT, name)) {
    throw new CommandError('neverSent', { command: name as NeverSentName });
  }
  if (!Object.hasOwn(COMMANDS, name)) throw new CommandError('unknownCommand', { command });
  const row = COMMANDS[name as CommandName] as Command<unknown, unknown>;
  if (row.effect !== 'read' && allowWrites !== true) {
    throw new CommandError('writeNotAllowed', { command });
  }
  return row;
}
