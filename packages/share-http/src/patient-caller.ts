import type { Call, CallData, ReplyOf } from '@egvkit/protocol/share';
import type { Outcome } from './answer.ts';
import { Caller } from './caller.ts';

/** A contact made a moment ago may not be found yet (spec/share §2.1). */
const SETTLE_MS = 2000;

/** Waits once for what was just made to be found; a program that only reads makes nothing. */
export class PatientCaller extends Caller {
  override async call<Row extends Call>(
    row: Row,
    data: (sessionId: string) => CallData<Row>,
    signal: AbortSignal | undefined,
  ): Promise<Outcome<ReplyOf<Row>>> {
    const outcome = await super.call(row, data, signal);
    if (outcome.refusal?.verdict.policy !== 'wait') return outcome;
    await this.wait(SETTLE_MS, signal);
    return super.call(row, data, signal);
  }
}
