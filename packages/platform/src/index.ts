export { checkPort, LOOPBACK, REFUSED_PORTS } from './address.ts';
export { type Explanation, explainFailure, NO_REASON } from './connection-failure.ts';
export { type FetchFault, fetchFaultOf } from './fetch-fault.ts';
export { deadline, LONGEST_TIMER_MS, orAborted, sleep, within } from './waiting.ts';
