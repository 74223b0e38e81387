import type { RegionName } from '@egvkit/protocol/share';

/** A Share service that can be chosen. */
export type Service =
  /** A real one, through the relay that serves this page. */
  | { readonly id: string; readonly kind: 'dexcom'; readonly region: RegionName }
  /** An emulated one beside this page, through the same relay, with an account to be filled in. */
  | {
      readonly id: string;
      readonly kind: 'beside';
      readonly origin: string;
      readonly account: { readonly name: string; readonly password: string };
    }
  /** An emulated one in this page. */
  | { readonly id: string; readonly kind: 'inside' };

/** File in which the page's server lists the services of its relay; a static site has none. */
const SERVICES_FILE = 'services.json';

/** The service in the page, for trying out; it is always there. */
export const INSIDE: Service = { id: 'inside', kind: 'inside' };

const REGION_NAMES: readonly unknown[] = ['us', 'ous', 'jp'] satisfies readonly RegionName[];

function serviceOf(told: unknown): Service | undefined {
  const { kind, region, origin, account } = (told ?? {}) as Record<string, unknown>;
  if (kind === 'dexcom' && REGION_NAMES.includes(region)) {
    return { id: region as string, kind, region: region as RegionName };
  }
  const { name, password } = (account ?? {}) as Record<string, unknown>;
  const isFilled = [origin, name, password].every((value) => typeof value === 'string');
  if (kind !== 'beside' || !isFilled) return undefined;
  return {
    id: 'beside',
    kind,
    origin: origin as string,
    account: { name: name as string, password: password as string },
  };
}

/** The services of what {@link SERVICES_FILE} says; what is not understood is left out. */
export function servicesOf(told: unknown): readonly Service[] {
  const { services } = (told ?? {}) as { readonly services?: unknown };
  if (!Array.isArray(services)) return [];
  return services.map(serviceOf).filter((one) => one !== undefined);
}

/** Asks what serves this page for its services. None, if it is a static site or out of reach. */
export async function askForServices(): Promise<readonly Service[]> {
  try {
    const answer = await fetch(SERVICES_FILE, { headers: { accept: 'application/json' } });
    return answer.ok ? servicesOf(await answer.json()) : [];
  } catch {
    return [];
  }
}

/** The services for what is at hand: readings that are made up never go to a real account. */
export function servicesFor(all: readonly Service[], emulatedOnly: boolean): readonly Service[] {
  return emulatedOnly ? all.filter(({ kind }) => kind !== 'dexcom') : all;
}
