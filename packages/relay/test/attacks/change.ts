import { PASSWORD, type RawRequest, withHeader } from '../support.ts';

/** The surroundings of an attack on a server. */
export interface Scene {
  readonly port: number;
  /** A host and port that no call is meant for. */
  readonly elsewhere: string;
  /** The right cookie, and that of another run. */
  readonly cookie: string;
  readonly otherCookie: string;
  readonly maxRequestBytes: number;
}

/** The bytes of an attack, with its name. */
export type Attack = readonly [name: string, bytes: string];

/** An attack as a change of a request that is passed on. */
export type Change = readonly [name: string, change: (request: RawRequest) => RawRequest];

/** A request that is passed on, as it stands. */
export function rightRequest(scene: Scene, method: 'GET' | 'POST', target: string): RawRequest {
  const body = method === 'POST' ? JSON.stringify({ password: PASSWORD }) : '';
  return {
    method,
    target,
    version: 'HTTP/1.1',
    headers: [
      `Host: 127.0.0.1:${scene.port}`,
      'Connection: close',
      `Origin: http://127.0.0.1:${scene.port}`,
      'Sec-Fetch-Site: same-origin',
      `Cookie: ${scene.cookie}`,
      ...(method === 'POST'
        ? ['Content-Type: application/json', `Content-Length: ${body.length}`]
        : []),
    ],
    body,
    eol: '\r\n',
  };
}

/** Other values of a header; undefined leaves it out. */
export const header = (name: string, values: readonly (string | undefined)[]): Change[] =>
  values.map((value) => [`${name}: ${value ?? '(none)'}`, (of) => withHeader(of, name, value)]);
