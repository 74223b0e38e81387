import { encodePacket } from '@egvkit/protocol/receiver/wire';
import { describe, expect, it } from 'vitest';
import { bench, g4, g5, g6, tamper } from '../support/bench.ts';
import { sealed } from '../support/bytes.ts';
import { failure, NOW_MS, NOW_SECONDS, settle, useFakeClock } from '../support/clock.ts';
import { database } from '../support/records.ts';

useFakeClock();

const PROFILES = [g4, g5, g6];
const INVALID_COMMAND = encodePacket(3);
const INVALID_PARAM = encodePacket(4);

describe('identify', () => {
  it.each(PROFILES)('tells product, serial number and transmitter of a $name', async (profile) => {
    const { receiver } = await bench({
      profile,
      database: database(profile, { serialNumbers: ['SM00004711'] }),
    });
    const identity = await settle(receiver.identify());
    expect(identity.serialNumber).toBe('SM00004711');
    expect(identity.transmitterId).toBe(profile.transmitterId);
    expect(identity.firmware).toMatchObject({
      productId: profile.firmware.ProductId,
      productName: profile.firmware.ProductName,
      softwareNumber: profile.firmware.SoftwareNumber,
      firmwareVersion: profile.firmware.FirmwareVersion,
    });
    expect({ ...identity.firmware?.attributes }).toEqual(profile.firmware);
  });

  it.each([
    ['in capitals, however it is stored', ['sm00000001'], 'SM00000001'],
    ['of the last manufacturing record of a re-worked receiver', ['SM1', 'SM2', 'SM3'], 'SM3'],
    ['of the last record that has one', ['SM1', 'SM2', undefined], 'SM2'],
    ['undefined if no record has one', [undefined], undefined],
    ['undefined if there is no record', [], undefined],
  ])('gives the serial number %s', async (_, serialNumbers, expected) => {
    const { receiver } = await bench({ database: database(g4, { serialNumbers }) });
    expect((await settle(receiver.identify())).serialNumber).toBe(expected);
  });

  it('asks for one manufacturing page only if the last one has the number', async () => {
    const { receiver, requests } = await bench({
      database: database(g4, { serialNumbers: ['SM1', 'SM2', 'SM3'] }),
    });
    await settle(receiver.identify());
    expect(requests.filter((request) => request.startsWith('01 0C'))).toEqual([
      expect.stringMatching(/^01 0C 00 11 00 02 00 00 00 01 /),
    ]);
  });

  it('does not pass off the number of an older record when the last one is damaged', async () => {
    const deliver = tamper('readDatabasePages', (reply) => {
      const page = reply.slice(4, -2);
      page[100] = page[100]! ^ 1;
      return [encodePacket(1, page)];
    });
    const { receiver } = await bench({
      database: database(g4, { serialNumbers: ['SM1', 'SM2'] }),
      deliver,
    });
    expect(await failure(receiver.identify())).toMatchObject({
      code: 'badPage',
      data: { recordType: 0, page: 1, problem: { kind: 'recordCrc', index: 1 } },
    });
  });

  it('leaves out what the receiver refuses to tell', async () => {
    const { receiver } = await bench({
      deliver: ({ command }) => (command === 'ping' ? undefined : [INVALID_COMMAND]),
    });
    expect(await settle(receiver.identify())).toEqual({
      firmware: undefined,
      serialNumber: undefined,
      transmitterId: undefined,
    });
  });

  it('leaves out a firmware header that is none', async () => {
    const text = Uint8Array.from('<Nonsense/>', (c) => c.charCodeAt(0));
    const deliver = tamper('readFirmwareHeader', () => [encodePacket(1, text)]);
    const { receiver } = await bench({ deliver });
    expect(await settle(receiver.identify())).toMatchObject({
      firmware: undefined,
      serialNumber: 'SM00000001',
    });
  });
});

describe('clock', () => {
  it('tells both clocks and how far the internal one is off', async () => {
    const nowMs = () => NOW_MS + 400;
    const { receiver } = await bench(
      { nowMs, clockErrorSeconds: -98, displayOffsetSeconds: -25_200 },
      { nowMs },
    );
    expect(await settle(receiver.clock())).toEqual({
      systemSeconds: NOW_SECONDS - 98,
      displaySeconds: NOW_SECONDS - 98 - 25_200,
      displayOffsetSeconds: -25_200,
      errorSeconds: -98,
      hostUnixMs: NOW_MS + 400,
    });
  });

  it('tells the time of a receiver that is far from today', async () => {
    const { receiver } = await bench({ clockErrorSeconds: 19_168_117 });
    expect((await settle(receiver.clock())).errorSeconds).toBe(19_168_117);
  });

  it('takes a receiver that has lost its time at its 32-bit word', async () => {
    const { receiver } = await bench({
      clockErrorSeconds: -NOW_SECONDS + 600,
      displayOffsetSeconds: -25_200,
      nowMs: () => NOW_MS,
    });
    expect(await settle(receiver.clock())).toMatchObject({
      systemSeconds: 600,
      displaySeconds: 2 ** 32 + 600 - 25_200,
    });
  });

  it('is not wrong by the time it waited for its turn or for a lost reply', async () => {
    const lost = tamper('readSystemTime', (_, number) => (number === 1 ? 'nothing' : undefined));
    const { receiver } = await bench({ deliver: lost, replyDelayMs: 900 });
    const before = Array.from({ length: 6 }, () => receiver.ask('ping', undefined));
    const asked = receiver.clock();
    await settle(Promise.all(before));
    const clock = await settle(asked);
    expect(Math.abs(clock.errorSeconds)).toBeLessThanOrEqual(1);
  });

  it('uses the clock of the host that it was given', async () => {
    const { receiver } = await bench({}, { nowMs: () => NOW_MS + 3_600_000 });
    expect((await settle(receiver.clock())).errorSeconds).toBe(-3600);
  });
});

describe('battery and display', () => {
  it('tells charge and state of the battery', async () => {
    const { receiver } = await bench({ batteryPercent: 97 });
    expect(await settle(receiver.battery())).toEqual({
      percent: 97,
      state: { raw: 1, name: 'charging' },
    });
  });

  it('tells how the screen is set', async () => {
    const { receiver } = await bench();
    expect(await settle(receiver.display())).toEqual({
      unit: { raw: 1, name: 'mg/dL' },
      clockMode: { raw: 0, name: expect.any(String) },
      language: { raw: 0x0409, name: 'English' },
    });
  });

  it('takes a refusal of any of them for "not told"', async () => {
    const { receiver } = await bench({
      deliver: ({ command }) => (command === 'ping' ? undefined : [INVALID_PARAM]),
    });
    expect(await settle(receiver.battery())).toEqual({ percent: undefined, state: undefined });
    expect(await settle(receiver.display())).toEqual({
      unit: undefined,
      clockMode: undefined,
      language: undefined,
    });
  });

  it('keeps a state that no source has a name for', async () => {
    const deliver = tamper('readBatteryState', () => [
      sealed(Uint8Array.of(1, 7, 0, 1, 0x2a, 0, 0)),
    ]);
    const { receiver } = await bench({ deliver });
    expect((await settle(receiver.battery())).state).toEqual({ raw: 0x2a, name: 'unknown' });
  });
});
