/** Messages of the page to the worker with the emulated receiver. */
export type ToEmulator =
  | {
      readonly kind: 'start';
      readonly profile: 'g4' | 'g5' | 'g6';
      readonly seed: number;
      readonly days: number;
      /** Time from which new readings are added, Unix ms; those of `days` end there. */
      readonly startMs: number;
      readonly clockErrorSeconds: number;
      readonly displayOffsetSeconds: number;
    }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array };

/** Messages of the worker to the page. */
export type FromEmulator =
  | { readonly kind: 'started' }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array };
