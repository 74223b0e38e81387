/** Reason of a failed connection, for people. */
export interface Explanation {
  readonly reason: string;
  /** Advice on the failure. */
  readonly advice: string;
}

/** Said where the platform, as a browser does, tells nothing about a connection that failed. */
export const NO_REASON = 'no reason was given';

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
 * @param code The system's, as `fetchFaultOf` finds it.
 * @param address The address that was connected to.
 */
export function explainFailure(code: string, address: string): Explanation {
  const known = FAILURES.find(
    ({ codes, scheme = '' }) => codes.test(code) && address.startsWith(scheme),
  );
  if (known === undefined) return { reason: code || NO_REASON, advice: CHECK_NETWORK };
  return { reason: `${known.reason} (${code})`, advice: known.advice ?? CHECK_NETWORK };
}
