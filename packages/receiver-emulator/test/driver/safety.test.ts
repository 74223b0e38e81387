import { COMMANDS } from '@egvkit/protocol/receiver';
import { describe, expect, it } from 'vitest';
import { generateDatabase } from '../../src/history.ts';
import { bench, g4, g5, g6, tamper } from '../support/bench.ts';
import { all, failure, NOW_MS, settle, useFakeClock } from '../support/clock.ts';

useFakeClock();

/** Commands that erase, write, reset or brick a receiver, or are not known. */
const NEVER = [0, 26, 28, 30, 32, 36, 38, 40, 42, 45, 46, 47, 50, 51, 52, 53, 56, 58, 60, 61, 255];
const READING = Object.values(COMMANDS)
  .filter((command) => command.effect === 'read')
  .map((command) => command.code);
function expectHarmless(codes: readonly number[]): void {
  expect(codes.length).toBeGreaterThan(0);
  expect(codes.filter((code) => !READING.includes(code))).toEqual([]);
  expect(codes.filter((code) => NEVER.includes(code))).toEqual([]);
}

describe('only commands that read are ever sent', () => {
  it('because the table calls nothing reading that is not', () => {
    expectHarmless(READING);
  });

  it.each([g4, g5, g6])('in a whole session with a $name', async (profile) => {
    const content = generateDatabase({ profile, seed: 3, days: 1, nowMs: NOW_MS });
    const { receiver, device } = await bench({ profile, database: content });
    await settle(receiver.identify());
    await settle(receiver.clock());
    await settle(receiver.battery());
    await settle(receiver.display());
    for (const name of ['egv', 'backfilledEgv', 'manufacturing'] as const) {
      await settle(receiver.pageRange(name));
      await all(receiver.pages(name));
      await all(receiver.records(name, { since: new Date(NOW_MS - 3_600_000) }));
    }
    await settle(receiver.ask('readDatabasePageHeader', { recordType: 0, page: 0 }));
    for (const [name, { effect, request }] of Object.entries(COMMANDS)) {
      if (effect !== 'read' || request.maxSize > 0) continue;
      await settle(receiver.ask(name as 'ping', undefined));
    }
    await settle(receiver.close());
    expectHarmless(device.codesSeen);
    expect(new Set(device.codesSeen)).toEqual(new Set(READING));
  });

  it.each([
    ['silence', 'nothing'],
    ['noise', [Uint8Array.of(1, 53, 0, 53, 53, 53)]],
    ['a pulled cable', 'unplug'],
  ] as const)('also while recovering from %s', async (_, delivery) => {
    const { receiver, device } = await bench({ deliver: tamper('readRtc', () => delivery) });
    for (let i = 0; i < 4; i++) await failure(receiver.ask('readRtc', undefined));
    await failure(receiver.identify());
    expectHarmless(device.codesSeen);
  });

  it('even by a caller without types', async () => {
    const { receiver, requests } = await bench();
    const ask = receiver.ask as (name: unknown, request?: unknown) => Promise<unknown>;
    for (const name of ['eraseDatabase', 'toString', '__proto__', 'constructor', 53, undefined]) {
      await failure(ask.call(receiver, name));
    }
    await failure(ask.call(receiver, 'writeDisplayTimeOffset', { displayOffsetSeconds: 0 }));
    const badArguments = [
      ['readDatabasePages', { recordType: 4, firstPage: 0, pageCount: 5 }],
      ['readDatabasePages', { recordType: 4, firstPage: -1, pageCount: 1 }],
      ['readDatabasePageRange', { recordType: 256 }],
      ['readDatabasePageRange', {}],
    ] as const;
    for (const [name, request] of badArguments) {
      expect(await failure(ask.call(receiver, name, request))).toMatchObject({
        code: 'outOfRange',
      });
    }
    expect(requests).toEqual([]);
    await settle(receiver.ask('ping', undefined));
  });
});
