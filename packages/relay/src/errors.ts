import { type DataOf, row, TableError } from '@egvkit/protocol';

type Nothing = Record<never, never>;

/** Reasons not to make or start a relay. */
export const RELAY_ERRORS = {
  badOrigin: row<{ option: string }>({
    message: ({ option }) =>
      `An address in "${option}" is neither https:// and a host, nor http:// and this computer.`,
    help: 'Write https://host or https://host:port, without a path or a user name.',
    retryable: false,
  }),
  noPages: row<Nothing>({
    message: () => 'The relay works for no page: "pages" is empty.',
    help: 'List the origins of your own pages, such as https://glucose.example.',
    retryable: false,
  }),
  noService: row<Nothing>({
    message: () => 'The relay has no service to pass calls on to.',
    help: 'Name "regions", "shareOrigin" or "nightscout".',
    retryable: false,
  }),
  badHeader: row<{ header: string }>({
    message: ({ header }) =>
      `The header "${header}" has a character in its name or value that no header can have.`,
    help: 'Correct "headers"; a value is one line.',
    retryable: false,
  }),
  reservedHeader: row<{ header: string }>({
    message: ({ header }) => `The header "${header}" is set by the server itself.`,
    help: 'Leave it out of "headers".',
    retryable: false,
  }),
  folderUnreadable: row<{ folder: string; systemCode: string }>({
    message: ({ folder, systemCode }) =>
      `The folder ${folder} cannot be read: the system says ${systemCode}.`,
    help: 'Name the folder of the built page, in which its index.html is.',
    retryable: false,
  }),
  noIndexPage: row<{ folder: string }>({
    message: ({ folder }) => `The folder ${folder} has no index.html.`,
    help: 'Build the page first, or name the folder in which its index.html is.',
    retryable: false,
  }),
  tooManyFiles: row<{ folder: string; maxFiles: number }>({
    message: ({ folder, maxFiles }) => `The folder ${folder} has more than ${maxFiles} files.`,
    help: 'Name the folder of the built page, and not one in which it is among others.',
    retryable: false,
  }),
  portTaken: row<{ port: number }>({
    message: ({ port }) => `Port ${port} of this computer is in use.`,
    help: 'Choose another port, or none: then a free one is taken.',
    retryable: true,
  }),
  portDenied: row<{ port: number; systemCode: string }>({
    message: ({ port, systemCode }) =>
      `Port ${port} of this computer cannot be had: the system says ${systemCode}.`,
    help: 'Choose a port from 1024 to 65535, or none: then a free one is taken.',
    retryable: false,
  }),
  tlsUnverified: row<Nothing>({
    message: () => 'NODE_TLS_REJECT_UNAUTHORIZED is 0, with which passwords could go to anybody.',
    help: 'Unset it; for a certificate of your own set NODE_EXTRA_CA_CERTS to its PEM file.',
    retryable: false,
  }),
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
