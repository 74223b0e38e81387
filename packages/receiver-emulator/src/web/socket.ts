/** A socket of an emulated computer: what a receiver is plugged into, below the browser. */
import type { Attachable, Line } from '../wire.ts';

/** Receives the events of a socket, on the browser's side. */
export interface SocketUser {
  /** One transfer of the receiver's. */
  arrived(bytes: Uint8Array): void;
  /** The cable has been pulled. */
  gone(): void;
}

/** The receiver's side of an open port. Bytes are copied both ways, as a cable does. */
export class Socket {
  readonly #device: Attachable;
  #line: Line | undefined;
  #user: SocketUser | undefined;
  #plugged = true;

  constructor(device: Attachable) {
    this.#device = device;
  }

  get plugged(): boolean {
    return this.#plugged;
  }

  /** Connects the receiver with who has opened the port. */
  attach(user: SocketUser): void {
    this.#user = user;
    const line = this.#device.attach({
      send: (bytes) => {
        if (this.#user === user) user.arrived(new Uint8Array(bytes));
      },
      unplug: () => this.unplug(),
    });
    if (this.#user === user) this.#line = line;
    else line.detach();
  }

  detach(): void {
    const line = this.#line;
    this.#user = undefined;
    this.#line = undefined;
    line?.detach();
  }

  /** Sends bytes to the receiver. */
  send(bytes: Uint8Array): void {
    this.#line?.receive(new Uint8Array(bytes));
  }

  /** Pulls the cable, once. */
  unplug(): void {
    if (!this.#plugged) return;
    this.#plugged = false;
    const user = this.#user;
    this.detach();
    user?.gone();
    this.onUnplug();
  }

  /** Called when the cable is pulled, after the port's user. */
  onUnplug: () => void = () => {};
}
