import type { Evidence } from '../evidence.ts';

/** A regional Share service. An account lives in one region and is unknown in the others. */
export interface Region {
  readonly host: string;
  /** Id of the program, sent with each login; the service knows a fixed few. */
  readonly applicationId: string;
}

// share §1.1, §1.3, §3.6
/** The regions. None is ever tried in place of another. */
export const REGIONS = {
  us: {
    host: 'share2.dexcom.com',
    applicationId: 'd89443d2-327c-4a6f-89e5-496bbb0317db',
  },
  ous: {
    host: 'shareous1.dexcom.com',
    applicationId: 'd89443d2-327c-4a6f-89e5-496bbb0317db',
  },
  jp: {
    host: 'share.dexcom.jp',
    applicationId: 'd8665ade-9673-4e27-9ff6-92db4ce13d13',
  },
} as const satisfies Record<string, Region>;

/** `us`, `ous` or `jp`. */
export type RegionName = keyof typeof REGIONS;

/** Facts about a region, for people. */
export interface AboutRegion {
  /** Host of the region's account portal: a person finds their region by it. */
  readonly portal: string;
  readonly doc: string;
  readonly evidence: Evidence;
}

/** Names of the regions for people; apart, so that code which only logs in does not carry them. */
export const ABOUT_REGIONS: Readonly<Record<RegionName, AboutRegion>> = {
  us: {
    portal: 'uam1.dexcom.com',
    doc: 'United States.',
    evidence: 'captured',
  },
  ous: {
    portal: 'uam2.dexcom.com',
    doc: 'Outside the United States: Europe, Canada, Australia and more.',
    evidence: 'captured',
  },
  jp: {
    portal: 'uam.dexcom.jp',
    doc: 'Japan and Asia-Pacific. Nobody is on record as having uploaded here.',
    evidence: 'several sources',
  },
};
