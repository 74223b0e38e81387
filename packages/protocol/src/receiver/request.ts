import { ReceiverError } from '../errors/receiver.ts';
import type { Command } from './command.ts';
import { COMMANDS, type CommandName, type CommandReply, type CommandRequest } from './commands.ts';
import { NEVER_SENT, type NeverSentName } from './never-sent.ts';
import { encodePacket, PACKET_OVERHEAD } from './packet.ts';

/** A request as a state machine sends it: the packet, and how to know its reply. */
export interface PreparedRequest<Reply = unknown> {
  readonly command: CommandName;
  /** The whole packet. */
  readonly packet: Uint8Array;
  readonly timeoutMs: number;
  /** Bytes of the longest packet that can come back. */
  readonly longestReply: number;
  /** Whether a payload has the shape of this request's reply. */
  readonly answers: (payload: Uint8Array) => boolean;
  /** Reads a payload for which `answers` held. */
  readonly decode: (payload: Uint8Array) => Reply;
}

/** What a caller may do to a receiver. */
export interface Permission {
  /** Whether commands that change the receiver may be sent; false by default. */
  readonly allowWrites?: boolean;
}

/**
 * Makes the packet of a command from its row. There is no other way to one: a command that is
 * not in the table cannot be made, whatever its name (spec/receiver §12.11).
 *
 * @throws ReceiverError `notAllowed` for a command that is not in the table, or one that writes
 *   unless `permission` allows it
 * @throws InputError `outOfRange` if an argument does not fit
 */
export function prepareRequest<Name extends CommandName>(
  name: Name,
  request: CommandRequest<Name>,
  permission: Permission = {},
): PreparedRequest<CommandReply<Name>> {
  const row = allowedRow(name, permission);
  return {
    command: name,
    packet: encodePacket(row.code, row.request.encode(request)),
    timeoutMs: row.timeoutMs,
    longestReply: PACKET_OVERHEAD + (row.longestReply?.(request) ?? row.reply.maxSize),
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
  if (typeof name !== 'string' || !Object.hasOwn(COMMANDS, name)) {
    const why = Object.hasOwn(NEVER_SENT, command)
      ? NEVER_SENT[command as NeverSentName].why
      : 'it is not among the commands that are known to be safe';
    throw new ReceiverError('notAllowed', { command, why });
  }
  const row = COMMANDS[name as CommandName] as Command<unknown, unknown>;
  if (row.effect !== 'read' && allowWrites !== true) {
    throw new ReceiverError('notAllowed', {
      command,
      why: 'it changes the receiver, and writing was not allowed',
    });
  }
  return row;
}
