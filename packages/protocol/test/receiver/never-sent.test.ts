import { describe, expect, expectTypeOf, it } from 'vitest';
import type { CommandErrorCode } from '../../src/errors/command.ts';
import { ping } from '../../src/receiver/commands/identity.ts';
import {
  COMMANDS,
  type CommandName,
  commandByCode,
  type ReadCommandName,
  type WriteCommandName,
} from '../../src/receiver/commands.ts';
import { NEVER_SENT, type NeverSentName } from '../../src/receiver/never-sent.ts';
import { prepareRequest, prepare as prepareRow } from '../../src/receiver/request.ts';

const refusal = (code: CommandErrorCode) => expect.objectContaining({ name: 'CommandError', code });
const prepare = prepareRequest as (name: unknown, request?: unknown, how?: unknown) => unknown;

describe('commands that are never sent', () => {
  const rows = Object.entries(NEVER_SENT);

  it('are the dangerous commands and all others of unknown format', () => {
    expect(rows.map(([, row]) => row.code)).toEqual([
      0, 26, 28, 32, 36, 38, 40, 42, 45, 46, 47, 50, 51, 52, 53, 56, 58, 60,
    ]);
  });

  it.each(rows)('%s has no layout, and stands in no other table', (name, row) => {
    expect(Object.keys(row)).toEqual(['code', 'why', 'evidence', 'source']);
    expect(commandByCode(row.code)).toBeUndefined();
    expect(Object.hasOwn(COMMANDS, name)).toBe(false);
    expect(row.why).toMatch(/^[^.]+$/);
    expect(row.source).toMatch(/§/);
  });

  it.each(rows)('%s cannot be made, with or without permission, and says why', (name, { why }) => {
    for (const how of [undefined, {}, { allowWrites: true }]) {
      expect(() => prepare(name, undefined, how)).toThrow(refusal('neverSent'));
      expect(() => prepare(name, {}, how)).toThrow(why);
    }
  });

  it.each(rows)('%s cannot be sent as a row that is like one of the table', (_, { code }) => {
    for (const row of [{ ...ping, code }, Object.create(ping, { code: { value: code } })]) {
      expect(() => prepareRow(row, undefined, { allowWrites: true })).toThrow(
        refusal('unknownCommand'),
      );
    }
    for (const row of [ping, COMMANDS.ping]) {
      expect(() => Object.assign(row, { code })).toThrow(TypeError);
      expect(prepareRow(row, undefined).packet[3]).toBe(10);
    }
  });

  it.each(['toString', '__proto__', 'constructor', '', 53, null, undefined, {}, ['ping']])(
    'nor anything else that is no name: %s',
    (name) =>
      expect(() => prepare(name, undefined, { allowWrites: true })).toThrow(
        refusal('unknownCommand'),
      ),
  );

  it('are no command to the compiler either', () => {
    expectTypeOf<Extract<CommandName, NeverSentName>>().toBeNever();
    // @ts-expect-error -- a name of the other table
    expect(() => prepareRequest('eraseDatabase', undefined)).toThrow(refusal('neverSent'));
  });
});

describe('the one command that writes', () => {
  const offset = { displayOffsetSeconds: 3600 };

  it('is not made unless writing is allowed', () => {
    for (const how of [undefined, {}, { allowWrites: false }, { allowWrites: 1 }]) {
      expect(() => prepare('writeDisplayTimeOffset', offset, how)).toThrow(
        refusal('writeNotAllowed'),
      );
    }
    const { packet } = prepareRequest('writeDisplayTimeOffset', offset, { allowWrites: true });
    expect(packet[3]).toBe(30);
  });

  it('is told apart by its type', () => {
    expectTypeOf<WriteCommandName>().toEqualTypeOf<'writeDisplayTimeOffset'>();
    expectTypeOf<Extract<ReadCommandName, WriteCommandName>>().toBeNever();
    expectTypeOf<'ping'>().toExtend<ReadCommandName>();
  });
});
