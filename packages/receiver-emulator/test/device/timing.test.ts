import { encodePacket } from '@egvkit/protocol/receiver/wire';
import { describe, expect, it, vi } from 'vitest';
import { latencyOf, seededLatencies } from '../../src/timing.ts';
import { g4 } from '../support/bench.ts';
import { hex } from '../support/bytes.ts';
import { useFakeClock } from '../support/clock.ts';
import { database, readings } from '../support/records.ts';
import { socket } from '../support/wire.ts';

useFakeClock();

describe('the latencies', () => {
  it.each([
    ['ping', 13.1, 13.8, 14.5],
    ['readBlindedMode', 7.5, 11.1, 16],
    ['readGlucoseUnit', 14, 14.9, 15],
    ['readLanguage', 12.8, 13.3, 13.8],
    ['readSystemTime', 12.1, 14.2, 15],
    ['readTransmitterId', 16, 16, 16.1],
    ['readDatabasePageRange', 10.9, 19.8, 25.9],
    ['readDatabasePageHeader', 12.9, 23.9, 33.5],
    ['readFirmwareHeader', 22.4, 29.6, 38.2],
    ['readFirmwareSettings', 158.6, 168.4, 178.1],
    ['readDatabasePartitionInfo', 90.4, 96.5, 218.9],
  ] as const)('of %s are those that were measured', (command, minMs, medianMs, maxMs) => {
    // receiver §12.6
    expect(latencyOf(command, 0)).toEqual({ minMs, medianMs, maxMs });
    const draw = seededLatencies(7);
    const drawn = Array.from({ length: 2001 }, () => draw(latencyOf(command, 0))).sort(
      (a, b) => a - b,
    );
    expect(drawn[0]).toBeGreaterThanOrEqual(minMs);
    expect(drawn.at(-1)).toBeLessThanOrEqual(maxMs);
    expect(Math.abs(drawn[1000]! - medianMs)).toBeLessThan(0.1 * (maxMs - minMs));
  });

  it('of pages are 20 ms and 6.6 ms a page, and so is a whole history', () => {
    // receiver §12.7
    expect([1, 2, 3, 4].map((pages) => latencyOf('readDatabasePages', pages).medianMs)).toEqual([
      26.6, 33.2, 39.8, 46.4,
    ]);
    const draw = seededLatencies(1);
    const total = (requests: number[]) =>
      requests.reduce((sum, pages) => sum + draw(latencyOf('readDatabasePages', pages)), 0);
    const byFours = total([...new Array<number>(57).fill(4), 3]);
    const oneByOne = total(new Array<number>(231).fill(1));
    expect(Math.abs(byFours - 2700)).toBeLessThan(100);
    expect(Math.abs(oneByOne - 6100)).toBeLessThan(150);
  });

  it('are the same for the same seed', () => {
    const drawn = (seed: number) => {
      const draw = seededLatencies(seed);
      return Array.from({ length: 50 }, () => draw(latencyOf('ping', 0)));
    };
    expect(drawn(4)).toEqual(drawn(4));
    expect(drawn(4)).not.toEqual(drawn(5));
  });
});

describe('a receiver that takes its time', () => {
  const PAGES = hex(encodePacket(17, Uint8Array.of(4, 0, 0, 0, 0, 4)));
  const content = database(g4, { egv: readings(2, 4 * 38) });

  it('answers when the latency is over, and adds it up', () => {
    const { ask, sent, device } = socket({ database: content, timing: { seed: 1 } });
    expect(ask(PAGES)).toEqual([]);
    expect(device.repliesTookMs).toBeGreaterThanOrEqual(0.78 * 46.4);
    expect(device.repliesTookMs).toBeLessThanOrEqual(1.2 * 46.4);
    vi.advanceTimersByTime(Math.floor(device.repliesTookMs) - 1);
    expect(sent()).toEqual([]);
    vi.advanceTimersByTime(2);
    expect(sent()).toHaveLength(1);
  });

  it('answers in the order it was asked', () => {
    const { send, sent } = socket({ database: content, timing: { seed: 1 } });
    send('01 06 00 36 81 92');
    send('01 06 00 0A 5E 65');
    vi.advanceTimersByTime(100);
    expect(sent()).toEqual([]);
    vi.advanceTimersByTime(200);
    expect(sent().map((reply) => reply.length > 20)).toEqual([true, false]);
  });

  it('answers at once unless it is told to take its time', () => {
    const { ask, device } = socket({ database: content });
    expect(ask(PAGES)).toHaveLength(1);
    expect(device.repliesTookMs).toBe(0);
  });
});
