import { expect, it } from 'vitest';
import { lineRequests } from '../src/cdc-acm.ts';

it('asks for 115200 8N1, and raises DTR and RTS, in requests to the control interface', () => {
  const toControl = { requestType: 'class', recipient: 'interface', index: 4 };
  expect(lineRequests(4)).toEqual([
    [{ ...toControl, request: 0x20, value: 0 }, Uint8Array.of(0x00, 0xc2, 0x01, 0x00, 0, 0, 8)],
    [{ ...toControl, request: 0x22, value: 3 }, new Uint8Array(0)],
  ]);
});
