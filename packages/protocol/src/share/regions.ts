import type { Evidence } from '../evidence.ts';

/** A regional Share service. An account lives in one region and is unknown in the others. */
export interface Region {
  readonly host: string;
  /** What a program calls itself when it signs in; the service knows a fixed few. */
  readonly applicationId: string;
}

/** The regions (spec/share §1.1, §1.3). None is ever tried in place of another (§3.6). */
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

/** What is known of a region, for people. */
export interface AboutRegion {
  /** Where the account portal of this region is: a person finds their region by it. */
  readonly portal: string;
  readonly doc: string;
  readonly evidence: Evidence;
}

/** The same regions in words; apart, so that a program that only signs in does not carry them. */
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
