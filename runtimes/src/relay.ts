// Passes the calls of your own web pages on to one Dexcom Share service, and nothing else.
// It keeps nothing and logs nothing, but passwords go through it: run your own, behind https.
const { RELAY_UPSTREAM = 'https://share2.dexcom.com', RELAY_PAGES = '' } = process.env;
const pages = RELAY_PAGES.split(' '); // such as 'https://glucose.example http://localhost:5173'

const LONGEST_BODY = 1024 * 1024;
const TIME_LIMIT_MS = 30_000;

const pick = (headers: Headers, ...names: string[]) =>
  [...headers].filter(([name]) => names.includes(name));

async function passOn(request: Request, path: string): Promise<Response> {
  const { method, headers } = request;
  const length = headers.get('content-length');
  if (method === 'POST' && (length === null || Number(length) > LONGEST_BODY)) {
    return new Response(null, { status: 413 });
  }
  const answer = await fetch(RELAY_UPSTREAM + path, {
    method,
    headers: [...pick(headers, 'accept', 'content-type'), ['user-agent', 'egvkit-relay']],
    body: method === 'POST' ? await request.arrayBuffer() : null,
    redirect: 'manual', // following one would carry the password to a place nobody chose
    signal: AbortSignal.timeout(TIME_LIMIT_MS),
  });
  const shown = pick(answer.headers, 'content-type', 'retry-after');
  return new Response(answer.body, { status: answer.status, headers: shown });
}

export default {
  hostname: '127.0.0.1', // read by Bun; Deno has --host
  async fetch(request: Request): Promise<Response> {
    const { pathname, search } = new URL(request.url);
    const page = request.headers.get('origin');
    const isCall =
      pathname.startsWith('/ShareWebServices/Services/') &&
      ['GET', 'POST', 'OPTIONS'].includes(request.method);
    if (!isCall || !page || !pages.includes(page)) return new Response(null, { status: 403 });
    const answer =
      request.method === 'OPTIONS'
        ? new Response(null, { status: 204 })
        : await passOn(request, pathname + search).catch(() => new Response(null, { status: 502 }));
    answer.headers.set('access-control-allow-origin', page);
    answer.headers.set('access-control-allow-headers', 'accept, content-type, user-agent');
    answer.headers.set('access-control-expose-headers', 'retry-after');
    answer.headers.set('vary', 'origin');
    return answer;
  },
};
