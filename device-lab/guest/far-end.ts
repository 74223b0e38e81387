/** The emulated receiver behind its end of the virtual cable. */
import { open } from 'node:fs/promises';
import type { Attachable, Line, Wire } from '@egvkit/receiver-emulator';
import { FAR_PORT, plugIn, pull } from './gadget.ts';
import { run, sleep } from './processes.ts';

/** The cable stays out for so long that nobody can miss it. */
const OUT_MS = 2000;
const BUFFER_BYTES = 4096;

/** Something that is at the far end, and can be exchanged while nobody talks to it. */
export class FarEnd {
  #device: Attachable;
  #wire: Wire | undefined;
  #line: Line | undefined;
  #replugged: Promise<void> = Promise.resolve();
  #pulls = 0;

  constructor(device: Attachable) {
    this.#device = device;
  }

  /** Number of times that the device has pulled its own cable. */
  get pulls(): number {
    return this.#pulls;
  }

  /** Puts another device in the place of this one. */
  become(device: Attachable): void {
    this.#device = device;
    this.#line?.detach();
    this.#line = this.#wire && device.attach(this.#wire);
  }

  /** Done when a cable that was pulled is plugged in again. */
  async whenPlugged(): Promise<void> {
    await this.#replugged;
  }

  /** Serves for as long as the machine runs. The port hangs up when the cable is pulled: open it anew. */
  async serve(): Promise<never> {
    for (;;) {
      await this.#serveOnce().catch((error) => console.error(`far end: ${error}`));
      await sleep(100);
    }
  }

  async #serveOnce(): Promise<void> {
    await run('stty', ['-F', FAR_PORT, 'raw', '-echo']);
    const port = await open(FAR_PORT, 'r+');
    let written: Promise<unknown> = Promise.resolve();
    const wire: Wire = {
      send: (bytes) => {
        // What is on its way when the cable is pulled is lost.
        written = written.then(() => port.write(bytes)).catch(() => {});
      },
      unplug: () => {
        this.#pulls++;
        this.#replugged = written.then(() => this.#replug());
        this.#replugged.catch((error) => console.error(`far end: ${error}`));
      },
    };
    this.#wire = wire;
    this.#line = this.#device.attach(wire);
    try {
      const buffer = new Uint8Array(BUFFER_BYTES);
      for (;;) {
        const { bytesRead } = await port.read(buffer, 0, BUFFER_BYTES, null);
        if (bytesRead === 0) return;
        this.#line?.receive(buffer.slice(0, bytesRead));
      }
    } finally {
      this.#line?.detach();
      this.#wire = undefined;
      this.#line = undefined;
      await written;
      await port.close().catch(() => {});
    }
  }

  async #replug(): Promise<void> {
    // Time for what has been written to get through.
    await sleep(100);
    await pull();
    await sleep(OUT_MS);
    await plugIn();
  }
}
