import { decodeDate, type EndpointName, type EndpointReply } from '@egvkit/protocol/share';

/** Escapes a text for XML, between tags or in quotes. */
export function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

// share §2.1
/** Writes an ISO text with seven fractional digits and `Z`. */
function isoTicks(date: string): string {
  const utcMs = decodeDate(date)?.utcMs ?? 0;
  return new Date(utcMs).toISOString().replace('Z', '0000Z');
}

type XmlWords = {
  readonly [Name in EndpointName]?: (value: EndpointReply<Name>) => string;
};

/**
 * XML answers of calls that did not ask for JSON. Ours: the names of the outer elements, after the
 * habit of .NET; only `DateTime` is on record.
 */
export const XML_ANSWERS: XmlWords = {
  SystemUtcTime: ({ DateTime, OffsetMinutes }) =>
    `<DateTimeOffset><DateTime>${isoTicks(DateTime)}</DateTime>` +
    `<OffsetMinutes>${OffsetMinutes}</OffsetMinutes></DateTimeOffset>`,
  ReadPublisherAccountEmail: (email) => `<string>${escapeXml(email)}</string>`,
};
