import { describe, expect, it } from 'vitest';
import {
  CDC_REQUEST,
  CONTROL_LINE,
  cdcRequest,
  encodeLineCoding,
  LINE_SETTINGS,
  RECEIVER_FILTERS,
  TRANSFER_IN_BYTES,
} from '../src/index.ts';

it('asks for receivers by vendor and product id', () => {
  expect(RECEIVER_FILTERS).toEqual([{ vendorId: 0x22a3, productId: 0x0047 }]);
});

describe('requests of the class', () => {
  it('go to the control interface, with the codes of spec/receiver §1.1', () => {
    expect(cdcRequest('setControlLineState', 0, CONTROL_LINE.dtr | CONTROL_LINE.rts)).toEqual({
      requestType: 'class',
      recipient: 'interface',
      request: 0x22,
      value: 3,
      index: 0,
    });
    expect(cdcRequest('setLineCoding', 4)).toMatchObject({ request: 0x20, value: 0, index: 4 });
    expect(Object.values(CDC_REQUEST)).toEqual([0x20, 0x21, 0x22, 0x23]);
  });

  it.each([
    [LINE_SETTINGS, [0x00, 0xc2, 0x01, 0x00, 0, 0, 8]],
    [
      { baudRate: 9600, dataBits: 7, stopBits: 2, parity: 'even' } as const,
      [0x80, 0x25, 0x00, 0x00, 2, 2, 7],
    ],
    [
      { baudRate: 300, dataBits: 5, stopBits: 1.5, parity: 'space' } as const,
      [0x2c, 0x01, 0x00, 0x00, 1, 4, 5],
    ],
  ])('encodes the line coding %j', (coding, bytes) => {
    expect([...encodeLineCoding(coding)]).toEqual(bytes);
  });
});

it('reads in transfers of whole packets that hold the largest reply used', () => {
  expect(TRANSFER_IN_BYTES % 64).toBe(0);
  expect(TRANSFER_IN_BYTES).toBeGreaterThanOrEqual(2118);
});
