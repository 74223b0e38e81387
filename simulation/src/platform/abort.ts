/**
 * AbortController and AbortSignal with the part of their rules that egvkit uses. Node's own keep every
 * signal in weak collections and cost more than all else that a family does.
 */
type Listener = (event: { readonly type: 'abort' }) => void;

interface ListenerOptions {
  readonly once?: boolean;
  readonly signal?: LightSignal;
}

/** One for all: the trace of an error costs more than all else about it. */
const ABORTED = new DOMException('This operation was aborted', 'AbortError');
const EVENT = { type: 'abort' } as const;

class LightSignal {
  aborted = false;
  reason: unknown;
  #listeners: { readonly listener: Listener; readonly release: (() => void) | undefined }[] = [];

  static any(signals: Iterable<LightSignal>): LightSignal {
    const all = [...signals];
    const either = new LightSignal();
    const aborted = all.find((one) => one.aborted);
    if (aborted !== undefined) {
      either.stop(aborted.reason);
      return either;
    }
    for (const one of all) one.addEventListener('abort', () => either.stop(one.reason));
    return either;
  }

  static abort(reason?: unknown): LightSignal {
    const signal = new LightSignal();
    signal.stop(reason);
    return signal;
  }

  static timeout(ms: number): LightSignal {
    const signal = new LightSignal();
    setTimeout(() => signal.stop(new DOMException('The operation timed out.', 'TimeoutError')), ms);
    return signal;
  }

  throwIfAborted(): void {
    if (this.aborted) throw this.reason;
  }

  addEventListener(_: 'abort', listener: Listener, options: ListenerOptions | boolean = {}): void {
    if (this.aborted) return;
    const { signal: until } = typeof options === 'boolean' ? {} : options;
    if (until?.aborted || this.#placeOf(listener) >= 0) return;
    if (until === undefined) {
      this.#listeners.push({ listener, release: undefined });
      return;
    }
    const remove = (): void => this.removeEventListener('abort', listener);
    until.addEventListener('abort', remove);
    const release = (): void => until.removeEventListener('abort', remove);
    this.#listeners.push({ listener, release });
  }

  removeEventListener(_: 'abort', listener: Listener): void {
    const at = this.#placeOf(listener);
    if (at < 0) return;
    const listeners = this.#listeners;
    const release = listeners[at]?.release;
    if (at === listeners.length - 1) listeners.pop();
    else listeners.splice(at, 1);
    release?.();
  }

  #placeOf(listener: Listener): number {
    const listeners = this.#listeners;
    for (let at = listeners.length - 1; at >= 0; at--) {
      if (listeners[at]?.listener === listener) return at;
    }
    return -1;
  }

  /** Aborts; every listener is called once. */
  stop(reason: unknown = ABORTED): void {
    if (this.aborted) return;
    this.aborted = true;
    this.reason = reason;
    const listeners = this.#listeners;
    this.#listeners = [];
    for (const { listener, release } of listeners) {
      release?.();
      listener(EVENT);
    }
  }
}

class LightController {
  readonly signal = new LightSignal();

  abort(reason?: unknown): void {
    this.signal.stop(reason);
  }
}

export const lightAbort = { AbortController: LightController, AbortSignal: LightSignal };
