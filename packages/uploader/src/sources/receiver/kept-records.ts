import type { ReceiverReader } from '@egvkit/receiver';
import { type NewestPage, readNewestPage, tellsPages } from './newest-page.ts';
import {
  type ReadOptions,
  type ReadRecords,
  ReceiverRecords,
  recordsOf,
  type SourceIdentity,
  type UploadRecord,
  type UploadRecordName,
  withFresh,
} from './receiver-records.ts';
import { KeptTick } from './steady-clock.ts';

/** Records of one type that are kept. */
interface Kept extends ReadRecords {
  /** The newest page, if it is known. */
  readonly page?: NewestPage | undefined;
}

/**
 * Keeps what was read of receivers from one connection to the next, so that only what is new has to
 * be read: the page that the newest record is on.
 */
export class KeptRecords extends ReceiverRecords<Kept> {
  #productId: string | undefined;
  #tick = new KeptTick();

  override keepOnly(serialNumber: string | undefined): void {
    if (serialNumber !== this.serialNumber) this.#productId = undefined;
    if (serialNumber === undefined || serialNumber !== this.serialNumber)
      this.#tick = new KeptTick();
    super.keepOnly(serialNumber);
  }

  override tickOf(serialNumber: string | undefined): KeptTick {
    this.keepOnly(serialNumber);
    return this.#tick;
  }

  /** Asks a receiver for its serial number, and for its product id unless that is kept. */
  override async identify(
    receiver: ReceiverReader,
    signal: AbortSignal | undefined,
  ): Promise<SourceIdentity> {
    const known = this.serialNumber;
    const productId = this.#productId;
    if (known !== undefined && productId !== undefined) {
      const serialNumber = await receiver.serialNumber({ ...(signal && { signal }) });
      if (serialNumber === known) return { serialNumber, productId };
    }
    const identity = await super.identify(receiver, signal);
    this.#productId = identity.productId;
    return identity;
  }

  protected override async readFresh(
    receiver: ReceiverReader,
    type: UploadRecordName,
    before: Kept,
    options: ReadOptions,
  ): Promise<Kept | undefined> {
    let isChanged = false;
    if (before.damagedMs === undefined && tellsPages(receiver)) {
      const read = await readNewestPage(receiver, type, before, options);
      if (typeof read === 'object') {
        return withFresh(read.fresh, { ...before, page: read.page }, options);
      }
      isChanged = read === 'changed';
    }
    const fresh = await super.readFresh(receiver, type, { ...before, page: undefined }, options);
    if (isChanged || fresh === undefined) this.#forgetPages();
    return fresh;
  }

  protected override async readWindow(
    receiver: ReceiverReader,
    type: UploadRecordName,
    options: ReadOptions,
  ): Promise<Kept> {
    const read = await super.readWindow(receiver, type, options);
    if (read.newest !== undefined || options.windowMs === undefined) return read;
    return { ...read, newest: await newestOf(receiver, type, options.signal) };
  }

  /** Of no type the newest page is known any more: something is not as it was. */
  #forgetPages(): void {
    for (const [type, kept] of this.byType) this.byType.set(type, { ...kept, page: undefined });
  }
}

/** The newest record of a type, older than a window that has none. */
async function newestOf(
  receiver: ReceiverReader,
  type: UploadRecordName,
  signal: AbortSignal | undefined,
): Promise<UploadRecord | undefined> {
  const options = { onDamage() {}, ...(signal && { signal }) };
  for await (const record of recordsOf(receiver, type, options)) return record;
  return undefined;
}
