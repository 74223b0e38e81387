/** HTTP as clients of any service meet it; nothing here makes a request. */
export { checkPort, LOOPBACK, REFUSED_PORTS } from './address.ts';
export { type Explanation, explainFailure, NO_REASON } from './connection-failure.ts';
export { type FetchFault, fetchFaultOf } from './fetch-fault.ts';
export { httpDateMs, retryAfterMsOf } from './header.ts';
