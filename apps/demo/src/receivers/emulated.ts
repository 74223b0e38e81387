/// <reference path="../browser/vite.d.ts" />
import type { CancelSignal, Transport } from '@egvkit/protocol/receiver';
import { Inbox } from '@egvkit/receiver/transport';
import { ownScript } from '../browser/own-script.ts';
import workerUrl from '../workers/emulator.ts?worker&url';
import type { FromEmulator, ToEmulator } from '../workers/emulator-words.ts';

const PATH = 'emulated receiver';
/** As on the receiver of the captures, whose clock had lost this in eight months. */
const CLOCK_ERROR_SECONDS = -98;

/** A history is the same all day: after a reload, what was uploaded before is known. */
const DAY_MS = 86_400_000;

/** Starts an emulated receiver in a worker, so that the page stays quick, and opens it. */
export async function openEmulated(signal: AbortSignal): Promise<Transport> {
  signal.throwIfAborted();
  const worker = new Worker(ownScript(workerUrl), { type: 'module' });
  const inbox = new Inbox(PATH);
  const started = Promise.withResolvers<void>();
  const say = (words: ToEmulator): void => worker.postMessage(words);
  worker.onmessage = ({ data }: MessageEvent<FromEmulator>) => {
    if (data.kind === 'bytes') inbox.push(data.bytes);
    else started.resolve();
  };
  worker.onerror = (event) => started.reject(new Error(event.message));
  const close = async (): Promise<void> => {
    inbox.close();
    worker.terminate();
  };
  const zoneSeconds = -new Date().getTimezoneOffset() * 60;
  say({
    kind: 'start',
    profile: 'g4',
    seed: 1,
    days: 31,
    startMs: Math.floor(Date.now() / DAY_MS) * DAY_MS,
    clockErrorSeconds: CLOCK_ERROR_SECONDS,
    displayOffsetSeconds: zoneSeconds - CLOCK_ERROR_SECONDS,
  });
  try {
    await started.promise;
  } catch (error) {
    await close();
    throw error;
  }
  return {
    path: PATH,
    read: (timeoutMs: number, stop?: CancelSignal) => inbox.read(timeoutMs, stop),
    async write(bytes: Uint8Array, stop?: CancelSignal) {
      inbox.assertOpen();
      if (stop?.aborted) throw stop.reason;
      say({ kind: 'bytes', bytes });
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}
