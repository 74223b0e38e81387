import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { REGIONS, type RegionName } from '@egvkit/protocol/share';
import { createShareService } from '@egvkit/share-emulator';
import { serveShare } from '@egvkit/share-emulator/node';
import { serveWeb } from '@egvkit/web-page/server';
import type { Io } from '../../io/io.ts';
import { EXIT, type ExitCode } from '../../output/exit-codes.ts';
import { jsonLine } from '../../output/json-line.ts';
import { openInBrowser } from './open.ts';

interface WebCommandOptions {
  readonly demo?: true;
  readonly open: boolean;
  readonly port?: number;
  readonly json?: true;
  readonly verbose?: true;
}

type Access = Parameters<NonNullable<Parameters<typeof serveWeb>[0]['onAccess']>>[0];

/** An emulated Share service with an empty account, which the page fills in. */
async function startEmulatedShare() {
  const account = { name: 'wearer', password: randomUUID() };
  const server = await serveShare(createShareService({ accounts: [account] }));
  const close = (): Promise<void> => server.close();
  return { origin: server.origin, account, [Symbol.asyncDispose]: close };
}

function accessLine({ method, path, status, tookMs }: Access): string {
  return `${method} ${path} ${status ?? 'gone'} ${Math.round(tookMs)} ms\n`;
}

/** Serves the page with its relay until it is told to stop. */
export async function servePage(options: WebCommandOptions, io: Io): Promise<ExitCode> {
  const { demo, open, port, json, verbose } = options;
  await using share = demo ? await startEmulatedShare() : undefined;
  const emulated = share && { origin: share.origin, account: share.account };
  await using page = await serveWeb({
    regions: Object.keys(REGIONS) as RegionName[],
    ...(port !== undefined && { port }),
    ...(emulated && { emulated }),
    ...(verbose && { onAccess: (access: Access) => io.writeError(accessLine(access)) }),
  });
  const address = `${page.origin}/`;
  if (json) {
    io.write(jsonLine({ ok: true, address, emulated }));
  } else {
    io.write(`Page       ${address}\n`);
    if (emulated) io.write('Share      also an emulated service, with an account filled in\n');
    io.write(
      'Only this computer reaches it. Passwords and readings pass through, and nothing is\nkept. Runs until it is interrupted with Ctrl-C.\n',
    );
  }
  if (open) openInBrowser(address);
  if (!io.signal.aborted) await once(io.signal, 'abort');
  return EXIT.ok;
}
