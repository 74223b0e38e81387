/** Answers without a code of the service's, by HTTP status. */
export interface StatusRow {
  readonly from: number;
  /** The last status of the row; the same as `from` if left out. */
  readonly to?: number;
  /** Only for bodies of this form. */
  readonly body?: RegExp;
  readonly error:
    | 'badReply'
    | 'badRequest'
    | 'blockedByFirewall'
    | 'sessionRejected'
    | 'tooManyRequests'
    | 'unavailable';
  /** Time to stay away if the answer does not say one, in milliseconds. */
  readonly retryAfterMs?: number;
  /** True if watching goes on for some hours: a gateway may say so while the service is away. */
  readonly mayPass?: true;
}

/** The first row that fits counts. A body with a code of the service's counts before any of them. */
export const STATUS_ROWS: readonly StatusRow[] = [
  // Assumed only (share §3.5); it can only mean the session.
  { from: 401, error: 'sessionRejected' },
  // A web page, or the number in the text that Cloudflare sends in place of one (share §3.5).
  { from: 403, body: /^\s*<|\b1020\b/, error: 'blockedByFirewall', retryAfterMs: 900_000 },
  { from: 403, to: 404, error: 'badRequest', mayPass: true },
  { from: 408, error: 'unavailable' },
  { from: 429, error: 'tooManyRequests', retryAfterMs: 60_000 },
  { from: 300, to: 399, error: 'badReply' },
  { from: 400, to: 499, error: 'badRequest' },
  { from: 500, to: 599, error: 'unavailable' },
];

/** The row of a status; undefined for success. */
export function statusRow(status: number, body = ''): StatusRow | undefined {
  // Browsers hide the status of a redirect that they do not follow: it is 0 there.
  const known = status || 300;
  return STATUS_ROWS.find(
    ({ from, to = from, body: form }) => known >= from && known <= to && (form?.test(body) ?? true),
  );
}
