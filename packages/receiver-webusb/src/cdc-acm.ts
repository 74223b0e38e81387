/** Class requests that a system's driver sends a CDC-ACM device when it opens it. */
import {
  BAUD_RATE,
  DATA_BITS,
  SET_CONTROL_LINE_STATE,
  SET_LINE_CODING,
} from '@egvkit/protocol/receiver/wire';

// Bits of the value of SET_CONTROL_LINE_STATE.
const DTR = 0b01;
const RTS = 0b10;

/** SET_LINE_CODING and SET_CONTROL_LINE_STATE, as `controlTransferOut` takes them. */
// receiver §1.1
export function lineRequests(
  controlInterface: number,
): readonly [setup: USBControlTransferParameters, data: Uint8Array<ArrayBuffer>][] {
  const setup = (request: number, value: number): USBControlTransferParameters => ({
    requestType: 'class',
    recipient: 'interface',
    request,
    value,
    index: controlInterface,
  });
  const coding = new Uint8Array(7);
  new DataView(coding.buffer).setUint32(0, BAUD_RATE, true);
  // One stop bit and no parity are 0.
  coding[6] = DATA_BITS;
  return [
    [setup(SET_LINE_CODING, 0), coding],
    // Node's `usb` wants data, if only none.
    [setup(SET_CONTROL_LINE_STATE, DTR | RTS), new Uint8Array(0)],
  ];
}
