/** Limits on the page: its own files, its own origin, and its one policy for scripts. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types egvkit',
].join('; ');

/** Headers to serve the page with. The policy is in the page as well, for hosts that send none. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': `${CONTENT_SECURITY_POLICY}; frame-ancestors 'none'`,
  'permissions-policy': [
    'serial=(self)',
    'usb=(self)',
    ...['camera', 'geolocation', 'hid', 'microphone', 'midi', 'payment'].map(
      (name) => `${name}=()`,
    ),
  ].join(', '),
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};
