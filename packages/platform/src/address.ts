import { outOfRange } from '@egvkit/protocol';

/**
 * Host name of this computer, as addresses spell it. One that ends in .localhost is any name: a resolver may
 * send it elsewhere.
 */
export const LOOPBACK = /^localhost$|^127(\.\d+){3}$|^\[::1\]$/;

/** The ports of other protocols, to which `fetch` connects nowhere ("bad port" of its standard). */
export const REFUSED_PORTS: ReadonlySet<number> = new Set([
  ...[1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95],
  ...[101, 102, 103, 104, 109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179],
  ...[389, 427, 465, 512, 513, 514, 515, 526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601],
  ...[636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566],
  ...[6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080],
]);

/**
 * Refuses a port that `fetch` connects to nowhere.
 *
 * @param what the service, as the error calls it: `the Share service`
 * @param port 0 for the one of the scheme
 * @throws InputError `outOfRange`
 */
export function checkPort(what: string, port: number): void {
  if (!REFUSED_PORTS.has(port)) return;
  throw outOfRange(
    `The port of ${what}`,
    port,
    'one that fetch connects to, like 8443: it refuses those of other protocols',
  );
}
