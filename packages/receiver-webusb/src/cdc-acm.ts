/** Class requests that a system's driver sends a CDC-ACM device when it opens it. */
import { CDC_REQUEST, LINE_SETTINGS } from '@egvkit/protocol/receiver/wire';

/** Bits of the value of SET_CONTROL_LINE_STATE. */
const CONTROL_LINE = { dtr: 0b01, rts: 0b10 } as const;

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
  new DataView(coding.buffer).setUint32(0, LINE_SETTINGS.baudRate, true);
  // One stop bit and no parity are 0.
  coding[6] = LINE_SETTINGS.dataBits;
  return [
    [setup(CDC_REQUEST.setLineCoding, 0), coding],
    // Node's `usb` wants data, if only none.
    [
      setup(CDC_REQUEST.setControlLineState, CONTROL_LINE.dtr | CONTROL_LINE.rts),
      new Uint8Array(0),
    ],
  ];
}
