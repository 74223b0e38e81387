import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { findReceivers } from '../src/index.ts';

const PATH = process.env.PATH ?? '';

/** A receiver, a port of the mainboard, one that udev does not know, and what is no port. */
const UDEV = `P: /devices/pci0000:00/usb1/1-2/1-2:1.0/tty/ttyACM0
N: ttyACM0
E: DEVNAME=/dev/ttyACM0
E: ID_VENDOR_ENC=DexCom
E: ID_VENDOR_ID=22a3
E: ID_MODEL_ID=0047
E: DEVLINKS=/dev/serial/by-id/usb-DexCom_DexCom_Gen4_USB_Serial-if00

P: /devices/pnp0/00:01/tty/ttyS0
N: ttyS0
E: DEVNAME=/dev/ttyS0

P: /devices/virtual/tty/ttyACM7
N: ttyACM7
E: DEVNAME=/dev/ttyACM7

P: /devices/pci0000:00/usb1/1-2
N: bus/usb/001/002
E: DEVNAME=/dev/bus/usb/001/002
`;

/** Puts an udevadm in front of the system's, if it has one. */
async function withUdevadm(says: string): Promise<AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), 'egvkit-'));
  const program = join(folder, 'udevadm');
  await writeFile(program, `#!/bin/sh\ncat <<'END'\n${says}END\n`);
  await chmod(program, 0o755);
  process.env.PATH = `${folder}:${PATH}`;
  return { [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}

afterEach(() => {
  process.env.PATH = PATH;
});

describe.skipIf(process.platform !== 'linux')("serialport's own list", () => {
  it('is what udev tells of the ports', async () => {
    await using _ = await withUdevadm(UDEV);
    expect(await findReceivers()).toMatchObject({
      receivers: [
        {
          path: '/dev/ttyACM0',
          manufacturer: 'DexCom',
          pnpId: 'usb-DexCom_DexCom_Gen4_USB_Serial-if00',
        },
      ],
      unidentified: ['/dev/ttyACM7'],
      portsSeen: 3,
    });
  });
});
