/** One step of init-firewall.sh that is made to fail. */
export interface Failure {
  readonly name: string;
  /** A shell script that root runs before the start. */
  readonly breakIt: string;
  readonly says: RegExp;
  /** The family that stays open, because what would close it is gone: the container ends all the same. */
  readonly open?: 4 | 6;
}

const config = '/etc/harden-devcontainer';

export const failures: readonly Failure[] = [
  {
    name: 'a line of the allowlist is not a host name',
    breakIt: `echo '$(id)' >>${config}/allowlist`,
    says: /allowlist line \d+: '\$\(id\)' is not a name/,
  },
  {
    name: 'the allowlist holds a terminal escape',
    breakIt: `printf '\\033[2J.example\\n' >>${config}/allowlist`,
    says: /allowlist line \d+: '\?\[2J\.example'/,
  },
  {
    name: 'the allowlist opens everything',
    breakIt: `echo '0.0.0.0/0' >>${config}/allowlist`,
    says: /allowlist line \d+/,
  },
  { name: 'the allowlist is missing', breakIt: `rm ${config}/allowlist`, says: /allowlist is missing/ },
  {
    name: 'a port is too high',
    breakIt: `echo 'a.example:70000' >>${config}/allowlist`,
    says: /'a.example:70000' names no port from 1 to 65535/,
  },
  {
    name: 'a forward is not NAME PORT',
    breakIt: `echo 'x 80;id' >>${config}/forwards`,
    says: /forwards line \d+/,
  },
  {
    name: 'the host has no address for a forward',
    breakIt: `echo 'x 18123' >>${config}/forwards; echo '127.0.0.1 localhost' >/etc/hosts`,
    says: /no IPv4 address for host.docker.internal/,
  },
  {
    name: 'the allowlist is no text',
    breakIt: `head -c 4096 /dev/urandom | tr -d '\\n#' >>${config}/allowlist`,
    says: /allowlist line \d+/,
  },
  {
    name: 'a line of the allowlist has a million characters',
    breakIt: `head -c 1000000 /dev/zero | tr '\\0' a >>${config}/allowlist`,
    says: /allowlist line \d+/,
  },
  {
    name: 'the allowlist is a folder',
    breakIt: `rm ${config}/allowlist; mkdir ${config}/allowlist`,
    says: /allowlist is (?:missing|not understood)/,
  },
  {
    name: 'the allowlist opens a whole top-level domain',
    breakIt: `echo '.example' >>${config}/allowlist`,
    says: /allowlist line \d+: '\.example'/,
  },
  {
    name: 'a range has no reason',
    breakIt: `echo '198.18.0.0/24:443' >>${config}/allowlist`,
    says: /allowlist line \d+: .* needs a comment/,
  },
  {
    name: 'a range is everything',
    breakIt: `echo '0.0.0.0/0:443 # all' >>${config}/allowlist`,
    says: /allowlist line \d+: .* is not an IPv4 range of/,
  },
  { name: 'the mode is no word that is known', breakIt: `echo open >${config}/mode`, says: /mode/ },
  {
    name: 'a published port is that of the proxy',
    breakIt: `echo 15443 >>${config}/inbound`,
    says: /inbound line \d+/,
  },
  {
    name: 'a published port is no number',
    breakIt: `echo '3000;id' >>${config}/inbound`,
    says: /inbound line \d+/,
  },
  { name: 'ipset is missing', breakIt: 'rm /usr/sbin/ipset', says: /ipset is missing from the image/ },
  {
    name: 'the kernel has no ip_set',
    breakIt: "printf '#!/bin/sh\\nexit 1\\n' >/usr/sbin/ipset",
    says: /cannot create the address sets/,
  },
  {
    name: 'the resolver is missing',
    breakIt: 'rm /usr/sbin/dnsmasq',
    says: /dnsmasq is missing from the image/,
  },
  {
    name: 'the resolver has no user',
    breakIt: "sed -i '/^harden-resolver:/d' /etc/passwd",
    says: /no user harden-resolver/,
  },
  {
    name: 'ip6tables is missing',
    breakIt: 'rm /usr/sbin/ip6tables',
    says: /ip6tables is missing from the image/,
  },
  { name: 'the IPv4 rules are refused', breakIt: second('iptables-restore'), says: /refuses the IPv4 rules/ },
  {
    name: 'the IPv6 rules are refused',
    breakIt: second('ip6tables-restore'),
    says: /refuses the IPv6 rules/,
  },
  {
    name: 'resolv.conf cannot be read',
    breakIt: 'umount /etc/resolv.conf 2>/dev/null; chmod 0000 /etc/resolv.conf',
    says: /reading the name servers|failed while/,
  },
  {
    name: 'awk is missing',
    breakIt: 'rm -f /usr/bin/awk /usr/bin/mawk /usr/bin/gawk',
    says: /awk is missing from the image/,
  },
  {
    name: 'the proxy is missing',
    breakIt: 'rm /usr/sbin/haproxy',
    says: /haproxy is missing from the image/,
  },
  { name: 'the supervisor is missing', breakIt: 'rm /usr/bin/s6-svscan', says: /s6-svscan/ },
  {
    name: 'the proxy has no user',
    breakIt: "sed -i '/^harden-proxy:/d' /etc/passwd",
    says: /no user harden-proxy/,
  },
  {
    name: 'a helper is root',
    breakIt: "sed -i 's/^harden-proxy:x:[0-9]*:/harden-proxy:x:0:/' /etc/passwd",
    says: /no user harden-proxy/,
  },
  {
    name: 'the list reader is missing',
    breakIt: 'rm /usr/local/lib/harden-devcontainer/allowlist.awk',
    says: /the allowlist is not understood/,
  },
  {
    name: 'iptables-restore is missing',
    breakIt: 'rm /usr/sbin/iptables-restore',
    says: /cannot set the IPv4 policy to DROP/,
    open: 4,
  },
  {
    name: 'ip6tables-restore is missing',
    breakIt: 'rm /usr/sbin/ip6tables-restore',
    says: /IPv6 but ip6tables cannot close it/,
    open: 6,
  },
  {
    name: 'the kernel has no ip6tables',
    breakIt: always('ip6tables-restore'),
    says: /IPv6 but ip6tables cannot close it/,
    open: 6,
  },
  {
    name: 'the state folder cannot be made',
    breakIt: 'rm -rf /run/harden-devcontainer; touch /run/harden-devcontainer',
    says: /failed while|File exists|Not a directory/,
  },
  {
    name: 'the state of an earlier run is gone',
    breakIt: "echo '# harden-devcontainer' >/etc/resolv.conf",
    says: /upstream is gone/,
  },
  {
    name: 'an ipset of our name has another shape',
    breakIt: 'ipset create harden4-22 hash:net',
    says: /cannot create the address sets/,
  },
];

/** Replaces a program by one that works the first time and fails the second. */
function second(program: string): string {
  return `mv /usr/sbin/${program} /usr/sbin/real-${program}
printf '#!/bin/sh\\n[ -e /run/once ] && exit 2\\ntouch /run/once\\nexec -a ${program} /usr/sbin/real-${program} "$@"\\n' | sed 's,^#!/bin/sh,#!/bin/bash,' >/usr/sbin/${program}
chmod 0755 /usr/sbin/${program}`;
}

/** Replaces a program by one that fails. */
function always(program: string): string {
  return `rm /usr/sbin/${program}; printf '#!/bin/sh\\nexit 2\\n' >/usr/sbin/${program}; chmod 0755 /usr/sbin/${program}`;
}
