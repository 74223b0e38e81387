/** The virtual cable in words of a shell: a guest that starts as a computer does has no Node for it. */
import { join } from 'node:path';
import { BUS_PORT, FOLDERS, FUNCTION_LINK, GADGET, IDENTITY, PORT } from '../../guest/gadget.ts';

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

const write = (path: string, value: string): string =>
  `printf %s ${quoted(value)} > ${join(GADGET, path)}`;

/** Makes the device, which is not plugged in yet. */
const MAKE = [
  ...FOLDERS.map((folder) => `mkdir -p ${join(GADGET, folder)}`),
  ...Object.entries(IDENTITY).map(([path, value]) => write(path, value)),
  `ln -s ${FUNCTION_LINK.target} ${FUNCTION_LINK.path}`,
].join('\n  ');

/** Plugs the cable in, and waits until the computer has a serial port. */
export const PLUG_IN = `${write('UDC', BUS_PORT)}; until [ -e ${PORT} ]; do sleep 0.1; done; udevadm settle`;

/** Pulls the cable, and waits until the port is gone. */
export const PULL = `echo > ${join(GADGET, 'UDC')}; while [ -e ${PORT} ]; do sleep 0.1; done`;

/** Functions of a shell for the guest's equipment. */
export const CABLE_FUNCTIONS = `make_cable() {
  ${MAKE}
}
plug_in() {
  ${PLUG_IN}
}
`;
