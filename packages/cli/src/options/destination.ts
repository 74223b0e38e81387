import { Option } from '@commander-js/extra-typings';
import { type Choices, namesOf } from './choice.ts';
import { invalid, listOf } from './usage.ts';

export type DestinationName = 'share' | 'nightscout';

/** Services that readings go to. */
const DESTINATIONS: Choices<DestinationName> = {
  share: 'Dexcom Share',
  nightscout: 'a Nightscout site',
};

const NAMES = namesOf(DESTINATIONS);

/** Adds a destination, or several with commas between them, to those before it; each once. */
function addDestinations(
  text: string,
  before: readonly DestinationName[] | undefined,
): readonly DestinationName[] {
  const added = text.split(',').map((word) => {
    const name = NAMES.find((one) => one === word.trim().toLowerCase());
    if (name !== undefined) return name;
    throw invalid('--to', word, `use ${listOf(NAMES)}; for both, ${NAMES.join(',')}`);
  });
  return [...new Set([...(before ?? []), ...added])];
}

export const TO_OPTION = new Option(
  '--to <destination...>',
  'where readings go: share (default) or nightscout; for both, share,nightscout',
)
  .choices(NAMES)
  .argParser(addDestinations);

/** An address as it is printed: without what may be a password or a token. */
export function printedAddress(text: string): string {
  return text.replace(/(?<=:\/\/)[^/]*@|[?#].*$/gs, '…');
}

/** The address of a site, without anything secret. */
function parseSite(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPlain =
    url !== undefined &&
    /^https?:$/.test(url.protocol) &&
    `${url.username}${url.password}${url.search}${url.hash}` === '';
  if (isPlain) return url.href.replace(/\/$/, '');
  throw invalid(
    '--nightscout-url',
    printedAddress(text),
    'use the address of the site alone, such as https://site.example; its token has its own place',
  );
}

export const NIGHTSCOUT_URL_OPTION = new Option(
  '--nightscout-url <url>',
  'address of the Nightscout site (or NIGHTSCOUT_URL)',
).argParser(parseSite);
