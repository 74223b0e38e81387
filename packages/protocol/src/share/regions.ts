import type { Evidence } from '../evidence.ts';

/** A regional Share service. An account lives in one region and is unknown in the others. */
export interface Region {
  readonly host: string;
  /** What a program calls itself when it signs in; the service knows a fixed few. */
  readonly applicationId: string;
  /** Where the account portal of this region is: a person finds their region by it. */
  readonly portal: string;
  readonly doc: string;
  readonly evidence: Evidence;
}

/** The regions (spec/share §1.1, §1.3). None is ever tried in place of another (§3.6). */
export const REGIONS = {
  us: {
    host: 'share2.dexcom.com',
    applicationId: 'd89443d2-327c-4a6f-89e5-496bbb0317db',
    portal: 'uam1.dexcom.com',
    doc: 'United States.',
    evidence: 'captured',
  },
  ous: {
    host: 'shareous1.dexcom.com',
    applicationId: 'd89443d2-327c-4a6f-89e5-496bbb0317db',
    portal: 'uam2.dexcom.com',
    doc: 'Outside the United States: Europe, Canada, Australia and more.',
    evidence: 'captured',
  },
  jp: {
    host: 'share.dexcom.jp',
    applicationId: 'd8665ade-9673-4e27-9ff6-92db4ce13d13',
    portal: 'uam.dexcom.jp',
    doc: 'Japan and Asia-Pacific. Nobody is on record as having uploaded here.',
    evidence: 'several sources',
  },
} as const satisfies Record<string, Region>;

/** `us`, `ous` or `jp`. */
export type RegionName = keyof typeof REGIONS;
