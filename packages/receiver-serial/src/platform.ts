/** Parts of the system: serialport and timers. Passed in, so that tests need neither. */
import type { CancelSignal } from '@egvkit/protocol/receiver';

/** Part of a listed port that is used; every `PortInfo` of serialport is one. */
export interface PortListing {
  readonly path: string;
  readonly manufacturer?: string | undefined;
  readonly pnpId?: string | undefined;
  /** Hexadecimal digits, in either case. */
  readonly vendorId?: string | undefined;
  readonly productId?: string | undefined;
}

export type ListPorts = () => Promise<readonly PortListing[]>;

export interface PortSettings {
  readonly path: string;
  readonly baudRate: number;
  readonly dataBits: 8;
  readonly stopBits: 1;
}

/** Part of an open port that is used; every `SerialPortStream` is one. */
export interface OpenedPort {
  readonly isOpen: boolean;
  /** True while the port is about to close and will emit `close`. */
  readonly closing: boolean;
  on(event: 'data', listener: (bytes: Uint8Array) => void): unknown;
  on(event: 'close' | 'error', listener: (error?: Error | null) => void): unknown;
  once(event: 'close' | 'error', listener: (error?: Error | null) => void): unknown;
  write(bytes: Uint8Array, done: (error: Error | null | undefined) => void): unknown;
  close(done: (error: Error | null) => void): void;
}

export type OpenPort = (settings: PortSettings) => Promise<OpenedPort>;

/** @throws the signal's reason if it is aborted */
export type Sleep = (ms: number, signal?: CancelSignal) => Promise<void>;

/** The part of serialport that speaks to this system. The package as a whole brings parsers too. */
async function loadBinding() {
  const { autoDetect } = await import('@serialport/bindings-cpp');
  return autoDetect();
}

/** The ports of this computer, by serialport, which is loaded when it is first needed. */
export async function listPorts(): Promise<readonly PortListing[]> {
  return (await loadBinding()).list();
}

/**
 * Opens a port by serialport, locked against other programs. DTR and RTS stay at the system's
 * default: they mean nothing to a receiver, and a pseudo-terminal has none.
 */
export async function openPort(settings: PortSettings): Promise<OpenedPort> {
  // receiver §1.2
  const binding = await loadBinding();
  const { SerialPortStream } = await import('@serialport/stream');
  return new Promise((resolve, reject) => {
    const done = (error: Error | null) => (error ? reject(error) : resolve(port));
    const port = new SerialPortStream({ ...settings, binding }, done);
  });
}
