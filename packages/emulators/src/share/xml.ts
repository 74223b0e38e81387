import { decodeDate, type EndpointName, type EndpointReply } from '@egvkit/protocol/share';

/** A text as it stands in XML, between tags or in quotes. */
export function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** ISO text with seven fractional digits and `Z` (spec/share §2.1). */
function isoTicks(date: string): string {
  const utcMs = decodeDate(date)?.utcMs ?? 0;
  return new Date(utcMs).toISOString().replace('Z', '0000Z');
}

type XmlWords = {
  readonly [Name in EndpointName]?: (value: EndpointReply<Name>) => string;
};

/**
 * The calls that were answered in XML to who did not ask for JSON (spec/share §1.4, §2.1, §2.2).
 * The names of the outer elements are ours, after the habit of .NET: only `DateTime` is on record.
 */
export const XML_ANSWERS: XmlWords = {
  SystemUtcTime: ({ DateTime, OffsetMinutes }) =>
    `<DateTimeOffset><DateTime>${isoTicks(DateTime)}</DateTime>` +
    `<OffsetMinutes>${OffsetMinutes}</OffsetMinutes></DateTimeOffset>`,
  ReadPublisherAccountEmail: (email) => `<string>${escapeXml(email)}</string>`,
};
