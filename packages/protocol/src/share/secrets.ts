/**
 * Fields, in whatever case, whose values no log and no error may show: credentials, and names of
 * persons. A row of the calls marks its own with these words.
 */
export const SECRET_FIELDS = [
  'accountId',
  'accountName',
  'contactName',
  'DisplayName',
  'Email',
  'emailAddress',
  'password',
  'sessionId',
] as const;

/** One of {@link SECRET_FIELDS}. */
export type SecretField = (typeof SECRET_FIELDS)[number];
