/** Systems on which browsers treat a receiver differently. */
export type Platform = 'android' | 'chromeos' | 'linux' | 'macos' | 'windows' | 'other';

const PLATFORMS: readonly (readonly [Platform, RegExp])[] = [
  ['android', /android/i],
  ['chromeos', /CrOS/],
  ['linux', /linux/i],
  ['macos', /mac/i],
  ['windows', /win(?:dows|32|64)/i],
];

/** The system that a browser, or Node, says it runs on. */
export function platformOf(
  {
    userAgent = '',
    platform = '',
  }: {
    readonly userAgent?: string;
    readonly platform?: string;
  } = globalThis.navigator ?? {},
): Platform {
  const told = `${userAgent} ${platform}`;
  return PLATFORMS.find(([, words]) => words.test(told))?.[0] ?? 'other';
}

/** True in a browser, each of which says that it is Mozilla; false in Node, Deno and Bun. */
export function isBrowser(
  { userAgent = '' }: { readonly userAgent?: string } = globalThis.navigator ?? {},
): boolean {
  return userAgent.startsWith('Mozilla/');
}
