import { randomUUID } from 'node:crypto';
import type { Transport } from '@egvkit/protocol/receiver';
import {
  EmulatedReceiver,
  generateDatabase,
  memoryTransport,
  RECEIVER_PROFILES,
  type ReceiverProfile,
} from '@egvkit/receiver-emulator';
import { openPty, PtyError } from '@egvkit/receiver-emulator/pty';
import { openSerial } from '@egvkit/receiver-serial';
import { createShareService } from '@egvkit/share-emulator';
import { serveShare } from '@egvkit/share-emulator/node';
import { ShareClient } from '@egvkit/share-http';

/** A receiver and a service to try everything with; gone when it is disposed of. */
export interface Emulation extends AsyncDisposable {
  /** Note shown beside the receiver: `emulated`, or the reason for which it is not on a port. */
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
  const port = await plugIn(emulatedReceiver(options), options.openPort ?? openPty);
  const accountName = 'wearer';
  const password = randomUUID();
  const service = createShareService({ accounts: [{ name: accountName, password }] });
  const server = await serveShare(service).catch(async (error: unknown) => {
    await port.close();
    throw error;
  });
  const login = { origin: server.origin, accountName, password };
  return {
    receiverNote: port.note,
    openTransport: port.open,
    client: new ShareClient(login),
    reader: new ShareClient(login),
    async [Symbol.asyncDispose]() {
      await server.close();
      await port.close();
    },
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

interface Port {
  readonly note: string;
  readonly open: () => Promise<Transport>;
  readonly close: () => Promise<void>;
}

async function plugIn(device: EmulatedReceiver, openPort: typeof openPty): Promise<Port> {
  try {
    const pty = await openPort(device);
    return {
      note: 'emulated',
      open: () => openSerial(pty.path),
      close: () => pty.close(),
    };
  } catch (error) {
    if (!(error instanceof PtyError)) throw error;
    return {
      note: 'emulated, in memory: there are no pseudo-terminals here',
      open: async () => memoryTransport(device),
      close: async () => {},
    };
  }
}
