import { describe, expect, it } from 'vitest';
import { fetchFaultOf } from '../src/index.ts';

/** An error as `fetch` of Node.js throws it. */
const failed = (cause: unknown): Error => new TypeError('fetch failed', { cause });

describe('the fault of a failed fetch', () => {
  it.each([
    ['ENOTFOUND', true],
    ['EAI_AGAIN', true],
    ['ECONNREFUSED', true],
    ['ConnectionRefused', true],
    ['UND_ERR_CONNECT_TIMEOUT', true],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', true],
    ['SELF_SIGNED_CERT_IN_CHAIN', true],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', true],
    ['CERT_HAS_EXPIRED', true],
    ['ERR_TLS_CERT_ALTNAME_INVALID', true],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', true],
    // An alert comes at any time, also when a request has been carried out.
    ['ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE', false],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', false],
    ['ERR_SSL_TLSV1_BAD_CERTIFICATE_STATUS_RESPONSE', false],
    ['ERR_SSL_WRONG_VERSION_NUMBER', false],
    ['ECONNRESET', false],
    ['UND_ERR_SOCKET', false],
    ['UND_ERR_HEADERS_TIMEOUT', false],
  ])('%s: nothing was sent, %s', (code, isUnsent) => {
    expect(fetchFaultOf(failed({ code }))).toEqual({ code, isUnsent });
  });

  it('is in a cause, in one of several addresses, or in the error itself', () => {
    const timedOut = { code: 'ETIMEDOUT', syscall: 'connect' };
    const fault = { code: 'ETIMEDOUT', isUnsent: true };
    expect(fetchFaultOf(failed(timedOut))).toEqual(fault);
    expect(fetchFaultOf(failed({ errors: [timedOut, {}] }))).toEqual(fault);
    expect(fetchFaultOf(timedOut)).toEqual(fault);
  });

  it('is told by a code alone: a text may hold an address, and with it a secret', () => {
    const said = 'https://site.example/?token=abc';
    for (const error of [failed({ code: said }), new TypeError(said), said, null, undefined, 7]) {
      expect(fetchFaultOf(error)).toEqual({ code: '', isUnsent: false });
    }
  });

  it('is found in causes that go round in a circle', () => {
    const circle = failed(undefined);
    circle.cause = circle;
    expect(fetchFaultOf(circle)).toEqual({ code: '', isUnsent: false });
  });
});
