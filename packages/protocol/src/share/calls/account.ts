import type { About, Call } from '../endpoint.ts';
import * as replies from '../replies.ts';
import * as is from '../schema.ts';
import * as wire from '../wire.ts';
import { nothing, session } from './parts.ts';

/** Calls about the service's clock and about the account itself. */

// share §2.1
/** The device and application that publish; all text. */
const runtimeInfo = is.open({
  DeviceManufacturer: is.text(),
  DeviceModel: is.text(),
  DeviceOsVersion: is.text(),
  AppVersion: is.text(),
  AppName: is.text(),
  AppNumber: is.text(),
  DeviceOsName: is.text(),
});

/** The device and application that publish. */
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
const runtimeInfoUpdate = is.open({ sessionId: wire.id, runtimeInfo });

export const systemUtcTime = {
  area: 'General',
  method: 'SystemUtcTime',
  http: 'GET',
  effect: 'read',
  query: nothing,
  body: undefined,
  reply: replies.json(wire.zonedDate),
} as const satisfies Call;

export const updatePublisherAccountRuntimeInfo = {
  area: 'Publisher',
  method: 'UpdatePublisherAccountRuntimeInfo',
  http: 'POST',
  effect: 'write',
  query: nothing,
  body: runtimeInfoUpdate,
  reply: replies.empty,
} as const satisfies Call;

export const readPublisherAccountEmail = {
  area: 'Publisher',
  method: 'ReadPublisherAccountEmail',
  http: 'POST',
  effect: 'read',
  query: session,
  body: undefined,
  reply: replies.text,
} as const satisfies Call;

export const readPublisherAccountImage = {
  area: 'Publisher',
  method: 'ReadPublisherAccountImage',
  http: 'GET',
  effect: 'read',
  query: session,
  body: undefined,
  reply: replies.bytes,
} as const satisfies Call;

/** Facts about these calls. */
export const about = {
  SystemUtcTime: {
    secrets: [],
    doc: "The service's clock. No login needed. Whether it is still served is unknown.",
    evidence: 'one source',
    source: 'spec/share §2.1, §5.2',
  },
  UpdatePublisherAccountRuntimeInfo: {
    secrets: ['sessionId'],
    doc: 'Tells the service which device and application publish. Not needed to upload.',
    evidence: 'several sources',
    source: 'spec/share §2.1',
  },
  ReadPublisherAccountEmail: {
    secrets: ['sessionId'],
    doc: "The account's own e-mail address. In XML unless JSON is asked for.",
    evidence: 'one source',
    source: 'spec/share §2.2',
  },
  ReadPublisherAccountImage: {
    secrets: ['sessionId'],
    doc: "The account's picture, as the bytes of an image whose format is not on record.",
    evidence: 'one source',
    source: 'spec/share §2.2',
  },
} as const satisfies Record<string, About>;
