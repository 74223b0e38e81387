/** USB ids and settings of receivers, captured from a G4. */

export const DEXCOM_VENDOR_ID = 0x22a3;

/** G4, G5 and G6 receivers. */
export const RECEIVER_PRODUCT_ID = 0x0047;

/** Known only so that it can be named: the G7 receiver is not supported. */
export const G7_RECEIVER_PRODUCT_ID = 0x0048;

/** The device class: communications, with a control and a data interface. */
export const CDC_DEVICE_CLASS = 0x02;
export const CDC_CONTROL_INTERFACE_CLASS = 0x02;
export const CDC_ACM_SUBCLASS = 0x02;
export const CDC_DATA_INTERFACE_CLASS = 0x0a;

// A bundle holds the number alone of a constant, and the whole of an object.
export const SET_LINE_CODING = 0x20;
export const SET_CONTROL_LINE_STATE = 0x22;

/** Class requests to the control interface. The receiver ignores all of them. */
export const CDC_REQUEST = {
  setLineCoding: SET_LINE_CODING,
  getLineCoding: 0x21,
  setControlLineState: SET_CONTROL_LINE_STATE,
  sendBreak: 0x23,
} as const;

export const BAUD_RATE = 115_200;
export const DATA_BITS = 8;

/** Without effect on the receiver, but a serial port wants some: 115200 8N1. */
export const LINE_SETTINGS = { baudRate: BAUD_RATE, dataBits: DATA_BITS, stopBits: 1 } as const; // receiver §1.2

/**
 * Bytes to ask of a bulk-IN endpoint: at least the largest reply used, in whole 64-byte packets
 * (with 4096 every reply arrives as one transfer).
 */
export const TRANSFER_IN_BYTES = 4096; // receiver §12.3
