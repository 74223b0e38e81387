/** No settings and no keyring, whatever those are of the person who runs the tests. */
export const NO_SETTINGS = {
  EGVKIT_SETTINGS: '/nonexistent/egvkit/settings.json',
  EGVKIT_KEYRING: 'off',
} as const;
