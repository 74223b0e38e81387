import type { CancelSignal, Transport } from '@egvkit/protocol/receiver';
import { Inbox } from '../../src/transport.ts';

/** Hexadecimal, with or without spaces, to bytes. */
export function unhex(text: string): Uint8Array {
  const digits = text.replaceAll(/\s/g, '');
  return Uint8Array.from({ length: digits.length / 2 }, (_, i) =>
    Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16),
  );
}

/** Bytes as the specification writes them. */
export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join(' ');
}

export interface Port {
  readonly transport: Transport;
  /** Calls of the driver: `read 200`, `write 01 06 …`, `close`. */
  readonly log: string[];
  /** The requests alone. */
  readonly written: () => string[];
  readonly push: (bytes: string) => void;
  readonly inbox: Inbox;
}

/**
 * A transport that plays a script: what it gives for a request is pushed at once, undefined is
 * silence, and an error is what the write fails with.
 */
export function port(reply: (request: string, number: number) => string | undefined | Error): Port {
  const inbox = new Inbox('script');
  const log: string[] = [];
  let number = 0;
  const close = async () => {
    log.push('close');
    inbox.close();
  };
  const transport: Transport = {
    path: 'script',
    read(timeoutMs: number, signal?: CancelSignal) {
      log.push(`read ${timeoutMs}`);
      return inbox.read(timeoutMs, signal);
    },
    async write(bytes: Uint8Array, signal?: CancelSignal) {
      inbox.assertOpen();
      if (signal?.aborted) throw signal.reason;
      const request = hex(bytes);
      log.push(`write ${request}`);
      const answer = reply(request, ++number);
      if (answer instanceof Error) throw answer;
      if (answer !== undefined) inbox.push(unhex(answer));
    },
    close,
    [Symbol.asyncDispose]: close,
  };
  const written = () =>
    log.filter((line) => line.startsWith('write ')).map((line) => line.slice('write '.length));
  return { transport, log, written, inbox, push: (bytes) => inbox.push(unhex(bytes)) };
}
