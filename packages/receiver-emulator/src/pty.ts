/** The carrier of an emulated receiver that any serial program can open: a pseudo-terminal. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { lstatSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { type DataOf, stays, TableError } from '@egvkit/protocol';
import type { HostMessage } from './pty-host.ts';
import type { Attachable, Line } from './wire.ts';

/** Failures to give an emulated receiver a pseudo-terminal. */
export const PTY_ERRORS = {
  ptyUnavailable: stays<{ reason: string }>(
    ({ reason }) => `No pseudo-terminal can be opened: ${reason}.`,
    'Use the emulated receiver in memory, or install the optional dependency @lydell/node-pty.',
  ),
  linkTaken: stays<{ link: string }>(
    ({ link }) => `${link} exists and is not a link to a port.`,
    'Choose another path for the link.',
  ),
} as const;

export type PtyErrorCode = keyof typeof PTY_ERRORS;

/** A pseudo-terminal could not be set up. */
export class PtyError<Code extends PtyErrorCode = PtyErrorCode> extends TableError<
  typeof PTY_ERRORS,
  Code
> {
  override readonly name = 'PtyError';

  constructor(code: Code, data: DataOf<typeof PTY_ERRORS, Code>, options?: { cause?: unknown }) {
    super(PTY_ERRORS, code, data, options);
  }
}

/** An emulated receiver on a port. */
export interface PtyPort extends AsyncDisposable {
  /** Path for a serial program: `/dev/pts/3`. */
  readonly path: string;
  /** The symbolic link to {@link path}, if one was asked for. */
  readonly link: string | undefined;
  /** Settles once the port is gone: closed, or unplugged by the device. */
  readonly ended: Promise<void>;
  /** Takes the port away and detaches the device. Closing twice is fine. */
  close(): Promise<void>;
}

export interface PtyOptions {
  /**
   * A symbolic link to make, so that the port has a name known beforehand. A link to another port
   * is replaced (a killed emulator leaves one); anything else stays as it is.
   */
  readonly link?: string | undefined;
  /** The platform's name; this one's if not given. */
  readonly platform?: string | undefined;
  /** The module that opens pseudo-terminals; `@lydell/node-pty` if not given. */
  readonly nodePty?: string | undefined;
}

/**
 * Plugs a device into a new pseudo-terminal: 8 bits, no echo, no translation. Programs may open
 * and close it any number of times, and die while they have it open; the device does not notice.
 * When the device unplugs itself, what it has sent still arrives, and then the port is gone.
 *
 * @throws PtyError `ptyUnavailable` on Windows and where node-pty is missing, `linkTaken`
 *
 * @example
 * ```ts
 * import type { EmulatedReceiver } from '@egvkit/receiver-emulator';
 * import { openPty } from '@egvkit/receiver-emulator/pty';
 *
 * export async function serve(device: EmulatedReceiver) {
 *   const port = await openPty(device, { link: '/tmp/receiver' });
 *   console.log(`An emulated receiver is on ${port.path}.`);
 *   await port.ended;
 * }
 * ```
 */
export async function openPty(
  device: Attachable,
  { link, platform = process.platform, nodePty = '@lydell/node-pty' }: PtyOptions = {},
): Promise<PtyPort> {
  if (platform === 'win32') {
    throw new PtyError('ptyUnavailable', { reason: 'Windows has none that is a serial port' });
  }
  const { host, path } = await startHost(nodePty);
  const ended = once(host, 'exit').then(() => {
    detach();
    if (link !== undefined) removeLink(link, path);
  });
  let line: Line | undefined;
  const detach = () => {
    const attached = line;
    line = undefined;
    attached?.detach();
  };
  const close = async () => {
    detach();
    host.kill('SIGKILL');
    await ended;
  };

  let unplugged = false;
  const attached = device.attach({
    send: (bytes) => {
      if (!unplugged) host.stdin?.write(new Uint8Array(bytes));
    },
    unplug: () => {
      unplugged = true;
      host.stdin?.end();
      detach();
    },
  });
  if (unplugged) attached.detach();
  else line = attached;
  host.stdout?.on('data', (bytes: Buffer) => line?.receive(plainArray(bytes)));
  // Without the host nobody reads what the device sends; `ended` is how that is told.
  host.stdin?.on('error', () => {});

  try {
    if (link !== undefined) makeLink(link, path);
  } catch (error) {
    await close();
    throw error;
  }
  return { path, link, ended, close, [Symbol.asyncDispose]: close };
}

async function startHost(nodePty: string): Promise<{ host: ChildProcess; path: string }> {
  const file = import.meta.url.endsWith('.ts') ? './pty-host.ts' : './pty-host.js';
  const host = fork(new URL(file, import.meta.url), [nodePty], {
    execArgv: [],
    stdio: ['pipe', 'pipe', 'inherit', 'ipc'],
  });
  const [message] = (await Promise.race([
    once(host, 'message'),
    once(host, 'exit').then(() => [{ failure: 'its process ended' }]),
  ])) as [HostMessage];
  if ('path' in message) return { host, path: message.path };
  host.kill('SIGKILL');
  throw new PtyError('ptyUnavailable', { reason: firstSentence(message.failure) });
}

function makeLink(link: string, path: string): void {
  if (isLinkToPort(link)) rmSync(link);
  try {
    symlinkSync(path, link);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new PtyError('linkTaken', { link }, { cause: error });
  }
}

function removeLink(link: string, path: string): void {
  if (isLinkToPort(link) && readlinkSync(link) === path) rmSync(link);
}

function isLinkToPort(link: string): boolean {
  const isLink = lstatSync(link, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
  return isLink && readlinkSync(link).startsWith('/dev/');
}

/** The same bytes, but not a Buffer, whose `slice` would not copy. */
function plainArray(bytes: Buffer): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function firstSentence(text: string): string {
  return text.split('\n', 1)[0]!.trim().replace(/\.$/, '');
}
