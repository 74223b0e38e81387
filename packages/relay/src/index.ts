export { RELAY_ERRORS, RelayError, type RelayErrorCode } from './errors.ts';
export type { Fetch, RelayOptions, RelayServices } from './options.ts';
export { REFUSAL_HEADER, REFUSALS, type RefusalCode } from './refusals.ts';
export { createRelay, type RelayHandler } from './relay.ts';
