import { describe, expect, it } from 'vitest';
import { checkPort, explainFailure, LOOPBACK } from '../src/index.ts';

describe('a failed connection', () => {
  it.each([
    ['ENOTFOUND', 'its name is unknown (ENOTFOUND)'],
    ['EAI_AGAIN', 'its name could not be looked up (EAI_AGAIN)'],
    ['ConnectionRefused', 'nothing answers at that address (ConnectionRefused)'],
    ['UND_ERR_CONNECT_TIMEOUT', 'it does not answer (UND_ERR_CONNECT_TIMEOUT)'],
    ['ENETUNREACH', 'there is no network (ENETUNREACH)'],
    ['EHOSTUNREACH', 'there is no route to that address (EHOSTUNREACH)'],
    ['ESOMETHING', 'ESOMETHING'],
    ['', 'no reason was given'],
  ])('by %s has its reason in words, and the advice to look at the network', (code, reason) => {
    expect(explainFailure(code, 'https://site.example')).toEqual({
      reason,
      advice: 'Check the network and the address, and try again.',
    });
  });

  it.each([
    ['ERR_SSL_PACKET_LENGTH_TOO_LONG', 'what answers there does not speak https', /localhost/],
    [
      'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
      'an authority that is not trusted here',
      /EXTRA_CA_CERTS/,
    ],
    ['CERT_HAS_EXPIRED', 'not valid at the time that this computer shows', /date and time/],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'its certificate is for another name', /the very name/],
    ['ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE', 'encryption is not accepted', /Check the network/],
  ])('by %s has its own advice', (code, reason, advice) => {
    const explanation = explainFailure(code, 'https://site.example');
    expect(explanation.reason).toContain(`${reason} (${code})`);
    expect(explanation.advice).toMatch(advice);
  });

  it('that was closed may want https, if it was http', () => {
    const reason = 'it was closed from the other side (ECONNRESET)';
    const plain = explainFailure('ECONNRESET', 'http://site.example');
    expect(plain).toEqual({ reason, advice: expect.stringContaining('use https://') });
    const secure = explainFailure('ECONNRESET', 'https://site.example');
    expect(secure).toEqual({ reason, advice: expect.stringContaining('Check the network') });
  });
});

describe('an address', () => {
  it('is of this computer by its host name alone', () => {
    for (const host of ['localhost', '127.0.0.1', '127.8.9.10', '[::1]']) {
      expect(host).toMatch(LOOPBACK);
    }
    for (const host of [
      'a.localhost',
      'localhost.example',
      '127.0.0.1.example',
      '[::2]',
      '128.0.0.1',
    ]) {
      expect(host).not.toMatch(LOOPBACK);
    }
  });

  it('has a port that fetch connects to', () => {
    for (const port of [0, 80, 443, 1337, 8443, 65_535]) checkPort('the site', port);
    expect(() => checkPort('the site', 6000)).toThrow(/The port of the site.*6000.*like 8443/s);
  });
});
