/** A secret that egvkit may need, and the names of the places that it can come from. */
export interface SecretKind {
  /** Name for people, in a sentence. */
  readonly what: string;
  /** Environment variable that holds it; with `_FILE` behind it, one that names a file. */
  readonly variable: string;
  /** Name of its file in the credentials folder of systemd. */
  readonly credential: string;
}

/** Every secret of egvkit. */
export const SECRETS = {
  password: {
    what: 'password of the Share account',
    variable: 'DEXCOM_PASSWORD',
    credential: 'dexcom-password',
  },
  nightscoutToken: {
    what: 'access token of the Nightscout site',
    variable: 'NIGHTSCOUT_TOKEN',
    credential: 'nightscout-token',
  },
  nightscoutApiSecret: {
    what: 'API secret of the Nightscout site',
    variable: 'NIGHTSCOUT_API_SECRET',
    credential: 'nightscout-api-secret',
  },
} as const satisfies Readonly<Record<string, SecretKind>>;
