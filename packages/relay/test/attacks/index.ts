import { bytesOf } from '../support.ts';
import { COOKIES, FETCHES, HOSTS, ORIGINS } from './callers.ts';
import { type Attack, type Change, rightRequest, type Scene } from './change.ts';
import { METHODS, OTHER_CALLS, OTHER_NIGHTSCOUT, PATHS } from './paths.ts';
import { BODIES, SMUGGLED } from './smuggling.ts';

/** Every attack on a server that a caller can make, for each of the calls that it would pass on. */
export function attacks(
  scene: Scene,
  calls: readonly (readonly ['GET' | 'POST', string])[],
): ReadonlyMap<string, readonly Attack[]> {
  const right = calls.map(([method, path]) => rightRequest(scene, method, path));
  const each = (changes: readonly Change[], among = right): Attack[] =>
    among.flatMap((request) =>
      changes.map(([name, change]): Attack => {
        return [`${request.method} ${request.target}, ${name}`, bytesOf(change(request))];
      }),
    );
  const others = [...OTHER_CALLS, ...OTHER_NIGHTSCOUT].flatMap((path) =>
    (['GET', 'POST'] as const).map((method): Attack => {
      return [`${method} ${path}`, bytesOf(rightRequest(scene, method, path))];
    }),
  );
  const swapped: Change[] = [
    [
      'the other method',
      (of) => rightRequest(scene, of.method === 'GET' ? 'POST' : 'GET', of.target),
    ],
  ];
  const bytes = [
    '',
    '\r\n',
    '\0',
    '\x16\x03\x01\x02\x00\x01',
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    'GET /\r\n',
    'x'.repeat(100_000),
  ];
  return new Map([
    ['hosts and paths', each(PATHS(scene))],
    ['other calls', others],
    [
      'methods',
      [
        ...each(METHODS),
        ...each(
          swapped,
          right.filter(({ target }) => !target.startsWith('/api')),
        ),
      ],
    ],
    ['origins', each([...ORIGINS(scene), ...FETCHES])],
    ['rebinding', each(HOSTS(scene), [...right, rightRequest(scene, 'GET', '/')])],
    ['tokens', each(COOKIES(scene))],
    [
      'smuggling',
      [
        ...each(SMUGGLED(scene)),
        ...bytes.map((text): Attack => [JSON.stringify(text).slice(0, 40), text]),
      ],
    ],
    [
      'bodies',
      each(
        BODIES(scene),
        right.filter(({ method }) => method === 'POST'),
      ),
    ],
  ]);
}
