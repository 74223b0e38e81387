import { type DataOf, mayPass, stays, TableError } from '@egvkit/protocol';

type Nothing = Record<never, never>;

/** Reasons not to make or start a relay. */
export const RELAY_ERRORS = {
  badOrigin: stays<{ option: string }>(
    ({ option }) =>
      `An address in "${option}" is neither https:// and a host, nor http:// and this computer.`,
    'Write https://host or https://host:port, without a path or a user name.',
  ),
  noPages: stays<Nothing>(
    () => 'The relay works for no page: "pages" is empty.',
    'List the origins of your own pages, such as https://glucose.example.',
  ),
  noService: stays<Nothing>(
    () => 'The relay has no service to pass calls on to.',
    'Name "regions", "shareOrigin" or "nightscout".',
  ),
  badHeader: stays<{ header: string }>(
    ({ header }) =>
      `The header "${header}" has a character in its name or value that no header can have.`,
    'Correct "headers"; a value is one line.',
  ),
  reservedHeader: stays<{ header: string }>(
    ({ header }) => `The header "${header}" is set by the server itself.`,
    'Leave it out of "headers".',
  ),
  folderUnreadable: stays<{ folder: string; systemCode: string }>(
    ({ folder, systemCode }) =>
      `The folder ${folder} cannot be read: the system says ${systemCode}.`,
    'Name the folder of the built page, in which its index.html is.',
  ),
  noIndexPage: stays<{ folder: string }>(
    ({ folder }) => `The folder ${folder} has no index.html.`,
    'Build the page first, or name the folder in which its index.html is.',
  ),
  tooManyFiles: stays<{ folder: string; maxFiles: number }>(
    ({ folder, maxFiles }) => `The folder ${folder} has more than ${maxFiles} files.`,
    'Name the folder of the built page, and not one in which it is among others.',
  ),
  portTaken: mayPass<{ port: number }>(
    ({ port }) => `Port ${port} of this computer is in use.`,
    'Choose another port, or none: then a free one is taken.',
  ),
  portDenied: stays<{ port: number; systemCode: string }>(
    ({ port, systemCode }) =>
      `Port ${port} of this computer cannot be had: the system says ${systemCode}.`,
    'Choose a port from 1024 to 65535, or none: then a free one is taken.',
  ),
  tlsUnverified: stays<Nothing>(
    () => 'NODE_TLS_REJECT_UNAUTHORIZED is 0, with which passwords could go to anybody.',
    'Unset it; for a certificate of your own set NODE_EXTRA_CA_CERTS to its PEM file.',
  ),
} as const;

export type RelayErrorCode = keyof typeof RELAY_ERRORS;

/** A relay that cannot be made or started. */
export class RelayError<Code extends RelayErrorCode = RelayErrorCode> extends TableError<
  typeof RELAY_ERRORS,
  Code
> {
  override readonly name = 'RelayError';

  constructor(code: Code, data: DataOf<typeof RELAY_ERRORS, Code>, options?: { cause?: unknown }) {
    super(RELAY_ERRORS, code, data, options);
  }
}
