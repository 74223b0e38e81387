import { outOfRange } from '@egvkit/protocol';
import { type Explanation, NO_REASON } from './exchange.ts';
import type { Target } from './target.ts';

/** Advice where no more is known. */
const CHECK_NETWORK = 'Check the network and the address, and try again.';

interface FailureRow {
  /** The codes of Node, Bun and Deno. */
  readonly codes: RegExp;
  readonly reason: string;
  readonly advice?: string;
  /** Only for addresses that begin so. */
  readonly scheme?: 'http:';
}

const UNTRUSTED = {
  reason: 'its certificate comes from an authority that is not trusted here',
  advice:
    'A network of a company or a program against viruses that looks into https puts its own ' +
    'certificate in: get that as a PEM file, and set NODE_EXTRA_CA_CERTS to its path before ' +
    'Node.js starts. If nothing of the kind is known here, somebody may be listening: send nothing.',
} as const;

/** Failures of connections by code; the first row that fits counts. */
const FAILURES: readonly FailureRow[] = [
  { codes: /ENOTFOUND/, reason: 'its name is unknown' },
  { codes: /EAI_AGAIN/, reason: 'its name could not be looked up' },
  { codes: /REFUSED/i, reason: 'nothing answers at that address' },
  {
    codes: /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST|INVALID_RECORD|EPROTO/i,
    reason: 'what answers there does not speak https',
    advice:
      'Check the port. A service of your own on this computer that has no https is http://localhost ' +
      'and its port; any other needs https.',
  },
  { codes: /SELF_SIGNED|UNABLE_TO_(?:GET|VERIFY)|UNKNOWN_?ISSUER/i, ...UNTRUSTED },
  {
    codes: /CERT_(?:HAS_EXPIRED|NOT_YET_VALID)|CERTIFICATE_EXPIRED/i,
    reason: 'its certificate is not valid at the time that this computer shows',
    advice: "Check this computer's date and time; if they are right, the service must renew it.",
  },
  {
    codes: /ALTNAME|CERT_COMMON_NAME/i,
    reason: 'its certificate is for another name',
    advice: 'Check the address: the certificate must be for the very name that is in it.',
  },
  { codes: /CERT|UNABLE_TO|SSL/, reason: 'its certificate or encryption is not accepted' },
  { codes: /TIMEDOUT|TIMEOUT/, reason: 'it does not answer' },
  { codes: /NETUNREACH/, reason: 'there is no network' },
  { codes: /HOSTUNREACH/, reason: 'there is no route to that address' },
  {
    codes: /RESET|SOCKET|HPE_/,
    scheme: 'http:',
    reason: 'it was closed from the other side',
    advice: 'A service that speaks https closes http like this: if it does, use https://.',
  },
  { codes: /RESET|SOCKET/, reason: 'it was closed from the other side' },
];

/**
 * Explains a failed connection to a person; with the code, to look it up.
 *
 * @param target The address that was connected to.
 */
export function explainFailure(code: string, { origin }: Pick<Target, 'origin'>): Explanation {
  const known = FAILURES.find(
    ({ codes, scheme = '' }) => codes.test(code) && origin.startsWith(scheme),
  );
  if (known === undefined) return { reason: code || NO_REASON, advice: CHECK_NETWORK };
  return { reason: `${known.reason} (${code})`, advice: known.advice ?? CHECK_NETWORK };
}

/** The ports of other protocols, to which `fetch` connects nowhere ("bad port" of its standard). */
export const REFUSED_PORTS: ReadonlySet<number> = new Set([
  ...[1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95],
  ...[101, 102, 103, 104, 109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179],
  ...[389, 427, 465, 512, 513, 514, 515, 526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601],
  ...[636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566],
  ...[6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080],
]);

/** @throws InputError `outOfRange` for a port that `fetch` never connects to */
export function checkPort(origin: string): void {
  const port = Number(new URL(origin).port);
  if (!REFUSED_PORTS.has(port)) return;
  throw outOfRange(
    'The port of the Share service',
    port,
    'one that fetch connects to, like 8443: it refuses those of other protocols',
  );
}
