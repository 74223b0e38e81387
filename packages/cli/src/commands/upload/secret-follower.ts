import type { Destination } from '@egvkit/uploader';

/**
 * Makes a destination anew when its secret has become another one: a person has corrected the file. Looks at
 * the beginning of each upload. With the same secret it stays the same, and so does a refusal.
 */
export async function followSecret<Secret>(
  read: () => Promise<Secret>,
  make: (secret: Secret) => Destination,
): Promise<Destination> {
  const first = await read();
  let known = JSON.stringify(first);
  let current = make(first);
  const { limits, readBack, calibrations } = current;
  return {
    ...current,
    limits,
    readBack: readBack && {
      ...readBack,
      read: async (options) => (await current.readBack?.read(options)) ?? [],
    },
    calibrations: calibrations && {
      read: async (options) => (await current.calibrations?.read(options)) ?? [],
      post: async (records, options) => await current.calibrations?.post(records, options),
      upload: async (stored) => (await current.calibrations?.upload(stored)) ?? [],
    },
    async clockOffset(options) {
      const secret = await read();
      if (JSON.stringify(secret) !== known) {
        known = JSON.stringify(secret);
        current = make(secret);
      }
      return await current.clockOffset(options);
    },
    fingerprint: () => current.fingerprint(),
    prepare: (options) => current.prepare(options),
    post: (readings, options) => current.post(readings, options),
    mayHaveArrived: (error) => current.mayHaveArrived(error),
  };
}
