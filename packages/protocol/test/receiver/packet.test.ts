import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  encodePacket,
  MAX_PACKET_LENGTH,
  PACKET_OVERHEAD,
  PacketDecoder,
  START_OF_PACKET,
} from '../../src/receiver/packet.ts';
import { hex, unhex } from '../support/bytes.ts';
import { bitwiseCrc16 } from '../support/crc-reference.ts';
import { VECTORS } from '../support/vectors.ts';

const outOfRange = expect.objectContaining({ name: 'InputError', code: 'outOfRange' });

describe('encodePacket', () => {
  it('makes every packet of the vectors, requests and replies alike', () => {
    expect(VECTORS.packets).toHaveLength(95);
    for (const { name, command, payload, packet, length } of VECTORS.packets) {
      const encoded = encodePacket(command, unhex(payload));
      expect(hex(encoded), name).toBe(packet);
      expect(encoded).toHaveLength(length);
    }
  });

  it('frames any code and payload: start, length, code, payload, CRC', () => {
    fc.assert(
      fc.property(fc.nat(255), fc.uint8Array({ maxLength: 300 }), (code, payload) => {
        const packet = encodePacket(code, payload);
        const length = payload.length + PACKET_OVERHEAD;
        expect(packet).toHaveLength(length);
        expect(packet[0]).toBe(START_OF_PACKET);
        expect(packet[1]! + packet[2]! * 256).toBe(length);
        expect(packet[3]).toBe(code);
        expect(hex(packet.subarray(4, -2))).toBe(hex(payload));
        const crc = bitwiseCrc16(packet.subarray(0, -2));
        expect(packet[length - 2]! + packet[length - 1]! * 256).toBe(crc);
      }),
    );
  });

  it('makes the longest packet that the length can say, and no longer one', () => {
    const longest = MAX_PACKET_LENGTH - PACKET_OVERHEAD;
    expect(encodePacket(1, new Uint8Array(longest))).toHaveLength(0xffff);
    expect(() => encodePacket(1, new Uint8Array(longest + 1))).toThrow(outOfRange);
  });

  it.each([-1, 256, 1.5, Number.NaN])('refuses code %s', (code) => {
    expect(() => encodePacket(code)).toThrow(outOfRange);
  });
});

describe('the literal packets of the specification', () => {
  it.each([
    ['ping ack (recorded)', '01 06 00 01 35 D4', 1, ''],
    [
      'EGV page range 0…183 (recorded)',
      '01 0E 00 01 00 00 00 00 B7 00 00 00 D0 1B',
      1,
      '00000000b7000000',
    ],
    [
      'calibration page range 5…47 (recorded)',
      '01 0E 00 01 05 00 00 00 2F 00 00 00 32 10',
      1,
      '050000002f000000',
    ],
    ['system time 186 981 121 (recorded)', '01 0A 00 01 01 1B 25 0B 92 93', 1, '011b250b'],
    ['display offset −21 602 (recorded)', '01 0A 00 01 9E AB FF FF 6B 2A', 1, '9eabffff'],
    ['battery 97 % (recorded)', '01 0A 00 01 61 00 00 00 AA 31', 1, '61000000'],
    ['ping', '01 06 00 0A 5E 65', 10, ''],
    ['page range of EGV', '01 07 00 10 04 8B B8', 16, '04'],
    ['NAK', '01 06 00 02 56 E4', 2, ''],
    ['empty partition', '01 0E 00 01 FF FF FF FF FF FF FF FF CD 1D', 1, 'ffffffffffffffff'],
    ['language 0x0409', '01 08 00 01 09 04 A1 8A', 1, '0904'],
    ['transmitter 6ABCD', '01 0B 00 01 36 41 42 43 44 7D 82', 1, '3641424344'],
    [
      'page header',
      '01 22 00 01 3C 06 00 00 26 00 00 00 04 02 2A 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 DB 56 02 4F',
      1,
      '3c0600002600000004022a000000000000000000000000000000db56',
    ],
  ])('%s reads and writes', (_name, literal, code, payload) => {
    const bytes = unhex(literal);
    const events = new PacketDecoder().push(bytes);
    expect(events).toEqual([{ kind: 'packet', code, payload: unhex(payload) }]);
    expect(hex(encodePacket(code, unhex(payload)))).toBe(hex(bytes));
  });

  it('refuses the hand-made ack whose length is 0 though its CRC is right', () => {
    const events = new PacketDecoder().push(unhex('01 00 00 01 95 66'));
    expect(events.map((event) => event.kind)).not.toContain('packet');
  });
});
