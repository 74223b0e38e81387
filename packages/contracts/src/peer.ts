/** The other end of a transport under test. */

/** Actions of a suite on the other end of a transport, and its view from there. */
export interface TransportPeer {
  /** Sends bytes to the transport. */
  write(bytes: Uint8Array): void;
  /** Everything the transport has sent, once it is at least `length` bytes. */
  received(length: number): Promise<Uint8Array>;
  /**
   * Pulls the cable after what was written has arrived. Settles when the transport can have
   * noticed.
   */
  hangUp(): Promise<void>;
}

/** A peer that can be made to take nothing more, as a system whose output is stopped. */
export interface StoppablePeer extends TransportPeer {
  stop(): Promise<void>;
}

/** The two ends of one connection. */
export interface TransportPair<Transport, Peer = TransportPeer> {
  readonly transport: Transport;
  readonly peer: Peer;
  /** Takes down what is neither the transport's nor the peer's. */
  dispose?(): Promise<void>;
}

interface Wire {
  send(bytes: Uint8Array): void;
  unplug(): void;
}

/**
 * A device that is nothing but the {@link TransportPeer}'s hands: plug it into any carrier of
 * emulated receivers (it is an `Attachable` of `@egvkit/receiver-emulator`) and drive it by its peer.
 *
 * @param settled wait of `hangUp` after it has unplugged
 */
export function peerDevice(settled: () => Promise<unknown> = async () => {}) {
  const received: number[] = [];
  const waiting = new Set<() => void>();
  let attached: Wire | undefined;

  const wire = () => {
    if (!attached) throw new Error('The device of a transport peer is not plugged in.');
    return attached;
  };
  const peer: TransportPeer = {
    write: (bytes) => wire().send(bytes),
    received: async (length) => {
      while (received.length < length) await new Promise<void>((resolve) => waiting.add(resolve));
      return Uint8Array.from(received);
    },
    hangUp: async () => {
      wire().unplug();
      await settled();
    },
  };
  const device = {
    attach: (given: Wire) => {
      attached = given;
      return {
        receive: (bytes: Uint8Array) => {
          for (const byte of bytes) received.push(byte);
          for (const resolve of waiting) resolve();
          waiting.clear();
        },
        detach: () => {},
      };
    },
  };
  return { device, peer };
}
