import { EventEmitter } from 'node:events';
import type { OpenedPort } from '../src/index.ts';

/** A port that does what the test says, with serialport's events and no system behind it. */
export class FakePort extends EventEmitter implements OpenedPort {
  isOpen = true;
  closing = false;
  /** Bytes that were written; a write is done when its `done` is called. */
  readonly writes: { bytes: Uint8Array; done: (error?: Error) => void }[] = [];
  /** Result of closing. */
  closeError: Error | null = null;

  write(bytes: Uint8Array, done: (error: Error | null | undefined) => void): void {
    this.writes.push({ bytes, done });
  }

  close(done: (error: Error | null) => void): void {
    this.isOpen = false;
    this.closing = true;
    setImmediate(() => {
      this.closing = false;
      if (!this.closeError) this.emit('close', null);
      done(this.closeError);
    });
  }

  /** As serialport does when a read or a write tells that the device is gone. */
  disconnect(): void {
    this.isOpen = false;
    this.emit('close', Object.assign(new Error('bad file descriptor'), { disconnected: true }));
  }
}
