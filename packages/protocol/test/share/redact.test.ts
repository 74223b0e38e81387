import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { excerpt, redactText, redactUrl } from '../../src/share/index.ts';

const ID = 'e3e3e6a5-0123-4567-89ab-cdefcdefcdef';
const AREA = '/ShareWebServices/Services/Publisher';

describe('addresses', () => {
  it.each([
    [
      `https://share2.dexcom.com${AREA}/ReadPublisherLatestGlucoseValues?sessionId=${ID}&minutes=1440&maxCount=1`,
      `https://share2.dexcom.com${AREA}/ReadPublisherLatestGlucoseValues?sessionId=…&minutes=1440&maxCount=1`,
    ],
    [
      `${AREA}/CheckMonitoredReceiverAssignmentStatus?sessionID=${ID}&serialNumber=SM1`,
      `${AREA}/CheckMonitoredReceiverAssignmentStatus?sessionID=…&serialNumber=SM1`,
    ],
    [
      `${AREA}/PostReceiverEgvRecords?sessionId=${ID}&extra=1`,
      `${AREA}/PostReceiverEgvRecords?sessionId=…&extra=…`,
    ],
    [`/elsewhere?minutes=5&token=abc`, '/elsewhere?minutes=…&token=…'],
    ['https://ann:secret@host/path#frag', 'https://host/path'],
    ['/plain', '/plain'],
    ['?a', '?a=…'],
  ])('%s', (url, shown) => {
    expect(redactUrl(url)).toBe(shown);
  });
});

describe('texts', () => {
  it.each([
    ['Failed to find session object. [SessionId = e3e3e6a5-0123-4567-89ab-cdefcdefcdef]', /e3e3/],
    ['{"Message":"x","SubCode":"<OnlineException HostIP=\\"10.0.0.1\\" />"}', /HostIP|10\.0/],
    ['{"SubCode":"cut off in the mid', /cut off/],
    ['{"accountName":"ann@example.com","password":"pa\\"ss"}', /ann@|ss"/],
    ['{"x":"{\\"password\\":\\"hunter2\\"}"}', /hunter2/],
    ['AccountName=ann@example.com failed', /ann@/],
    ['?sessionId=abc&minutes=5', /abc/],
    ['"e3e3e6a5-0123-45', /e3e3/],
  ])('%s', (text, secret) => {
    expect(redactText(text, [])).not.toMatch(secret);
  });

  it('leaves the rest readable', () => {
    expect(redactText('Publisher account does not have a valid monitored receiver.', [])).toBe(
      'Publisher account does not have a valid monitored receiver.',
    );
    expect(redactText(`Session ${ID} not found`, [])).toBe('Session … not found');
  });

  it('no given secret survives, in whatever spelling the service repeats it', () => {
    const secrets = fc.string({ minLength: 4, unit: 'binary' }).filter((s) => s.isWellFormed());
    // What the redaction itself writes is no leak.
    const plain = secrets.filter((secret) => !/…|SubCode/i.test(secret));
    fc.assert(
      fc.property(plain, fc.string(), fc.string(), (secret, before, after) => {
        for (const said of [secret, JSON.stringify(secret), encodeURIComponent(secret)]) {
          const shown = redactText(`${before}${said}${after}`, [secret]);
          expect(shown.includes(secret) && !`${before}${after}`.includes(secret)).toBe(false);
        }
      }),
    );
  });

  it('a secret that the end of the text cuts off is cut away', () => {
    const password = 'correct horse battery';
    for (let length = 4; length <= password.length; length++) {
      const shown = redactText(`you sent ${password.slice(0, length)}`, [password]);
      expect(shown).toBe('you sent …');
    }
  });

  it('an excerpt is one short line, redacted before it is cut', () => {
    const text = `${'x'.repeat(190)}\n\n  ${ID}${'y'.repeat(100)}`;
    const shown = excerpt(text, []);
    expect(shown.length).toBeLessThanOrEqual(201);
    expect(shown).not.toMatch(/e3e3|\n/);
    expect(excerpt(' a \n b ', [])).toBe('a b');
    expect(excerpt('-'.repeat(1_000_000), [])).toHaveLength(201);
  });

  it('an excerpt commands no terminal and turns no text around', () => {
    // C0, DEL and C1, and what turns the direction of text around.
    const commands = /[\p{Cc}\p{Bidi_Control}]/u;
    const all = Array.from({ length: 0x2100 }, (_, code) => String.fromCharCode(code));
    const unit = fc.oneof(
      fc.constantFrom('x', '\x1b[2J', '\x9b31m', ...all.filter((it) => commands.test(it))),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    );
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 300 }), (text) => {
        const shown = excerpt(text, []);
        expect(shown).not.toMatch(commands);
        expect(excerpt(shown, [])).toBe(shown);
      }),
    );
    expect(excerpt('a\x1b]0;title\x07b\u202ec', [])).toBe('a ]0;title b c');
    expect(excerpt('Größe 5 µg … 日本 🙂', [])).toBe('Größe 5 µg … 日本 🙂');
  });
});
