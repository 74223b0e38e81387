import type { CommandName } from '@egvkit/protocol/receiver';
import { encodePacket } from '@egvkit/protocol/receiver/wire';
import { describe, expect, it } from 'vitest';
import { bench } from '../support/bench.ts';
import { settle, useFakeClock } from '../support/clock.ts';

useFakeClock();

/** Commands that a receiver may not know. */
const OPTIONAL: ReadonlySet<CommandName | undefined> = new Set<CommandName>([
  'readFirmwareHeader',
  'readTransmitterId',
  'readBatteryLevel',
  'readBatteryState',
  'readGlucoseUnit',
  'readClockMode',
  'readLanguage',
  'readBlindedMode',
  'readDeviceMode',
  'readChargerCurrentSetting',
  'readFirmwareSettings',
  'readRtc',
]);
const REFUSAL = encodePacket(3);

describe('a receiver that refuses every optional command', () => {
  it('tells nothing of itself, and that at once', async () => {
    const { receiver, requests } = await bench({
      deliver: ({ command }) => (OPTIONAL.has(command) ? [REFUSAL] : undefined),
    });
    const startMs = performance.now();
    const { firmware, transmitterId } = await settle(receiver.identify());
    const { percent, state } = await settle(receiver.battery());
    const { unit, clockMode, language } = await settle(receiver.display());
    const { blinded, deviceMode } = await settle(receiver.mode());
    const current = await settle(receiver.chargerCurrent());
    const settings = await settle(receiver.firmwareSettings());
    const rtc = await settle(receiver.hardwareClock().catch((error) => error.code));
    await settle(receiver.clock());
    await settle(receiver.partitions());
    const told = [firmware, transmitterId, percent, state, unit, clockMode, language];
    expect([...told, blinded, deviceMode, current, settings]).toEqual(
      Array.from({ length: 11 }, () => undefined),
    );
    expect(performance.now() - startMs).toBe(0);
    expect(rtc).toMatchObject({ rtcSeconds: undefined });
    // Each refusal may be a copy of the one before, so a ping and the same question follow.
    expect(requests.length).toBeLessThanOrEqual(12 * 3 + 20);
  });
});
