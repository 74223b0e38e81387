/** Kinds of bytes that can be decoded. */
export const KINDS = {
  packet: 'packets as they go over the cable',
  page: 'pages of the database, of 528 bytes each',
} as const;

export type DecodeKind = keyof typeof KINDS;
