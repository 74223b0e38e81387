import type { Call, CallData, ReplyOf } from '@egvkit/protocol/share';
import type { CallOptions } from '../call-options.ts';
import type { Outcome } from '../http/answer.ts';
import { Caller } from './caller.ts';

// A contact made a moment ago may not be found yet (share §2.1).
const SETTLE_MS = 2000;

/** Makes any call, and waits once for a contact that is not found; a reader makes no contacts. */
export class WritingCaller extends Caller {
  override async call<Row extends Call>(
    row: Row,
    data: (sessionId: string) => CallData<Row>,
    options: CallOptions,
  ): Promise<Outcome<ReplyOf<Row>>> {
    const outcome = await super.call(row, data, options);
    if (outcome.refusal?.verdict.policy !== 'wait') return outcome;
    await this.sleep(SETTLE_MS, options.signal);
    return super.call(row, data, options);
  }
}
