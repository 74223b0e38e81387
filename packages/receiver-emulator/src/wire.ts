/**
 * Between an emulated receiver and what carries its bytes (memory, a pseudo-terminal, later a
 * virtual bus): the carrier gives the device a {@link Wire}, the device gives it a {@link Line}.
 */

/** The carrier's end: what the device does to the host. */
export interface Wire {
  /** Sends bytes to the host, as one transfer. */
  send(bytes: Uint8Array): void;
  /** The cable is pulled: nothing more goes either way. */
  unplug(): void;
}

/** The device's end: what the host does to it. */
export interface Line {
  /** Bytes from the host, cut anywhere. */
  receive(bytes: Uint8Array): void;
  /** The host has gone away; replies that were still due are dropped. */
  detach(): void;
}

/** Something that can be plugged in. */
export interface Attachable {
  attach(wire: Wire): Line;
}
