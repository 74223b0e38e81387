import {
  EmulatedReceiver,
  generateDatabase,
  type Line,
  RECEIVER_PROFILES,
} from '@egvkit/receiver-emulator';
import type { FromEmulator, ToEmulator } from './emulator-words.ts';

declare const self: DedicatedWorkerGlobalScope;

type Start = Omit<Extract<ToEmulator, { kind: 'start' }>, 'kind'>;

let line: Line | undefined;

const say = (words: FromEmulator): void => self.postMessage(words);

self.onmessage = ({ data }: MessageEvent<ToEmulator>) => {
  if (data.kind === 'bytes') line?.receive(data.bytes);
  else line = plugIn(data);
};

function plugIn({ profile, seed, days, startMs, ...clocks }: Start): Line {
  const flavour = RECEIVER_PROFILES[profile];
  const database = generateDatabase({
    profile: flavour,
    seed,
    days,
    nowMs: startMs,
    grows: true,
    ...clocks,
  });
  // As long as a real G4 takes to answer: what is tried here is what will be.
  const device = new EmulatedReceiver({ profile: flavour, database, timing: { seed }, ...clocks });
  const attached = device.attach({
    send: (bytes) => say({ kind: 'bytes', bytes: new Uint8Array(bytes) }),
    unplug: () => {},
  });
  say({ kind: 'started' });
  return attached;
}
