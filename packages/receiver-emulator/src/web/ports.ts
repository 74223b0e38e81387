/** The devices that a browser knows of, and those that a site may use. */

/** Behaviour of the user and the site in a chooser. */
export interface Choosing<Port> {
  /** Chooses among the listed devices as a user would; the first one if not given. */
  readonly choose?: (listed: readonly Port[]) => Port | undefined;
  /** Returns true if the user has just clicked; always true if not given. */
  readonly clicked?: () => boolean;
  /** True if the site may use the API at all (Permissions-Policy); true if not given. */
  readonly allowed?: boolean;
}

/** The list behind `navigator.usb` and `navigator.serial`. */
export class Ports<Port extends object> {
  readonly #there = new Set<Port>();
  readonly #granted = new Set<Port>();
  readonly #choosing: Choosing<Port>;

  constructor(choosing: Choosing<Port>) {
    this.#choosing = choosing;
  }

  add(port: Port, isGranted: boolean): void {
    this.#there.add(port);
    if (isGranted) this.#granted.add(port);
  }

  /** Takes a port out. Returns true if the site had been allowed to use it. */
  remove(port: Port): boolean {
    this.#there.delete(port);
    return this.#granted.delete(port);
  }

  forget(port: Port): void {
    this.#granted.delete(port);
  }

  /** Ports that the site may use. */
  async granted(): Promise<Port[]> {
    this.#assertAllowed();
    return [...this.#there].filter((port) => this.#granted.has(port));
  }

  /** Shows a chooser. */
  async request(fits: (port: Port) => boolean, what: string): Promise<Port> {
    this.#assertAllowed();
    const { choose = ([first]) => first, clicked = () => true } = this.#choosing;
    if (!clicked()) {
      const words = 'Must be handling a user gesture to show a permission request.';
      throw new DOMException(words, 'SecurityError');
    }
    const port = choose([...this.#there].filter(fits));
    if (port === undefined) throw new DOMException(`No ${what} selected.`, 'NotFoundError');
    this.#granted.add(port);
    return port;
  }

  #assertAllowed(): void {
    if (this.#choosing.allowed ?? true) return;
    const words = 'Access to the feature is disallowed by permissions policy.';
    throw new DOMException(words, 'SecurityError');
  }
}
