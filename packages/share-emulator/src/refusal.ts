import { FAULTS, type FaultCode } from '@egvkit/protocol/share';
import type { ServiceBehaviour } from './options.ts';
import { escapeXml } from './xml.ts';

/** Refusal of a call by a handler. */
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

// share §3.4
/** Makes the body of a refusal. */
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
