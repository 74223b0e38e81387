import {
  type RuntimeInfo,
  readPublisherAccountEmail,
  readPublisherAccountImage,
  updatePublisherAccountRuntimeInfo,
} from '@egvkit/protocol/share';
import type { CallOptions } from '../call-options.ts';
import { asking, type Caller } from '../session/caller.ts';

/** Facts about an account besides its readings and followers. */
export class Account {
  readonly #caller: Caller;

  /** @internal Made by `ShareClient`. */
  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /**
   * Reads the account's own e-mail address.
   *
   * @throws ShareError as any call
   */
  email(options: CallOptions = {}): Promise<string> {
    return this.#caller.value(readPublisherAccountEmail, asking(), options);
  }

  /**
   * Reads the account's picture: the bytes of an image in an unknown format.
   *
   * @throws ShareError as any call
   */
  image(options: CallOptions = {}): Promise<Uint8Array> {
    return this.#caller.value(readPublisherAccountImage, asking(), options);
  }

  /**
   * Tells the service which device and application publish. Not needed to upload.
   *
   * @throws ShareError as any call
   */
  async updateRuntimeInfo(runtimeInfo: RuntimeInfo, options: CallOptions = {}): Promise<void> {
    // The only call whose session goes into the body.
    const data = (sessionId: string) => ({
      query: {},
      body: { sessionId, runtimeInfo: { ...runtimeInfo } },
    });
    await this.#caller.value(updatePublisherAccountRuntimeInfo, data, options);
  }
}
