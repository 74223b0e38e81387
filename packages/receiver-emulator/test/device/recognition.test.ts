import { describe, expect, it } from 'vitest';
import { RECEIVER_PROFILES } from '../../src/profiles.ts';
import { unhex } from '../support/bytes.ts';
import { socket } from '../support/wire.ts';

/** ReadFirmwareHeader as any program sends it. */
const READ_FIRMWARE_HEADER = '01 06 00 0B 7F 75'; // receiver §2.5

/** The text of a reply that says how long it is and that it is an ACK. */
function textOf(reply: string): string {
  const bytes = unhex(reply);
  expect(bytes[0]).toBe(0x01);
  expect(bytes[1]! + 256 * bytes[2]!).toBe(bytes.length);
  expect(bytes[3]).toBe(0x01);
  return String.fromCharCode(...bytes.slice(4, -2));
}

describe('a program that tells the model by the firmware header, as DexcTrack does', () => {
  // receiver §13
  it.each([
    ['g4', ["ProductId='G4Receiver'", "FirmwareVersion='2.0.1.104'"]],
    ['g4-share', ["ProductId='G4Receiver'", "FirmwareVersion='2.0.1.104'"]],
    [
      'g5',
      [
        "ProductId='G5MobileReceiver'",
        "ProductName='Dexcom G5 Mobile Receiver'",
        "SoftwareNumber='SW10617'",
        "ApiVersion='3.0.0.0'",
        "FirmwareVersion='4.0.1.048'",
        "PortVersion='4.6.4.66'",
        'BLESoftwareVersion=',
        'BLEHardwareVersion=',
        'BLEDeviceAddress=',
      ],
    ],
    [
      'g5-touch',
      ["ProductId='ScoutReceiver'", "SoftwareNumber='SW10751'", "FirmwareVersion='5.0.1.043'"],
    ],
    ['g6', ["ProductId='OrionReceiver'", "FirmwareVersion='5.1.1.022'"]],
  ] as const)('finds in the reply of the %s what it looks for', (name, attributes) => {
    const { ask } = socket({ profile: RECEIVER_PROFILES[name] });
    const [reply, ...more] = ask(READ_FIRMWARE_HEADER);
    expect(more).toEqual([]);
    const text = textOf(reply!);
    expect(text).toMatch(/^<FirmwareHeader .*\/>$/);
    for (const attribute of attributes) expect(text).toContain(` ${attribute}`);
    expect(text.split(' FirmwareVersion=')).toHaveLength(2);
  });

  it('asks any model for its transmitter and gets its characters', () => {
    for (const profile of Object.values(RECEIVER_PROFILES)) {
      const { ask } = socket({ profile });
      expect(textOf(ask('01 06 00 19 0C 47')[0]!)).toBe(profile.transmitterId);
    }
  });
});
