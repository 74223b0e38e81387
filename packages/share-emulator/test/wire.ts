import { createShareService, type ShareService, type ShareServiceOptions } from '../src/index.ts';

/** Raw requests as clients in the wild send them: literal paths and bodies, no code of ours. */

export const SERIAL = 'SM12345678';
export const APPLICATION = 'd89443d2-327c-4a6f-89e5-496bbb0317db';
export const ACCOUNT_ID = '11111111-2222-4333-8444-555555555555';
/** 2015-03-19T12:39:01Z, the true time of the recorded upload. */
export const RECORDED_UTC_MS = 1426768741000;

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly type: string | null;
}

export async function ask(
  service: ShareService,
  path: string,
  body?: string,
  method = 'POST',
): Promise<Answer> {
  const response = await service.fetch(
    new Request(`http://share.test/ShareWebServices/Services/${path}`, {
      method,
      headers: { accept: 'application/json', 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body }),
    }),
  );
  return {
    status: response.status,
    text: await response.text(),
    type: response.headers.get('content-type'),
  };
}

/** Logs in by both steps and gives the session id. */
export async function logIn(service: ShareService, password = 'pass word'): Promise<string> {
  const { text } = await ask(
    service,
    'General/LoginPublisherAccountById',
    `{"accountId":"${ACCOUNT_ID}","password":"${password}","applicationId":"${APPLICATION}"}`,
  );
  return JSON.parse(text) as string;
}

/** The code of a refusal. */
export const codeOf = (answer: Answer): unknown =>
  (JSON.parse(answer.text) as { Code: unknown }).Code;

export const ANN = { name: 'ann@example.com', password: 'pass word', accountId: ACCOUNT_ID };
export const READY = { ...ANN, receiver: SERIAL, sharing: true };
export const RECORDED_UPLOAD = String.raw`{"SN":"${SERIAL}","Egvs":[{"Trend":4,"ST":"\/Date(1426783106000)\/","DT":"\/Date(1426754317000)\/","Value":97}],"TA":-14365}`;

/** A service with Ann's account, and its clock. */
export function make(more: ShareServiceOptions = {}) {
  const time = { ms: RECORDED_UTC_MS + 60_000 };
  const service = createShareService({ now: () => time.ms, accounts: [ANN], ...more });
  return { service, time };
}

/** The path of a read. */
export const read = (session: string, minutes = 1440, maxCount = 288) =>
  `Publisher/ReadPublisherLatestGlucoseValues?sessionId=${session}&minutes=${minutes}&maxCount=${maxCount}`;
