import { encodePacket } from '@egvkit/protocol/receiver/wire';
import { describe, expect, it } from 'vitest';
import { bench, g4, g6, tamper } from '../support/bench.ts';
import { ascii } from '../support/bytes.ts';
import { failure, NOW_MS, NOW_SECONDS, settle, useFakeClock } from '../support/clock.ts';
import { database, readings } from '../support/records.ts';

useFakeClock();

const INVALID_COMMAND = encodePacket(3);

describe('what a receiver says of itself', () => {
  it('adds up: system time is the counter and its offset', async () => {
    const { receiver } = await bench({ nowMs: () => NOW_MS, clockErrorSeconds: 98 });
    const { rtcSeconds, systemOffsetSeconds } = await settle(receiver.hardwareClock());
    expect(rtcSeconds! + systemOffsetSeconds!).toBe(NOW_SECONDS + 98);
  });

  it('is that it answers', async () => {
    const { receiver, requests } = await bench();
    expect(await settle(receiver.ping())).toBeUndefined();
    expect(requests).toEqual(['01 06 00 0A 5E 65']);
  });

  it('is its mode, its charger and its firmware image', async () => {
    const { receiver } = await bench();
    expect(await settle(receiver.mode())).toEqual({
      blinded: { raw: 0, blinded: false },
      deviceMode: 0,
    });
    expect(await settle(receiver.chargerCurrent())).toMatchObject({ raw: expect.any(Number) });
    expect(await settle(receiver.firmwareSettings())).toEqual({
      firmwareImageId: '',
      attributes: { FirmwareImageId: '' },
      text: '<FirmwareSettings FirmwareImageId="" />',
    });
  });

  it('keeps a text of firmware settings that is not understood', async () => {
    const deliver = tamper('readFirmwareSettings', () => [encodePacket(1, ascii('<New'))]);
    const { receiver } = await bench({ deliver });
    expect(await settle(receiver.firmwareSettings())).toEqual({
      firmwareImageId: undefined,
      attributes: {},
      text: '<New',
    });
  });

  it('is a list of its record types, asked for once', async () => {
    const content = database(g6, { egv: readings(5, 3) });
    const { receiver, requests } = await bench({ profile: g6, database: content });
    expect(await settle(receiver.partitions())).toEqual(content.partitions());
    await settle(receiver.partitions());
    expect(requests).toHaveLength(1);
  });

  it('is the header of a page', async () => {
    const content = database(g4, { egv: readings(2, 40), egvFirstPage: 5 });
    const { receiver } = await bench({ database: content });
    expect(await settle(receiver.pageHeader('egv', 6))).toMatchObject({
      recordType: 4,
      pageNumber: 6,
      recordCount: 2,
      firstRecordIndex: 6 * 38,
    });
    expect(await failure(receiver.pageHeader(4, 7))).toMatchObject({ code: 'refused' });
  });

  it('is undefined where it refuses to say', async () => {
    const deliver = ({ command }: { command: string | undefined }) =>
      command === 'ping' ? undefined : [INVALID_COMMAND];
    const { receiver } = await bench({ deliver });
    expect(await settle(receiver.mode())).toEqual({ blinded: undefined, deviceMode: undefined });
    expect(await settle(receiver.hardwareClock())).toEqual({
      rtcSeconds: undefined,
      systemOffsetSeconds: undefined,
    });
    expect(await settle(receiver.chargerCurrent())).toBeUndefined();
    expect(await settle(receiver.firmwareSettings())).toBeUndefined();
    expect(await settle(receiver.partitions())).toBeUndefined();
  });

  it('fails where the line fails', async () => {
    const deliver = ({ command }: { command: string | undefined }) =>
      command === 'ping' ? undefined : ('nothing' as const);
    const { receiver } = await bench({ deliver });
    expect(await failure(receiver.mode())).toMatchObject({ code: 'timeout' });
    expect(await failure(receiver.partitions())).toMatchObject({ code: 'timeout' });
  });
});
