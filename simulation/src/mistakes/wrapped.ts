import type { Destination, Journal, KeepOptions, OpenJournal } from '@egvkit/uploader';

/** The same options with every destination changed. */
export function withDestinations(
  options: KeepOptions,
  change: (destination: Destination) => Partial<Destination>,
): KeepOptions {
  const destinations = options.destinations.map((kept) => {
    const { destination } = kept;
    return { ...kept, destination: { ...destination, ...change(destination) } };
  });
  return { ...options, destinations };
}

/** The same options with every journal changed. */
export function withJournal(
  options: KeepOptions,
  change: (journal: Journal) => Partial<Journal>,
): KeepOptions {
  const journal: OpenJournal = async (owner) => {
    const opened = await options.journal(owner);
    return { ...opened, ...change(opened) };
  };
  return { ...options, journal };
}
