import { type RawRequest, withHeader, withLines } from '../support.ts';
import { type Change, header, type Scene } from './change.ts';

export const ORIGINS = ({ port, elsewhere }: Scene): Change[] =>
  header('Origin', [
    'null',
    '',
    'https://evil.example',
    `http://${elsewhere}`,
    'http://127.0.0.1',
    'http://127.0.0.1:80',
    `https://127.0.0.1:${port}`,
    `http://localhost:${port}`,
    `http://127.0.0.1:${port}/`,
    `http://127.0.0.1:${port}.evil.example`,
    `http://127.0.0.1:${port}@evil.example`,
    `http://evil.example:${port}`,
    `http://127.0.0.1:${port} http://evil.example`,
    `http://127.0.0.1:${port}, http://evil.example`,
    `HTTP://127.0.0.1:${port}`,
    `http://127.1:${port}`,
    `http://[::1]:${port}`,
    `http://0.0.0.0:${port}`,
    `127.0.0.1:${port}`,
    '*',
    'file://',
    'chrome-extension://abcdefghijklmnop',
  ]);

export const FETCHES: Change[] = [
  ...header('Sec-Fetch-Site', ['cross-site', 'same-site', 'none', '', 'Same-Origin', 'x']),
  ...header('Sec-Fetch-Mode', ['navigate']),
  [
    'neither origin nor site',
    (of) => withHeader(withHeader(of, 'Origin', undefined), 'Sec-Fetch-Site', undefined),
  ],
];

export const HOSTS = ({ port, elsewhere }: Scene): Change[] => [
  ...[
    ...[undefined, '', 'evil.example', `evil.example:${port}`, elsewhere, '127.0.0.1', 'localhost'],
    ...['127.0.0.1:80', `127.0.0.1:0${port}`, `127.0.0.1:${port}0`, `localhost.:${port}`],
    ...[`localhost.evil.example:${port}`, `127.0.0.1.nip.io:${port}`, `[::1]:${port}`],
    ...[`0.0.0.0:${port}`, `127.1:${port}`, `2130706433:${port}`, `0x7f000001:${port}`],
    ...[`[::ffff:127.0.0.1]:${port}`, `ann@127.0.0.1:${port}`, `127.0.0.1:${port}@evil.example`],
    ...[
      `127.0.0.1:${port}, evil.example`,
      `127.0.0.1:${port}/`,
      `127.0.0.1:${port}#`,
      `127.0.0.2:${port}`,
    ],
    ...[`http://127.0.0.1:${port}`, `x.localhost:${port}`, `share2.dexcom.com`],
  ].flatMap((host): Change[] => {
    const renamed = (of: RawRequest) => withHeader(of, 'Host', host);
    // A web page that had its own name pointed here says that name in both, or no origin to read.
    return [
      [`Host: ${host}`, (of) => withHeader(renamed(of), 'Origin', host && `http://${host}`)],
      [`Host: ${host}, no origin`, (of) => withHeader(renamed(of), 'Origin', undefined)],
    ];
  }),
];

export const COOKIES = ({ cookie, otherCookie, port }: Scene): Change[] => {
  const [name = '', token = ''] = cookie.split('=');
  const other = otherCookie.split('=')[1] ?? '';
  const changed = token.slice(0, -2) + (token.endsWith('AA') ? 'BB' : 'AA');
  return [
    ...header('Cookie', [
      undefined,
      '',
      name,
      `${name}=`,
      `${name}=${other}`,
      otherCookie,
      `${name}=${token.slice(0, -1)}`,
      `${name}=${token}A`,
      `${name}=${changed}`,
      `${name}=${token.toUpperCase()}`,
      `${name}="${token}"`,
      `${name}=${token} x`,
      `${name} =${token}`,
      `${name}x=${token}`,
      `x${name}=${token}`,
      `${name.toUpperCase()}=${token}`,
      `egvkit-relay=${token}`,
      `egvkit-relay-${port + 1}=${token}`,
      `x=${token}`,
      token,
      `$Version=1, ${name}=${token}`,
    ]),
    [
      'the token in the query',
      (of) => ({ ...withHeader(of, 'Cookie', undefined), target: `${of.target}?${cookie}` }),
    ],
    [
      'the token as bearer',
      (of) => withHeader(withHeader(of, 'Cookie', undefined), 'Authorization', `Bearer ${token}`),
    ],
    ['the token as header', (of) => withHeader(withHeader(of, 'Cookie', undefined), name, token)],
    ['the cookie twice', (of) => withLines(of, `Cookie: ${otherCookie}`)],
  ];
};
