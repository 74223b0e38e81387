import { FAULTS, type FaultCode } from '@egvkit/protocol/share';
import type { ServiceBehaviour } from './options.ts';

/** Thrown by a handler: the service says no. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: string;

  constructor(code: FaultCode, detail = '') {
    super(`${FAULTS[code].message}${detail}`);
    this.code = code;
  }
}

function subCode(refusal: Refusal, generation: ServiceBehaviour['generation'], ms: number): string {
  const date = new Date(ms).toISOString();
  const { code, message } = refusal;
  if (generation === 'current') {
    const exception = { DateThrown: date, ErrorCode: code, Message: message };
    return JSON.stringify({ OnlineException: exception });
  }
  const attribute = (text: string): string =>
    text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
  return `<OnlineException DateThrown="${date}" ErrorCode="${attribute(code)}" Message="${attribute(message)}" />`;
}

/** The body of a refusal (spec/share §3.4). */
export function refusalBody(
  refusal: Refusal,
  generation: ServiceBehaviour['generation'],
  nowMs: number,
): string {
  return JSON.stringify({
    Code: refusal.code,
    Message: refusal.message,
    SubCode: subCode(refusal, generation, nowMs),
    TypeName: 'FaultException',
  });
}
