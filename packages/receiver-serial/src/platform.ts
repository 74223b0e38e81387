/** What is used of the system: serialport and timers. Passed in, so that tests need neither. */
import type { CancelSignal } from '@egvkit/protocol/receiver';

/** What is used of a port in a list; every `PortInfo` of serialport is one. */
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

/** What is used of an open port; every `SerialPort` is one. */
export interface OpenedPort {
  readonly isOpen: boolean;
  /** Whether it is about to close, and will emit `close`. */
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

/** The ports of this computer, by serialport, which is loaded when it is first needed. */
export async function listPorts(): Promise<readonly PortListing[]> {
  const { SerialPort } = await import('serialport');
  return SerialPort.list();
}

/**
 * Opens a port by serialport, locked against other programs. DTR and RTS stay at the system's
 * default: they mean nothing to a receiver (spec/receiver §1.2), and a pseudo-terminal has none.
 */
export async function openPort(settings: PortSettings): Promise<OpenedPort> {
  const { SerialPort } = await import('serialport');
  return new Promise((resolve, reject) => {
    const port = new SerialPort(settings, (error) => (error ? reject(error) : resolve(port)));
  });
}

export function sleep(ms: number, signal?: CancelSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const end = (settle: () => void) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      settle();
    };
    const onAbort = () => end(() => reject(signal?.reason));
    const timer = setTimeout(() => end(resolve), ms);
    signal?.addEventListener('abort', onAbort);
  });
}
