/** The class requests of a CDC-ACM device (spec/receiver §1.1), as WebUSB takes them. */
import { CDC_REQUEST } from '@egvkit/protocol/receiver';

/** Bits of the value of SET_CONTROL_LINE_STATE. */
export const CONTROL_LINE = { dtr: 0b01, rts: 0b10 } as const;

const STOP_BITS = { 1: 0, 1.5: 1, 2: 2 } as const;
const PARITY = { none: 0, odd: 1, even: 2, mark: 3, space: 4 } as const;

export interface LineCoding {
  readonly baudRate: number;
  readonly dataBits: number;
  readonly stopBits: keyof typeof STOP_BITS;
  /** `none` if not given. */
  readonly parity?: keyof typeof PARITY;
}

/** `USBControlTransferParameters` of a class request. */
export interface CdcRequest {
  readonly requestType: 'class';
  readonly recipient: 'interface';
  /** Which one, as in `CDC_REQUEST`. */
  readonly request: number;
  readonly value: number;
  /** The control interface. */
  readonly index: number;
}

/**
 * A class request to the control interface, for `controlTransferOut` and `controlTransferIn`.
 *
 * @param request which one
 * @param controlInterface the interface it goes to
 * @param value the request's value: {@link CONTROL_LINE} bits for `setControlLineState`
 */
export function cdcRequest(
  request: keyof typeof CDC_REQUEST,
  controlInterface: number,
  value = 0,
): CdcRequest {
  return {
    requestType: 'class',
    recipient: 'interface',
    request: CDC_REQUEST[request],
    value,
    index: controlInterface,
  };
}

/** The body of SET_LINE_CODING: 7 bytes. */
export function encodeLineCoding({
  baudRate,
  dataBits,
  stopBits,
  parity = 'none',
}: LineCoding): Uint8Array<ArrayBuffer> {
  const body = new Uint8Array(7);
  new DataView(body.buffer).setUint32(0, baudRate, true);
  body.set([STOP_BITS[stopBits], PARITY[parity], dataBits], 4);
  return body;
}
