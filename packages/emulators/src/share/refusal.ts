import { FAULTS, type FaultCode } from '@egvkit/protocol/share';
import type { ServiceBehaviour } from './options.ts';
import { escapeXml } from './xml.ts';

/** Thrown by a handler: the service says no. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: string;

  constructor(code: FaultCode, detail = '') {
    super(`${FAULTS[code].message}${detail}`);
    this.code = code;
  }
}

function subCode({ code, message }: Refusal, format: ServiceBehaviour['subCodes'], ms: number) {
  const date = new Date(ms).toISOString();
  if (format === 'json') {
    const exception = { DateThrown: date, ErrorCode: code, Message: message };
    return JSON.stringify({ OnlineException: exception });
  }
  return `<OnlineException DateThrown="${date}" ErrorCode="${escapeXml(code)}" Message="${escapeXml(message)}" />`;
}

/** The body of a refusal (spec/share §3.4). */
export function refusalBody(
  refusal: Refusal,
  format: ServiceBehaviour['subCodes'],
  nowMs: number,
): string {
  return JSON.stringify({
    Code: refusal.code,
    Message: refusal.message,
    SubCode: subCode(refusal, format, nowMs),
    TypeName: 'FaultException',
  });
}
