/**
 * The one door for scripts under the page's Content-Security-Policy: addresses of its own files.
 * Anything else that wants to become a script is refused by the browser.
 */
interface Policy {
  createScriptURL(url: string): string;
}

interface Factory {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): Policy;
}

function ownAddress(url: string): string {
  const { origin, href } = new URL(url, location.href);
  if (origin === location.origin) return href;
  throw new TypeError(
    `${origin} is not where this page comes from, so no script is taken from it.`,
  );
}

const factory = (globalThis as { readonly trustedTypes?: Factory }).trustedTypes;
const policy = factory?.createPolicy('egvkit', { createScriptURL: ownAddress });

/** The address of a script of this page, as the browser wants it. */
export function ownScript(url: string): string {
  return policy?.createScriptURL(url) ?? ownAddress(url);
}
