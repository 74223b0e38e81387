/** An entry as the site keeps it. */
export type Fields = Readonly<Record<string, unknown>>;

/** A document and its number. */
interface Kept {
  readonly id: string;
  readonly fields: Fields;
  /** The fields with the number among them. */
  readonly numbered: Fields;
}

const dateOf = ({ fields }: Kept): number => {
  const { date } = fields;
  return typeof date === 'number' ? date : Number.NEGATIVE_INFINITY;
};

/** Entries of a site, in the order of their times. */
export class EntryStore {
  readonly #sorted: Kept[] = [];
  readonly #byId = new Map<string, Kept>();
  readonly #bySysTime = new Map<string, Kept>();
  readonly #byIdentifier = new Map<string, Kept>();
  #count = 0;

  /** Oldest first, with `_id`. */
  all(): readonly Fields[] {
    return this.#sorted.map(({ numbered }) => numbered);
  }

  /** Those of a span of time, newest first. */
  *between(fromMs: number, toMs: number): Generator<Fields, void, void> {
    for (let at = this.#after(toMs) - 1; at >= 0; at--) {
      const kept = this.#sorted[at];
      if (kept === undefined || dateOf(kept) < fromMs) return;
      yield kept.numbered;
    }
  }

  // nightscout §4.1
  /** Finds by time in ISO 8601 and type. */
  bySysTime(sysTime: string, type: string): string | undefined {
    return this.#bySysTime.get(`${sysTime} ${type}`)?.id;
  }

  byIdentifier(identifier: string): string | undefined {
    return this.#byIdentifier.get(identifier)?.id;
  }

  /** Finds by time and type one that has no identifier. */
  withoutIdentifier(date: number, type: unknown): string | undefined {
    for (let at = this.#after(date) - 1; at >= 0; at--) {
      const kept = this.#sorted[at];
      if (kept === undefined || dateOf(kept) < date) return undefined;
      if (kept.fields.type === type && kept.fields.identifier === undefined) return kept.id;
    }
    return undefined;
  }

  get(id: string): Fields | undefined {
    return this.#byId.get(id)?.fields;
  }

  insert(fields: Fields): string {
    const id = (++this.#count).toString(16).padStart(24, '0');
    this.#put(id, fields);
    return id;
  }

  /** Puts other fields in the place of those of an entry. */
  replace(id: string, fields: Fields): void {
    const kept = this.#byId.get(id);
    if (kept === undefined) return;
    this.#sorted.splice(this.#sorted.lastIndexOf(kept), 1);
    for (const map of [this.#bySysTime, this.#byIdentifier]) {
      for (const [key, one] of this.#keysOf(kept)) if (map.get(key) === one) map.delete(key);
    }
    this.#put(id, fields);
  }

  #keysOf(kept: Kept): [string, Kept][] {
    const { sysTime, type, identifier } = kept.fields;
    return [
      [`${sysTime} ${type}`, kept],
      [String(identifier), kept],
    ];
  }

  #put(id: string, fields: Fields): void {
    const kept: Kept = { id, fields, numbered: { _id: id, ...fields } };
    const { sysTime, type, identifier } = fields;
    this.#byId.set(id, kept);
    this.#sorted.splice(this.#after(dateOf(kept)), 0, kept);
    if (sysTime !== undefined) this.#bySysTime.set(`${sysTime} ${type}`, kept);
    if (identifier !== undefined) this.#byIdentifier.set(String(identifier), kept);
  }

  /** Place behind the last entry that is not later. */
  #after(date: number): number {
    let from = 0;
    for (let to = this.#sorted.length; from < to; ) {
      const middle = (from + to) >> 1;
      const kept = this.#sorted[middle];
      if (kept !== undefined && dateOf(kept) <= date) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}
