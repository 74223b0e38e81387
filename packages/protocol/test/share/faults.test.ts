import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  adviceFor,
  FAULTS,
  type FaultCode,
  judgeFault,
  judgeUploadingFault,
  parseFault,
  uploadingAdviceFor,
} from '../../src/share/index.ts';

const body = (code: string, message = '', subCode?: string) =>
  JSON.stringify({ Code: code, Message: message, SubCode: subCode, TypeName: 'FaultException' });

describe('fault bodies', () => {
  // share, Appendix A5
  it.each([
    ['XML text', '<OnlineException ErrorCode="SessionNotValid" />'],
    ['JSON text', '{"OnlineException":{"ErrorCode":"Other"}}'],
    ['nothing', undefined],
  ])('SubCode as %s changes nothing', (_, subCode) => {
    const fault = parseFault(body('SessionNotValid', 'Session not active or timed out.', subCode));
    expect(fault).toEqual({ code: 'SessionNotValid', message: 'Session not active or timed out.' });
    expect(judgeFault(fault!).policy).toBe('relogin');
  });

  it.each([
    '',
    '[]',
    '{}',
    'null',
    '"Code"',
    '{"Code":5}',
    '{"Code":""}',
    '<html>',
    '{"Code":"x"',
    '12',
  ])('%j is no fault', (text) => {
    expect(parseFault(text)).toBeUndefined();
  });

  it('nothing makes reading or judging one throw', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        const fault = parseFault(text);
        return fault === undefined || adviceFor(judgeFault(fault)) !== '';
      }),
    );
    fc.assert(
      fc.property(
        fc.string(),
        fc.string(),
        (code, message) => adviceFor(judgeFault({ code, message })) !== '',
      ),
    );
  });
});

describe('what follows from a fault', () => {
  // share §3.5
  it.each([
    ['SessionIdNotFound', 'relogin', 'sessionRejected'],
    ['SessionNotValid', 'relogin', 'sessionRejected'],
    ['AccountPasswordInvalid', 'stop', 'credentialsRefused'],
    ['SSO_AuthenticateAccountNotFound', 'stop', 'credentialsRefused'],
    ['SSO_AuthenticatePasswordInvalid', 'stop', 'credentialsRefused'],
    ['SSO_AuthenticateMaxAttemptsExceeed', 'lock', 'accountLocked'],
    ['SSO_AuthenticateMaxAttemptsExceeded', 'lock', 'accountLocked'],
    ['SSO_InternalError', 'backoff', 'serviceFault'],
    ['InvalidArgument', 'stop', 'refused'],
    ['MonitoringSessionNotActive', 'fix', 'notSharing'],
    ['MonitoringSessionAlreadyActive', 'ok', 'refused'],
    ['MonitoredReceiverNotAssigned', 'fix', 'receiverNotAssigned'],
    ['MonitoredReceiverSerialNumberDoesNotMatch', 'fix', 'receiverNotAssigned'],
    ['DuplicateEgvPosted', 'ok', 'refused'],
    ['ContactNameAlreadyExists', 'stop', 'refused'],
    ['ContactAlreadyExists', 'stop', 'refused'],
    ['ContactIdNotFound', 'wait', 'refused'],
    ['Unknown', 'backoff', 'serviceFault'],
  ] as [FaultCode, string, string][])('%s: %s', (code, policy, error) => {
    expect(judgeFault({ code, message: '' })).toMatchObject({ known: code, policy, error });
  });

  it('covers every row', () => {
    expect(Object.keys(FAULTS)).toHaveLength(18);
    for (const row of Object.values(FAULTS)) {
      expect(row.tell).toMatch(/\.$/);
    }
  });

  it.each(['SSO_AuthenticateMaxAttempts', 'SSO_AuthenticateMaxAttemptsExceeeeded'])(
    '%s locks by its prefix',
    (code) => {
      expect(judgeFault({ code, message: '' }).policy).toBe('lock');
    },
  );

  it.each([
    ['Unknown', 'Publisher account already has an active monitoring session.'],
    ['Whatever', 'Publisher account already has an active monitoring session'],
    ['RemoteMonitoringSessionAlreadyActive', ''],
  ])('%s with %j means that sharing is on', (code, message) => {
    expect(judgeFault({ code, message })).toMatchObject({
      known: 'MonitoringSessionAlreadyActive',
      policy: 'ok',
    });
  });

  it.each(['Cannot Authenticate by AccountName', 'x: Cannot Authenticate by AccountId y'])(
    'SSO_InternalError saying %j means wrong credentials',
    (message) => {
      expect(judgeFault({ code: 'SSO_InternalError', message })).toMatchObject({
        policy: 'stop',
        error: 'credentialsRefused',
      });
    },
  );

  it.each(['BrandNewCode', 'toString', '__proto__', ''])(
    '%j is unknown and called for patience',
    (code) => {
      expect(judgeFault({ code, message: '' })).toMatchObject({
        known: undefined,
        policy: 'backoff',
        error: 'serviceFault',
      });
    },
  );

  it.each(Object.keys(FAULTS))(
    '%s is the same to a program that uploads, or of a contact',
    (code) => {
      const fault = { code, message: '' };
      const verdict = judgeUploadingFault(fault);
      if (code.startsWith('Contact')) {
        expect(verdict).toEqual(judgeUploadingFault({ code: 'BrandNewCode', message: '' }));
        expect(verdict.known).toBeUndefined();
      } else {
        expect(verdict).toEqual(judgeFault(fault));
        expect(uploadingAdviceFor(verdict)).toBe(adviceFor(judgeFault(fault)));
      }
    },
  );

  it.each(['Whatever', 'RemoteMonitoringSessionAlreadyActive'])(
    '%s means to it too that sharing is on',
    (code) => {
      const fault = { code, message: 'account already has an active monitoring session' };
      expect(judgeUploadingFault(fault)).toEqual(judgeFault(fault));
      expect(judgeUploadingFault(fault).policy).toBe('ok');
    },
  );
});
