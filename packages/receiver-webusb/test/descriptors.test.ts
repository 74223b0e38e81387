import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findCdcChannel, type UsbDescriptors } from '../src/index.ts';
import { G4_CONFIGURATION, usbDevice } from './usb-device.ts';

describe('findCdcChannel', () => {
  it('finds the channel of a G4 in its captured descriptors', () => {
    expect(findCdcChannel(usbDevice(G4_CONFIGURATION))).toEqual({
      configurationValue: 1,
      controlInterface: 0,
      dataInterface: 1,
      dataAlternate: 0,
      in: { endpointNumber: 3, packetSize: 64 },
      out: { endpointNumber: 2, packetSize: 64 },
    });
  });

  it('reads other endpoint numbers and sizes, as of a virtual receiver on high speed', () => {
    const device = usbDevice(
      G4_CONFIGURATION.replace('07 05 02 02 40 00 00', '07 05 81 02 00 02 00').replace(
        '07 05 83 02 40 00 00',
        '07 05 02 02 00 02 00',
      ),
    );
    expect(findCdcChannel(device)).toMatchObject({
      in: { endpointNumber: 1, packetSize: 512 },
      out: { endpointNumber: 2, packetSize: 512 },
    });
  });

  it('selects the setting that has endpoints, where the first has none', () => {
    const device = usbDevice(
      G4_CONFIGURATION.replace(
        '09 04 01 00 02 0A 00 00 00',
        '09 04 01 00 00 0A 00 00 00  09 04 01 01 02 0A 00 00 00',
      ),
    );
    expect(findCdcChannel(device)).toMatchObject({ dataInterface: 1, dataAlternate: 1 });
  });

  it.each([
    ['no configuration', ''],
    ['no control interface', G4_CONFIGURATION.replace('01 02 02 01 00', '01 02 06 00 00')],
    ['no data interface', G4_CONFIGURATION.replace('0A 00 00 00', 'FF 00 00 00')],
    ['no bulk endpoint to the device', G4_CONFIGURATION.replace('05 02 02', '05 02 03')],
    ['no bulk endpoint to the host', G4_CONFIGURATION.replace('05 83 02', '05 03 02')],
  ])('finds nothing in a device with %s', (_, hex) => {
    expect(findCdcChannel(usbDevice(hex))).toBeUndefined();
  });

  it('finds the channel wherever it is among other interfaces, endpoints and numbers', () => {
    const endpointNumber = fc.integer({ min: 1, max: 15 });
    const packetSize = fc.constantFrom(8, 64, 512);
    const others = fc.array(
      fc.record({
        interfaceClass: fc.constantFrom(3, 8, 0xff),
        endpoints: fc.array(
          fc.record({
            endpointNumber,
            direction: fc.constantFrom('in' as const, 'out' as const),
            type: fc.constantFrom('bulk' as const, 'interrupt' as const),
            packetSize,
          }),
        ),
      }),
      { maxLength: 3 },
    );
    const bulk = fc.record({ endpointNumber, packetSize });
    fc.assert(
      fc.property(
        others,
        others,
        bulk,
        bulk,
        fc.boolean(),
        (before, after, input, output, inFirst) => {
          const bulks = [
            { ...input, direction: 'in' as const, type: 'bulk' as const },
            { ...output, direction: 'out' as const, type: 'bulk' as const },
          ];
          const parts = [
            ...before,
            { interfaceClass: 2, interfaceSubclass: 2, endpoints: [] },
            { interfaceClass: 10, endpoints: inFirst ? bulks : bulks.reverse() },
            ...after,
          ];
          const device: UsbDescriptors = {
            configurations: [
              {
                configurationValue: 1,
                interfaces: parts.map((part, interfaceNumber) => ({
                  interfaceNumber,
                  alternates: [{ alternateSetting: 0, interfaceSubclass: 0, ...part }],
                })),
              },
            ],
          };
          expect(findCdcChannel(device)).toEqual({
            configurationValue: 1,
            controlInterface: before.length,
            dataInterface: before.length + 1,
            dataAlternate: 0,
            in: input,
            out: output,
          });
        },
      ),
    );
  });
});
