import { randomUUID } from 'node:crypto';
import { serveShare } from '@egvkit/emulators/node';
import { openPty, PtyError } from '@egvkit/emulators/pty';
import {
  EmulatedReceiver,
  generateDatabase,
  memoryTransport,
  RECEIVER_PROFILES,
  type ReceiverProfile,
} from '@egvkit/emulators/receiver';
import { createShareService } from '@egvkit/emulators/share';
import type { Transport } from '@egvkit/protocol/receiver';
import { openSerial } from '@egvkit/receiver-serial';
import { ShareClient } from '@egvkit/share-http';

/** A receiver and a service to try everything with; gone when it is disposed of. */
export interface Emulation extends AsyncDisposable {
  /** What to say of the receiver: `emulated`, or why it is not on a port. */
  readonly receiverNote: string;
  readonly openTransport: () => Promise<Transport>;
  /** The account that is uploaded to. */
  readonly client: ShareClient;
  /** The same account as another app would read it: with a session of its own. */
  readonly reader: ShareClient;
}

export interface EmulationOptions {
  readonly profile: ReceiverProfile['name'];
  readonly seed: number;
  readonly days: number;
  /** Opens the pseudo-terminal; passed in to try what happens where there is none. */
  readonly openPort?: typeof openPty;
}

/** As on the receiver of the captures, whose clock had lost this in eight months. */
const CLOCK_ERROR_SECONDS = -98;

/** Starts an emulated receiver on a pseudo-terminal and an emulated Share service on loopback. */
export async function startEmulation(options: EmulationOptions): Promise<Emulation> {
  await using started = new AsyncDisposableStack();
  const port = await plugIn(emulatedReceiver(options), options.openPort ?? openPty);
  started.use(port);

  const accountName = 'wearer';
  const password = randomUUID();
  const service = createShareService({ accounts: [{ name: accountName, password }] });
  const server = started.use(await serveShare(service));
  const signIn = { origin: server.origin, accountName, password };
  const resources = started.move();
  return {
    receiverNote: port.note,
    openTransport: port.open,
    client: new ShareClient(signIn),
    reader: new ShareClient(signIn),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

function emulatedReceiver({ profile, seed, days }: EmulationOptions): EmulatedReceiver {
  const nowMs = Date.now();
  const zoneSeconds = -new Date(nowMs).getTimezoneOffset() * 60;
  const clocks = {
    clockErrorSeconds: CLOCK_ERROR_SECONDS,
    displayOffsetSeconds: zoneSeconds - CLOCK_ERROR_SECONDS,
  };
  const flavour = RECEIVER_PROFILES[profile];
  const database = generateDatabase({ profile: flavour, seed, days, nowMs, ...clocks });
  return new EmulatedReceiver({ profile: flavour, database, ...clocks });
}

interface Port extends AsyncDisposable {
  readonly note: string;
  readonly open: () => Promise<Transport>;
}

async function plugIn(device: EmulatedReceiver, openPort: typeof openPty): Promise<Port> {
  try {
    const pty = await openPort(device);
    return {
      note: 'emulated',
      open: () => openSerial(pty.path),
      [Symbol.asyncDispose]: () => pty.close(),
    };
  } catch (error) {
    if (!(error instanceof PtyError)) throw error;
    return {
      note: 'emulated, in memory: there are no pseudo-terminals here',
      open: async () => memoryTransport(device),
      async [Symbol.asyncDispose]() {},
    };
  }
}
