import type { ShareClient } from '@egvkit/share-http';
import type { SecretKind } from '../../secrets/secrets.ts';
import type { SettingValues } from '../../settings/settings.ts';

/** A secret that was tried, and its kind. */
export interface TriedSecret {
  readonly kind: SecretKind;
  readonly value: string;
}

/** Answers of a person so far. Nothing of them is written before the last question. */
export interface Answers {
  settings: SettingValues;
  secrets: readonly TriedSecret[];
  /** Logged in; undefined if nothing goes to Share. */
  client: ShareClient | undefined;
  /** Serial number of the receiver that the account is to take readings of from now on. */
  assign: string | undefined;
}
