import { describe, expect, it } from 'vitest';
import { SharingError, type SharingErrorCode } from '../../src/index.ts';

const contactId = 'c-1';
const endpoint = 'CreateSubscriptionInvitation';
const advice = 'Assign the receiver.';
const reason = 'unavailable';
const SAMPLES: { readonly [Code in SharingErrorCode]: SharingError<Code>['data'] } = {
  receiverNotAssigned: { status: 'NotAssigned', advice },
  monitoringInactive: { endpoint, advice },
  contactUncertain: { endpoint, reason, outcomeUnknown: true },
  invitationUncertain: { endpoint, contactId, reason, outcomeUnknown: true },
  undoFailed: { endpoint, contactId, reason, outcomeUnknown: false },
};

describe('the errors of an account that is not in the state it should be in', () => {
  it.each(['invitationUncertain', 'undoFailed'] as const)('%s says how to remove it', (code) => {
    const { help } = new SharingError(code, SAMPLES[code]);
    expect(help).toContain(`followers.remove('${contactId}')`);
  });

  it.each([
    ['receiverNotAssigned', false],
    ['monitoringInactive', false],
    ['contactUncertain', true],
    ['invitationUncertain', true],
    ['undoFailed', false],
  ] as const)('the outcome of %s is unknown: %j', (code, unknown) => {
    expect(new SharingError(code, SAMPLES[code]).outcomeUnknown).toBe(unknown);
  });

  it('tells a contact that is there from one that may be', () => {
    const data = SAMPLES.undoFailed;
    expect(new SharingError('undoFailed', data).message).toContain('could not be removed');
    const unclear = new SharingError('undoFailed', { ...data, outcomeUnknown: true });
    expect(unclear.message).toContain('may not have been removed');
    expect(unclear.outcomeUnknown).toBe(true);
  });
});
