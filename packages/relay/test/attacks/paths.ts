import type { Change, Scene } from './change.ts';

const targets = (list: readonly (readonly [string, (path: string) => string])[]): Change[] =>
  list.map(([name, change]) => [name, (of) => ({ ...of, target: change(of.target) })]);

/** A path with one of its slashes replaced, for each of them. */
const slashes = (by: string): Change[] =>
  Array.from({ length: 4 }, (_, at): Change => {
    let index = 0;
    const change = (path: string) => path.replace(/\//g, (is) => (index++ === at ? by : is));
    return [
      `slash ${at} as ${by}`,
      (of) => {
        index = 0;
        const target = change(of.target);
        // Fewer slashes than that: behind the path, then.
        return { ...of, target: target === of.target ? `${of.target}${by}x` : target };
      },
    ];
  });

export const PATHS = ({ port, elsewhere }: Scene): Change[] => [
  ...[
    '%2f',
    '%2F',
    '%5c',
    '%5C',
    '\\',
    '//',
    '/./',
    '/%2e/',
    '/x/../',
    '/x/%2e%2e/',
    '/.%2e/',
    '/;/',
  ].flatMap(slashes),
  ...targets([
    ['absolute, elsewhere', (path) => `http://${elsewhere}${path}`],
    ['absolute, itself', (path) => `http://127.0.0.1:${port}${path}`],
    ['absolute, https', (path) => `https://${elsewhere}${path}`],
    ['absolute, user', (path) => `http://ann:secret@127.0.0.1:${port}${path}`],
    ['absolute, user as host', (path) => `http://127.0.0.1:${port}@${elsewhere}${path}`],
    ['absolute, other scheme', (path) => `file://${path}`],
    ['no scheme', (path) => `//${elsewhere}${path}`],
    ['three slashes', (path) => `//${path}`],
    ['backslashes', (path) => `\\\\${elsewhere}${path}`],
    ['slash and backslash', (path) => `/\\${elsewhere}${path}`],
    ['host in the path', (path) => `/${elsewhere}${path}`],
    ['user in the path', (path) => `/ann:secret@${elsewhere}${path}`],
    ['at sign', (path) => `@${elsewhere}${path}`],
    ['at sign behind a slash', (path) => `/@${elsewhere}${path}`],
    ['known host, misspelt', (path) => `/share2.dexcom.com.evil.example${path}`],
    ['known host of no region that is on', (path) => `/share2.dexcom.com${path}`],
    ['no slash', (path) => path.slice(1)],
    ['star', () => '*'],
    ['question mark only', (path) => `?${path}`],
    ['lower case', (path) => path.toLowerCase().replace(/\/([a-z])/, (s) => s.toUpperCase())],
    ['upper case', (path) => path.toUpperCase()],
    ['last letter in upper case', (path) => path.slice(0, -1) + path.slice(-1).toUpperCase()],
    ['encoded letter', (path) => path.replace(/[a-z]/, (c) => `%${c.charCodeAt(0).toString(16)}`)],
    [
      'letter encoded twice',
      (path) => path.replace(/[a-z]/, (c) => `%25${c.charCodeAt(0).toString(16)}`),
    ],
    ['overlong slash', (path) => path.replace(/.\//, (s) => `${s[0]}%c0%af`)],
    ['wide slash', (path) => path.replace(/.\//, (s) => `${s[0]}\xef\xbc\x8f`)],
    ['slash at the end', (path) => `${path}/`],
    ['dot at the end', (path) => `${path}.`],
    ['dots at the end', (path) => `${path}/..`],
    ['encoded dots at the end', (path) => `${path}/%2e%2e`],
    ['semicolon', (path) => `${path};x=y`],
    ['encoded NUL', (path) => `${path}%00`],
    ['NUL', (path) => `${path}\0`],
    ['encoded line end', (path) => `${path}%0d%0aHost:%20${elsewhere}`],
    ['tab', (path) => `${path}\tx`],
    ['space', (path) => `${path} x`],
    ['encoded space', (path) => `${path}%20`],
    ['half an encoding', (path) => `${path}%`],
    ['fragment', (path) => `${path}#x`],
    ['encoded question mark', (path) => `${path}%3fx=y`],
    ['another extension', (path) => `${path}.xml`],
    ['something below', (path) => `${path}/x`],
    ['long query', (path) => `${path}?x=${'a'.repeat(5000)}`],
    ['long path', (path) => path + '/a'.repeat(3000)],
    ['a second path', (path) => `/x${path}`],
  ]),
];

export const METHODS: Change[] = [
  ...['HEAD', 'PUT', 'DELETE', 'PATCH', 'TRACE', 'CONNECT', 'PROPFIND', 'MKCOL', 'SEARCH'],
  ...['LOCK', 'COPY', 'LINK', 'QUERY', 'PURGE', 'FOO', 'get', 'post', 'GET\t', '\0GET', 'G ET', ''],
].map((method): Change => [JSON.stringify(method), (of) => ({ ...of, method })]);

/** Paths of the services themselves that are not passed on. */
export const OTHER_CALLS: readonly string[] = [
  ...['', '/', '/Services', '/Services/', '/Services/General', '/Services/Publisher/'].map(
    (path) => `/ShareWebServices${path}`,
  ),
  ...[
    'Publisher/SystemUtcTime',
    'Subscriber/SystemUtcTime',
    'General/ReadPublisherLatestGlucoseValues',
  ],
  ...[
    'Publisher/DeleteAccount',
    'General/CreatePublisherAccount',
    'General/__proto__',
    'General/constructor',
  ],
].map((path) => (path.startsWith('/') ? path : `/ShareWebServices/Services/${path}`));

export const OTHER_NIGHTSCOUT: readonly string[] = [
  ...[
    '/api',
    '/api/',
    '/api/v1',
    '/api/v1/',
    '/api/v2',
    '/api/v3',
    '/api/versions',
    '/api/v4/entries',
  ],
  ...['/api/v1/devicestatus', '/api/v1/food', '/api/v1/activity', '/api/v1/notifications/ack'],
  ...['/api/v1/adminnotifies', '/api/v1/verifyauth', '/api/v1/entries/507f1f77bcf86cd799439011'],
  ...[
    '/api/v1/entries/__proto__',
    '/api/v1/constructor',
    '/api/v1/entries/preview',
    '/api/v1/count/entries/where',
  ],
  ...[
    '/api/v2/authorization/subjects',
    '/api/v2/authorization/roles',
    '/api/v2/authorization/request',
  ],
  ...[
    '/api/v2/authorization/request/',
    '/api/v2/authorization/request/a/b',
    '/api/v2/authorization/request/a%2fb',
  ],
  ...[
    '/api/v2/authorization/request/..',
    `/api/v2/authorization/request/${'a'.repeat(129)}`,
    '/api/v2/properties',
  ],
  ...[
    '/api/v3/settings',
    '/api/v3/food',
    '/api/v3/devicestatus',
    '/api/v3/entries/history',
    '/api/v3/entries/x',
  ],
  ...[
    '/api/v3/',
    '/pebble',
    '/socket.io/',
    '/api/v1/entries.csv',
    '/api/v1/entries.txt',
    '/api/v3/entries.json',
  ],
];
