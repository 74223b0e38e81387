import type { Evidence } from '../src/evidence.ts';
import * as tables from '../src/receiver/enumerations.ts';
import { TREND_NAMES } from '../src/trend.ts';

interface Enumeration {
  readonly title: string;
  readonly names: Readonly<Record<number, string>>;
  readonly evidence: Evidence;
  readonly source: string;
}

/** Every table of names, with where it is known from. */
export const ENUMERATIONS: readonly Enumeration[] = [
  {
    title: 'Response codes',
    names: tables.RESPONSE_CODES,
    evidence: 'several sources',
    source: '§2.3; only ACK was captured',
  },
  {
    title: 'Record types',
    names: tables.RECORD_TYPES,
    evidence: 'captured',
    source: '§5, §12.8; 18 is told by several sources',
  },
  {
    title: 'Trend arrows',
    names: Object.fromEntries(TREND_NAMES.entries()),
    evidence: 'captured',
    source: '§6.1; 1 to 8 seen',
  },
  {
    title: 'Noise levels',
    names: tables.NOISE_LEVELS,
    evidence: 'captured',
    source: '§6.2; 1, 2 and 5 seen',
  },
  {
    title: 'Special glucose codes',
    names: tables.SPECIAL_GLUCOSE_CODES,
    evidence: 'several sources',
    source: '§6.3; 5 was captured',
  },
  {
    title: 'Session states',
    names: tables.SESSION_STATES,
    evidence: 'several sources',
    source: '§6.4; 1, 2, 4 and 7 seen',
  },
  {
    title: 'User events',
    names: tables.EVENT_TYPES,
    evidence: 'several sources',
    source: '§6.5; 1 and 2 were captured',
  },
  {
    title: 'Health events',
    names: tables.HEALTH_EVENTS,
    evidence: 'several sources',
    source: '§6.5',
  },
  {
    title: 'Exercise levels',
    names: tables.EXERCISE_LEVELS,
    evidence: 'several sources',
    source: '§6.5',
  },
  {
    title: 'Raw values of a calibration',
    names: tables.RAW_VALUE_KINDS,
    evidence: 'captured',
    source: '§5.5',
  },
  {
    title: 'Alarm profiles',
    names: tables.ALARM_PROFILES,
    evidence: 'one source',
    source: '§6.11',
  },
  { title: 'Languages', names: tables.LANGUAGES, evidence: 'captured', source: '§6.10' },
  {
    title: 'Glucose units',
    names: tables.GLUCOSE_UNITS,
    evidence: 'captured',
    source: '§6.8',
  },
  { title: 'Clock modes', names: tables.CLOCK_MODES, evidence: 'captured', source: '§6.9' },
  {
    title: 'Battery states',
    names: tables.BATTERY_STATES,
    evidence: 'one source',
    source: '§6.7',
  },
  {
    title: 'Charger currents',
    names: tables.CHARGER_CURRENTS,
    evidence: 'one source',
    source: '§6.6',
  },
  {
    title: 'Log categories',
    names: tables.LOG_CATEGORIES,
    evidence: 'captured',
    source: '§5.8; names ours',
  },
  {
    title: 'Log codes of screens',
    names: tables.SCREEN_CODES,
    evidence: 'captured',
    source: '§12.10; names ours, 6, 12 and 59 inferred',
  },
  {
    title: 'Log codes of sessions',
    names: tables.SESSION_CODES,
    evidence: 'captured',
    source: '§12.10; names ours',
  },
  {
    title: 'Log codes of external power',
    names: tables.POWER_CODES,
    evidence: 'unconfirmed',
    source: '§12.10; names ours',
  },
];
