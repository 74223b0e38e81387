import * as z from 'zod/mini';

/** The shapes that go over the wire. What a service adds to them is kept, not refused. */

/** A UUID in any case; version and variant are not looked at (spec/share §5.4). */
export const id = z.guid();

/** Whether a text is an id of the service: a UUID in any case. */
export function isId(text: unknown): text is string {
  return id.safeParse(text).success;
}

/**
 * The id of a contact or a subscription: a UUID as far as is known, but no recorded one says so
 * (spec/share §5.4), and services that imitate Share have their own.
 */
export const reference = z.string().check(z.regex(/^[\w-]{1,64}$/));

/** What a service answers in place of an id to say no (spec/share §3.2). */
export const ZERO_ID = '00000000-0000-0000-0000-000000000000';

/** A date in one of the spellings of spec/share §5.1; read it with `decodeDate`. */
const date = z.string();

/** A count in a query (`minutes=1440`) or in a body (`"minutes": 1440`). */
export const count = z.union([
  z.int().check(z.nonnegative()),
  z.pipe(z.string().check(z.regex(/^\d{1,9}$/)), z.transform(Number)),
]);

/** `{DateTime, OffsetMinutes}` (spec/share §5.2). */
export const zonedDate = z.looseObject({ DateTime: date, OffsetMinutes: z.int() });

/** The body of the two-step login's first call. */
export const loginByName = z.looseObject({
  accountName: z.string().check(z.minLength(1)),
  password: z.string(),
  applicationId: id,
});

/** The body of its second. */
export const loginById = z.looseObject({ accountId: id, password: z.string(), applicationId: id });

/** Which device and application publish (spec/share §2.1); all text. */
const runtimeInfo = z.looseObject({
  DeviceManufacturer: z.string(),
  DeviceModel: z.string(),
  DeviceOsVersion: z.string(),
  AppVersion: z.string(),
  AppName: z.string(),
  AppNumber: z.string(),
  DeviceOsName: z.string(),
});

/** Which device and application publish. */
export interface RuntimeInfo {
  readonly DeviceManufacturer: string;
  readonly DeviceModel: string;
  readonly DeviceOsVersion: string;
  readonly AppVersion: string;
  readonly AppName: string;
  readonly AppNumber: string;
  readonly DeviceOsName: string;
}

/** The body that tells it: the only one that carries the session. */
export const runtimeInfoUpdate = z.looseObject({ sessionId: id, runtimeInfo });

/** One uploaded reading: dates as `/Date(ms)/`, mg/dL (spec/share §4.1). */
const uploadedEgv = z.looseObject({
  Trend: z.int().check(z.gte(0), z.lte(9)),
  ST: date,
  DT: date,
  Value: z.int(),
});

/**
 * What is posted: the receiver's serial number, readings, and true UTC minus the receiver's
 * system clock in seconds, which some uploaders leave out (spec/share §4.1).
 */
export const egvUpload = z.looseObject({
  SN: z.string().check(z.minLength(1)),
  Egvs: z.array(uploadedEgv).check(z.minLength(1)),
  TA: z.optional(z.int()),
});

/** One reading as it is read back; services that imitate Share may leave dates out (§4.9). */
export const glucoseRecord = z.looseObject({
  WT: z.optional(date),
  ST: z.optional(date),
  DT: z.optional(date),
  Trend: z.nullish(z.union([z.number(), z.string()])),
  Value: z.int(),
});

export const glucoseRecords = z.array(glucoseRecord);

/** One reading as Share gives it: dates and trend still as written. */
export type GlucoseRecord = z.output<typeof glucoseRecord>;

/** One reading as it is uploaded. */
export interface UploadedEgv {
  readonly Trend: number;
  readonly ST: string;
  readonly DT: string;
  readonly Value: number;
}

/** The whole body of an upload. */
export interface EgvUpload {
  readonly SN: string;
  readonly Egvs: readonly UploadedEgv[];
  readonly TA: number;
}
