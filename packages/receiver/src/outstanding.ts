import type { Packet, PreparedRequest } from '@egvkit/protocol/receiver';
import { ACK, type Exchange, PacketFinder } from '@egvkit/protocol/receiver/wire';

/** Longest time, in ms, from a request, or the first copy of a reply, to a late reply. */
const LATEST_REPLY_MS = 10_000; // Our choice; receiver §8 gives no limit.

interface Sent {
  readonly request: PreparedRequest;
  readonly atMs: number;
  /** True if a refusal has come that may be the reply to this request. */
  maybeRefused: boolean;
}

interface Seen {
  readonly payload: Uint8Array;
  readonly atMs: number;
}

/** Response code and payload of a reply. */
export interface Claim {
  readonly code: number;
  readonly payload: Uint8Array;
}

/**
 * Tracks replies that are still to come, and those that came and may come again. Replies do not
 * name their command, so an old reply may look like the answer to another request.
 */
export class OutstandingReplies {
  // receiver §2.3
  readonly #now: () => number;
  #sent: Sent[] = [];
  #seen: Seen[] = [];
  #refusedMs = Number.NEGATIVE_INFINITY;
  #watched: PreparedRequest | undefined;
  #claims: Claim[] = [];
  #unclear = false;
  #slowMs = 0;
  readonly #decoder = new PacketFinder();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Notes that a request is about to be sent. */
  sent(request: PreparedRequest): void {
    this.#sent.push({ request, atMs: this.#now(), maybeRefused: false });
  }

  /** Notes a reply to this request; one of its replies if it was sent several times. */
  answered(request: PreparedRequest, payload: Uint8Array | undefined): void {
    const at = this.#sent.findIndex((one) => one.request === request);
    this.#take(at);
    if (payload === undefined) this.refused();
    else this.#remember(request, payload);
  }

  /** Notes a damaged reply to this request; one of its replies if it was sent several times. */
  damaged(request: PreparedRequest): void {
    const at = this.#sent.findIndex((one) => one.request === request);
    if (at >= 0) this.#sent.splice(at, 1);
  }

  /** Notes a refusal that may be the reply to this request, or to an earlier one. */
  maybeRefused(request: PreparedRequest): void {
    const sent = this.#sent.findLast((one) => one.request === request);
    if (sent !== undefined) sent.maybeRefused = true;
    this.refused();
  }

  /** Notes a refusal that may belong to any request. */
  refused(): void {
    this.#refusedMs = this.#now();
  }

  /** Forgets all sendings of a refused request: the reply to each of them is a refusal. */
  settled(request: PreparedRequest): void {
    this.#sent = this.#sent.filter((one) => one.request !== request);
  }

  /** Notes a whole packet that does not answer the latest request. */
  stray({ code, payload }: Packet): void {
    this.#note({ code, payload });
    if (code !== ACK) {
      this.refused();
      return;
    }
    const at = this.#sent.findIndex(({ request }) => request.answers(payload));
    const found = this.#sent[at];
    if (found !== undefined) {
      this.#take(at);
      this.#remember(found.request, payload);
    }
  }

  /** Notes the packets behind an answer, once the answer is accepted. */
  followed({ packets, unfinished }: Exchange<unknown>['behind']): void {
    for (const packet of packets) this.stray(packet);
    if (unfinished) this.#unclear = true;
  }

  /** Notes the packets in bytes that arrived while no request was waiting. */
  dropped(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    for (const item of [...this.#decoder.push(bytes), ...this.#decoder.rescue()]) {
      if (item.kind === 'packet') this.stray(item);
    }
  }

  /** Drops an unfinished packet at the start of a new request. */
  resetDropped(): void {
    if (this.#decoder.reset().length > 0) this.#unclear = true;
  }

  /** Starts to keep everything that could answer this request, for {@link contradicts}. */
  watch(request: PreparedRequest): void {
    this.#watched = request;
    this.#claims = [];
    this.#unclear = false;
    for (const sent of this.#sent) sent.maybeRefused = false;
  }

  /** True if something else came since {@link watch} that could be the answer too. */
  contradicts(claim: Claim): boolean {
    const cut = this.#unclear || this.#decoder.pending > 0;
    return cut || this.#claims.some((one) => !sameClaim(one, claim));
  }

  #note(claim: Claim): void {
    const watched = this.#watched;
    if (watched === undefined || (claim.code === ACK && !watched.answers(claim.payload))) return;
    // Of two that differ, one contradicts anything.
    const [one] = this.#claims;
    if (this.#claims.length > 1 || (one !== undefined && sameClaim(one, claim))) return;
    this.#claims.push({ code: claim.code, payload: claim.payload.slice() });
  }

  /** The longest packet that may still come. */
  get longest(): number {
    return Math.max(0, ...this.#waiting().map(({ request }) => request.longestReply));
  }

  /** Milliseconds to wait for replies, by the delay of the last ones. */
  get patienceMs(): number {
    return Math.min(LATEST_REPLY_MS, Math.ceil(this.#slowMs * 1.25));
  }

  /**
   * Milliseconds until no late reply can be taken for the answer to this request; 0 if none can
   * now. The watched request is not its own rival while it seems to be refused: another refusal
   * confirms the first, and any other reply contradicts it.
   */
  mistakableForMs(request: PreparedRequest): number {
    const waiting = this.#waiting();
    if (waiting.length === 0) return 0;
    const rivals = waiting.filter(
      (one) => mayAnswer(one.request, request) && !(one.maybeRefused && one.request === request),
    );
    return this.#leftMs(rivals);
  }

  /** Milliseconds until no late reply at all can come any more. */
  get anyForMs(): number {
    return this.#leftMs(this.#waiting());
  }

  /** Number of recent copies of the same reply that look like the answer to this request. */
  repeatsAs(request: PreparedRequest): number {
    const alike = this.#recent().filter(({ payload }) => request.answers(payload));
    if (alike.length < 2) return alike.length;
    const times = alike.map(
      (one) => alike.filter(({ payload }) => sameBytes(one.payload, payload)).length,
    );
    return Math.max(0, ...times);
  }

  /** True if no outstanding or repeated reply looks like the answer to this request. */
  isUnmistakable(request: PreparedRequest): boolean {
    const rival = this.#waiting().some((one) => looksAlike(one.request, request));
    return !rival && this.repeatsAs(request) === 0;
  }

  /** True if a refusal may belong to an earlier request. */
  get refusalIsDoubtful(): boolean {
    return this.#now() - this.#refusedMs < LATEST_REPLY_MS || this.#waiting().length > 0;
  }

  #leftMs(sent: readonly Sent[]): number {
    const nowMs = this.#now();
    // Timers cut fractions off.
    return Math.max(0, ...sent.map(({ atMs }) => Math.ceil(atMs + LATEST_REPLY_MS - nowMs)));
  }

  #take(at: number): void {
    const [found] = at < 0 ? [] : this.#sent.splice(at, 1);
    if (found === undefined) return;
    const tookMs = this.#now() - found.atMs;
    this.#slowMs = tookMs > found.request.timeoutMs ? tookMs : this.#slowMs / 2;
  }

  #remember({ command }: PreparedRequest, payload: Uint8Array): void {
    // Pages say what they are, and are looked at by their numbers.
    if (command === 'readDatabasePages') return;
    this.#recent();
    this.#seen.push({ payload: payload.slice(), atMs: this.#now() });
  }

  #waiting(): readonly Sent[] {
    this.#sent = this.#latest(this.#sent);
    return this.#sent;
  }

  #recent(): readonly Seen[] {
    this.#seen = this.#latest(this.#seen);
    return this.#seen;
  }

  #latest<One extends { readonly atMs: number }>(all: readonly One[]): One[] {
    const sinceMs = this.#now() - LATEST_REPLY_MS;
    return all.filter(({ atMs }) => atMs > sinceMs);
  }
}

/** True if a reply to one request could be taken for the answer to another. */
function mayAnswer(sent: PreparedRequest, asked: PreparedRequest): boolean {
  if (asked.command === 'readDatabasePages' || asked.command === 'ping') return false;
  return looksAlike(sent, asked);
}

function looksAlike(sent: PreparedRequest, asked: PreparedRequest): boolean {
  if (asked.command === 'readDatabasePageHeader') return sameBytes(sent.packet, asked.packet);
  return areAlike(sent.replySize, asked.replySize);
}

type ReplySize = PreparedRequest['replySize'];

/** True if a reply can have a size that a reply to another request can have. */
export function areAlike(one: ReplySize, other: ReplySize): boolean {
  return one.min <= other.max && other.min <= one.max;
}

function sameClaim(one: Claim, other: Claim): boolean {
  return one.code === other.code && (one.code !== ACK || sameBytes(one.payload, other.payload));
}

export function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false;
  for (let i = 0; i < one.length; i++) if (one[i] !== other[i]) return false;
  return true;
}
