#!/bin/bash -p
# Closes the container's network, then opens it for the names in the allowlist. Written by harden-devcontainer.
#
#   init-firewall.sh [--config DIR] [--state DIR] [--lifetime SECONDS]
#
# DIR/allowlist   one entry a line; '#' begins a comment
#                   name            its ports 443 and 80, through the proxy that compares the name in TLS or HTTP
#                   .suffix         the name and every name below it, likewise
#                   name:port       one port; 443 and 80 through the proxy, any other by address
#                   name:port private   the same for a name that resolves to a private address
#                   address/length:port an address range; there must be a comment behind it that says why
# DIR/forwards    one MCP forward a line: NAME PORT, or NAME PORT tls; with NAME PORT socket it needs no network
# DIR/inbound     one TCP port a line that others may connect to; may be missing
# DIR/mode        enforce (also where it is missing), or observe: what is not listed is logged and let out
#
# Runs as root in the container's network namespace, from PID 1, before anything else runs; it may run again at any time.
# Whatever fails, the policy stays DROP: nothing here ever opens what an earlier line closed.
# `bash -p` and the fixed PATH keep the caller's environment (BASH_ENV, functions, a planted iptables) out.
set -euo pipefail
export PATH=/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin
# Nothing else of the caller's environment either: XTABLES_LIBDIR alone would make iptables load code.
for name in $(compgen -e); do [ "$name" = PATH ] || unset -v "$name" 2>/dev/null || :; done
export LC_ALL=C
umask 022

config=/etc/harden-devcontainer
state=/run/harden-devcontainer
library=/usr/local/lib/harden-devcontainer
resolv=/etc/resolv.conf
hosts=/etc/hosts
resolver_user=harden-resolver
forward_user=harden-forward
proxy_user=harden-proxy
audit_user=harden-audit
tls_port=15443
http_port=15080
audit_port=15090
# Seconds that an address stays open after it was last handed out; longer than the resolver's own cache (see write_resolver).
lifetime=43200
# The mark of a connection that the rules have let through.
let_mark=0x68617264

step='starting'
say() { printf 'init-firewall: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }
finish() {
  local code=$?
  [ "$code" -eq 0 ] || say "failed while $step (exit $code): the network stays closed"
}
trap finish EXIT

while [ $# -gt 0 ]; do
  case "$1" in
    --config) config=${2:?--config needs a directory}; shift 2 ;;
    --state) state=${2:?--state needs a directory}; shift 2 ;;
    --lifetime) lifetime=${2:?--lifetime needs seconds}; shift 2 ;;
    *) die "unknown argument '$1'" ;;
  esac
done

[[ $lifetime =~ ^[1-9][0-9]{1,6}$ ]] || die "--lifetime needs 10 to 9999999 seconds, not '${lifetime//[^[:print:]]/?}'"
cache=$((lifetime / 12))

# --- 1. closed, IPv4 and IPv6, before anything is read ---------------------------------------------------------------

# A kernel without IPv6 has nothing to close; one with IPv6 and without ip6tables must not go on.
have_ipv6() { [ -s /proc/net/if_inet6 ] || [ -d /proc/sys/net/ipv6 ]; }

close_family() { # iptables | ip6tables
  # Where our rules are in force already, only the policies are set again: flushing would cut good connections.
  if "$1" -w -n -L HARDEN-OUT >/dev/null 2>&1; then
    printf '*filter\n:INPUT DROP [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT DROP [0:0]\nCOMMIT\n' | "$1-restore" -w --noflush
  else
    printf '*filter\n:INPUT DROP [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT DROP [0:0]\nCOMMIT\n' | "$1-restore" -w
  fi
}

# Both families at once, each to its end: one that cannot be closed must not leave the other open.
step='closing the network'
ipv6=no
unclosed=''
closing6=''
if have_ipv6; then
  ipv6=yes
  close_family ip6tables &
  closing6=$!
fi
close_family iptables || unclosed='cannot set the IPv4 policy to DROP (is NET_ADMIN given, and iptables in image and kernel?)'
[ -z "$closing6" ] || wait "$closing6" || unclosed="${unclosed:+$unclosed; }this kernel has IPv6 but ip6tables cannot close it"
[ -z "$unclosed" ] || die "$unclosed"
for tool in iptables ip6tables ipset dnsmasq haproxy awk; do
  command -v "$tool" >/dev/null || die "$tool is missing from the image"
done

# --- 2. the configuration: every line is checked, a line that is not understood stops everything ----------------------

step='reading the configuration'
# Read with builtins: on a small machine each process that is started takes as long as loading a rule set.
find_uid() { # USER, sets REPLY
  local name uid
  while IFS=: read -r name _ uid _; do
    if [ "$name" = "$1" ] && [[ $uid =~ ^[1-9][0-9]*$ ]]; then REPLY=$uid; return; fi
  done </etc/passwd
  die "the image has no user $1"
}
find_uid "$resolver_user"; resolver_uid=$REPLY
find_uid "$forward_user"; forward_uid=$REPLY
find_uid "$proxy_user"; proxy_uid=$REPLY
find_uid "$audit_user"; audit_uid=$REPLY
[ -r "$config/allowlist" ] || die "$config/allowlist is missing"
[ -d "$state" ] || mkdir -p "$state"

forwards=() # NAME PORT, of those that go over the network
listeners=() # the ports of all of them
read_forwards() {
  [ -e "$config/forwards" ] || return 0
  local number=0 line
  while IFS= read -r line || [ -n "$line" ]; do
    number=$((number + 1))
    line=${line%%#*}
    read -r line <<<"$line"
    [ -n "$line" ] || continue
    if ! [[ $line =~ ^([A-Za-z0-9_-]{1,64}\ ([1-9][0-9]{3,4}))(\ (socket|tls))?$ ]] || [ "${BASH_REMATCH[2]}" -gt 65535 ]; then
      die "forwards line $number: '${line//[^[:print:]]/?}' is not NAME PORT"
    fi
    listeners+=("${BASH_REMATCH[2]}")
    [ "${BASH_REMATCH[4]}" = socket ] || forwards+=("${BASH_REMATCH[1]}")
  done <"$config/forwards"
}

read_forwards

inbound=()
read_inbound() {
  [ -e "$config/inbound" ] || return 0
  local number=0 line
  while IFS= read -r line || [ -n "$line" ]; do
    number=$((number + 1))
    line=${line%%#*}
    read -r line <<<"$line"
    [ -n "$line" ] || continue
    if ! [[ $line =~ ^[1-9][0-9]{3,4}$ ]] || [ "$line" -gt 65535 ] || [ "$line" = "$tls_port" ] || [ "$line" = "$http_port" ] \
      || [ "$line" = "$audit_port" ]; then
      die "inbound line $number: '${line//[^[:print:]]/?}' is not a port from 1024 to 65535 that is free for others"
    fi
    inbound+=("$line")
  done <"$config/inbound"
}
read_inbound

mode=enforce
if [ -e "$config/mode" ]; then
  IFS= read -r mode <"$config/mode" || true
  case "$mode" in
    enforce) ;;
    observe) say 'OBSERVE: every name and every TCP port of public addresses is let out and logged; this container protects nothing' ;;
    *) die "mode is '${mode//[^[:print:]]/?}' and not enforce or observe" ;;
  esac
fi

# The engine's name servers. After the first run resolv.conf names our own resolver, so they are kept beside it.
step='reading the name servers'
ipv4='^[0-9]{1,3}(\.[0-9]{1,3}){3}$'
upstreams=()
read_upstreams() { # FILE
  local word server
  while read -r word server _; do
    [ "$word" = nameserver ] || continue
    [[ $server =~ $ipv4 || $server =~ ^[0-9a-fA-F:]*:[0-9a-fA-F:.]*$ ]] || continue
    upstreams+=("$server")
  done <"$1"
}
given=$(<"$resolv") || die "$resolv cannot be read"
if [[ $given == '# harden-devcontainer'* ]]; then
  [ -r "$state/upstream" ] || die "$resolv names the local resolver, but $state/upstream is gone"
else
  printf '%s\n' "$given" >"$state/upstream.new"
  mv -f "$state/upstream.new" "$state/upstream"
fi
read_upstreams "$state/upstream"
[ "${#upstreams[@]}" -gt 0 ] || say 'the engine gives no name server: no name will resolve'

# Only /etc/hosts is asked (the engine's --add-host): a name server must not say where the host is.
find_host() {
  local address names
  while read -r address names; do
    if [[ $address =~ $ipv4 && " ${names%%#*} " = *' host.docker.internal '* ]]; then
      host_address=$address
      return
    fi
  done <"$hosts"
  die "$hosts has no IPv4 address for host.docker.internal, which the MCP forwards need (--add-host=host.docker.internal:host-gateway)"
}
host_address=
step='looking for the host'
[ "${#forwards[@]}" -eq 0 ] || find_host
printf '%s\n' "$host_address" >"$state/host"

# --- 3. what the resolver, the proxy and the rules need of the allowlist ----------------------------------------------

step='reading the allowlist'
lists=$state/lists.new
[ ! -e "$lists" ] || rm -rf "$lists"
mkdir "$lists"
awk -f "$library/allowlist.awk" -v out="$lists" -v servers="${upstreams[*]}" -v ipv6="$ipv6" -v mode="$mode" "$config/allowlist" \
  || die 'the allowlist is not understood'
opened=() # set FAMILY PORT NAME | range FAMILY PORT ADDRESS/LENGTH
mapfile -t opened <"$lists/opened"

step='creating the address sets'
# A set that is full gives up an old address for a new one (forceadd), instead of silently keeping every new one out.
make_sets() {
  local line kind family name
  for line in "${opened[@]}"; do
    read -r kind family _ name <<<"$line"
    [ "$kind" = set ] || continue
    [ "$family" = 4 ] && family=inet || family=inet6
    printf 'create %s hash:ip family %s timeout %s maxelem 65536 forceadd -exist\n' "$name" "$family" "$lifetime"
  done
  [ "$mode" = observe ] || return 0
  printf 'create harden4-seen hash:ip,port family inet counters -exist\n'
  [ "$ipv6" = no ] || printf 'create harden6-seen hash:ip,port family inet6 counters -exist\n'
}
make_sets | ipset restore || die 'ipset cannot create the address sets (is ip_set in the kernel?)'

step='writing the resolver configuration'
# Names that are not listed have no server, so they are answered here and never leave: no tunnel.
# Addresses in private, loopback and link-local ranges are refused (rebinding). HTTPS and SVCB records carry keys that
# hide the server's name from the proxy. The cache is shorter than the life of an address in a set, so no cached answer
# outlives its opening.
unlisted='local=/#/'
if [ "$mode" = observe ]; then printf -v unlisted 'server=%s\n' "${upstreams[@]}"; fi
printf '%s\n' "port=53
listen-address=127.0.0.1
bind-interfaces
user=$resolver_user
group=$resolver_user
keep-in-foreground
log-facility=-
log-queries
pid-file=
no-hosts
no-resolv
no-poll
cache-size=10000
max-ttl=$cache
max-cache-ttl=$cache
neg-ttl=5
stop-dns-rebind
filter-rr=HTTPS
filter-rr=SVCB
$unlisted
conf-file=$state/lists/resolver" >"$lists/dnsmasq.conf"

# The proxy listens on ::1 only where there is one: an engine may switch IPv6 off for a container.
also6=no
if [ "$ipv6" = yes ] && [ -r /proc/net/if_inet6 ]; then
  while read -r address _; do
    [ "$address" != 00000000000000000000000000000001 ] || also6=yes
  done </proc/net/if_inet6
fi
listen() { # PORT, sets REPLY
  REPLY=127.0.0.1:$1
  [ "$also6" = no ] || REPLY+=",::1:$1"
}
listen "$tls_port"; tls_listen=$REPLY
listen "$http_port"; http_listen=$REPLY
printf 'HARDEN_STATE=%s/lists\nHARDEN_TLS=%s\nHARDEN_HTTP=%s\n' "$state" "$tls_listen" "$http_listen" >"$lists/proxy.env"
printf '%s\n' "$mode" >"$lists/mode"

if [ -e "$state/lists" ]; then
  rm -rf "$state/lists.old"
  mv "$state/lists" "$state/lists.old"
fi
mv "$lists" "$state/lists"

# --- 4. the rules, one transaction a family and table -----------------------------------------------------------------

# Refused before anything is allowed, so that no answer of a name server can open them: this host, private networks, the
# engine's bridge and the host behind it, metadata services, multicast.
never4='0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 168.63.129.16/32 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.168.0.0/16 224.0.0.0/3'
never6='::/96 ::ffff:0:0/96 64:ff9b::/96 64:ff9b:1::/48 2001::/32 2002::/16 fc00::/7 fe80::/10 fec0::/10 ff00::/8'

resolver_rules() { # 4 | 6
  local server embedded=no
  for server in "${upstreams[@]}"; do
    case "$server" in
      127.0.0.11)
        embedded=yes
        [ "$1" = 6 ] || printf -- '-A HARDEN-OUT -d 127.0.0.11 -m owner --uid-owner %s -j ACCEPT\n' "$resolver_uid"
        continue ;;
      *:*) [ "$1" = 6 ] || continue ;;
      *) [ "$1" = 4 ] || continue ;;
    esac
    printf -- '-A HARDEN-OUT -d %s -p udp --dport 53 -m owner --uid-owner %s -j ACCEPT\n' "$server" "$resolver_uid"
    printf -- '-A HARDEN-OUT -d %s -p tcp --dport 53 -m owner --uid-owner %s -j HARDEN-LET\n' "$server" "$resolver_uid"
  done
  # The engine's embedded resolver asks its own upstream from this namespace, from a socket of uid 0. No process of the
  # container that a user controls can be uid 0.
  if [ "$embedded" = yes ]; then
    printf -- '-A HARDEN-OUT -p udp --dport 53 -m owner --uid-owner 0 -j ACCEPT\n'
    printf -- '-A HARDEN-OUT -p tcp --dport 53 -m owner --uid-owner 0 -j HARDEN-LET\n'
  fi
}

# What the allowlist opens by address. Ports 443 and 80 are opened to the proxy alone, which compares the name too.
opened_rules() { # 4 | 6, private | public
  local line kind family port what owner
  for line in "${opened[@]}"; do
    read -r kind family port what <<<"$line"
    [ "$family" = "$1" ] || continue
    case "$what" in harden?p-*) [ "$2" = private ] || continue ;; *) [ "$2" = public ] || continue ;; esac
    owner=''
    case "$kind $port" in 'set 443' | 'set 80') owner=" -m owner --uid-owner $proxy_uid" ;; esac
    if [ "$kind" = set ]; then what="-m set --match-set $what dst"; else what="-d $what"; fi
    printf -- '-A HARDEN-OUT -p tcp --dport %s %s%s -j HARDEN-LET\n' "$port" "$what" "$owner"
  done
}

filter_rules() { # 4 | 6
  local never=$never4 reject=icmp-admin-prohibited icmp=icmp forward range type port
  if [ "$1" = 6 ]; then never=$never6 reject=icmp6-adm-prohibited icmp=ipv6-icmp; fi
  # Loaded with --noflush, so the chains that are not ours alone are emptied by name, in the same transaction.
  printf '%s\n' "*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT DROP [0:0]
:HARDEN-OUT - [0:0]
:HARDEN-LET - [0:0]
:HARDEN-REFUSE - [0:0]
-F INPUT
-F FORWARD
-F OUTPUT
-A INPUT -i lo -j ACCEPT
-A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT
-A INPUT -p $icmp -m conntrack --ctstate RELATED -j ACCEPT
-A OUTPUT -j HARDEN-OUT
-A OUTPUT -j HARDEN-REFUSE"
  for port in "${inbound[@]}"; do printf -- '-A INPUT -p tcp --dport %s -j HARDEN-LET\n' "$port"; done
  if [ "$1" = 6 ]; then
    # Neighbour discovery: IPv6 has no ARP. A hop limit of 255 says that the packet comes from the same link.
    for type in 133 134 135 136; do
      printf -- '-A INPUT -p ipv6-icmp --icmpv6-type %s -m hl --hl-eq 255 -j ACCEPT\n' "$type"
    done
    for type in 133 135 136; do printf -- '-A HARDEN-OUT -p ipv6-icmp --icmpv6-type %s -j ACCEPT\n' "$type"; done
  fi
  resolver_rules "$1"
  # The embedded resolver listens on a random port behind a DNAT: refuse its address, not only port 53.
  [ "$1" = 6 ] || printf -- '-A HARDEN-OUT -d 127.0.0.11 -m owner ! --uid-owner 0 -j HARDEN-REFUSE\n'
  # Nobody else answers as a name server: engines let any user take port 53, beside the resolver's own socket too, and whom
  # the proxy believes decides where a listed name goes. The resolver has opened its socket as uid 0.
  printf -- '-A HARDEN-OUT -p udp --sport 53 -m owner ! --uid-owner 0 -j HARDEN-REFUSE\n'
  printf -- '-A HARDEN-OUT -o lo -j ACCEPT\n'
  # What was redirected to the proxy still carries its first interface here.
  [ "$1" = 4 ] && range=127.0.0.1 || range=::1
  printf -- '-A HARDEN-OUT -d %s -p tcp -m multiport --dports %s,%s -j ACCEPT\n' "$range" "$tls_port" "$http_port"
  # Only connections that a rule has let through carry the mark: not one from before the firewall. Only TCP, and never its
  # first packet: a port that the resolver or the proxy has just used must not lend its state to whoever takes it next.
  printf -- '-A HARDEN-OUT -p tcp ! --syn -m conntrack --ctstate ESTABLISHED -m connmark --mark %s -j ACCEPT\n' "$let_mark"
  if [ "$1" = 4 ]; then
    for forward in "${forwards[@]}"; do
      printf -- '-A HARDEN-OUT -d %s -p tcp --dport %s -m owner --uid-owner %s -j HARDEN-LET\n' \
        "$host_address" "${forward#* }" "$forward_uid"
    done
  fi
  opened_rules "$1" private
  for range in $never; do printf -- '-A HARDEN-OUT -d %s -j HARDEN-REFUSE\n' "$range"; done
  # The other helpers have no business with sites.
  printf -- '-A HARDEN-OUT -m owner --uid-owner %s -j HARDEN-REFUSE\n' "$resolver_uid"
  printf -- '-A HARDEN-OUT -m owner --uid-owner %s -j HARDEN-REFUSE\n' "$forward_uid"
  printf -- '-A HARDEN-OUT -m owner --uid-owner %s -j HARDEN-REFUSE\n' "$audit_uid"
  opened_rules "$1" public
  printf -- '-A HARDEN-OUT -p tcp -m multiport --dports 443,80 -m owner --uid-owner %s -j HARDEN-LET\n' "$proxy_uid"
  # Remembered, so that somebody can read what a first allowlist needs. UDP stays refused: no policy can open it.
  if [ "$mode" = observe ]; then
    printf -- '-A HARDEN-OUT -p tcp -m conntrack --ctstate NEW -j SET --add-set harden%s-seen dst,dst\n' "$1"
    printf -- '-A HARDEN-OUT -p tcp -j HARDEN-LET\n'
  fi
  printf -- '-A HARDEN-LET -j CONNMARK --set-mark %s\n-A HARDEN-LET -j ACCEPT\n' "$let_mark"
  # Refused at once: a tool fails in milliseconds instead of hanging until its timeout.
  printf -- '-A HARDEN-REFUSE -p tcp -j REJECT --reject-with tcp-reset\n'
  printf -- '-A HARDEN-REFUSE -j REJECT --reject-with %s\nCOMMIT\n' "$reject"
}

# Sends what goes to 443 and 80 through the proxy. Only our own chain is written: the engine's rules of this table make its
# embedded resolver work.
nat_rules() { # 4 | 6, the line that jumps to the chain or ''
  local range line kind family port what never=$never4
  [ "$1" = 4 ] || never=$never6
  printf '*nat\n:HARDEN-NAT - [0:0]\n-A HARDEN-NAT -o lo -j RETURN\n'
  printf -- '-A HARDEN-NAT -m owner --uid-owner %s -j RETURN\n' "$proxy_uid" "$resolver_uid" "$forward_uid" "$audit_uid"
  for line in "${opened[@]}"; do
    read -r kind family port what <<<"$line"
    [ "$family" = "$1" ] || continue
    case "$kind $port" in
      'set 443') printf -- '-A HARDEN-NAT -p tcp --dport 443 -m set --match-set %s dst -j REDIRECT --to-ports %s\n' "$what" "$tls_port" ;;
      'set 80') printf -- '-A HARDEN-NAT -p tcp --dport 80 -m set --match-set %s dst -j REDIRECT --to-ports %s\n' "$what" "$http_port" ;;
      range*) printf -- '-A HARDEN-NAT -p tcp --dport %s -d %s -j RETURN\n' "$port" "$what" ;;
    esac
  done
  for range in $never; do printf -- '-A HARDEN-NAT -d %s -j RETURN\n' "$range"; done
  printf -- '-A HARDEN-NAT -p tcp --dport 443 -j REDIRECT --to-ports %s\n' "$tls_port"
  printf -- '-A HARDEN-NAT -p tcp --dport 80 -j REDIRECT --to-ports %s\n%s\nCOMMIT\n' "$http_port" "$2"
}

# One process and one transaction a table. The jump to our chain is added once, behind what the engine has there.
load_family() { # iptables | ip6tables, 4 | 6
  local jump=''
  "$1" -w -t nat -C OUTPUT -j HARDEN-NAT 2>/dev/null || jump='-A OUTPUT -j HARDEN-NAT'
  { nat_rules "$2" "$jump"; filter_rules "$2"; } | "$1-restore" -w --noflush
}

# Proof that what must be closed is closed: what the kernel has now, not what was sent to it.
check_family() { # iptables | ip6tables
  local listing line
  listing=$'\n'$("$1" -w -S)$'\n' || return 1
  for line in '-P INPUT DROP' '-P FORWARD DROP' '-P OUTPUT DROP' '-A OUTPUT -j HARDEN-REFUSE'; do
    [[ $listing == *$'\n'"$line"$'\n'* ]] || return 1
  done
}

open_family() { # iptables | ip6tables, 4 | 6
  load_family "$1" "$2" || { say "the kernel refuses the IPv$2 rules"; return 1; }
  check_family "$1" || { say "IPv$2 is not closed after the rules were loaded"; return 1; }
}

# The kernel takes most of the time here, so both families are loaded at once.
step='loading the rules'
loading6=''
if [ "$ipv6" = yes ]; then
  open_family ip6tables 6 &
  loading6=$!
fi
loaded=yes
open_family iptables 4 || loaded=no
[ -z "$loading6" ] || wait "$loading6" || loaded=no
[ "$loaded" = yes ] || exit 1

# The last step: from here on names are asked of the local resolver. Written in place, because engines bind-mount the file.
step='pointing resolv.conf at the local resolver'
# The second line is for harden-ready, which in another container sees nothing else of this one.
ports="53 $tls_port $http_port $audit_port"
for port in "${listeners[@]}"; do ports+=" $port"; done
printf '%s\n' "# harden-devcontainer: only the local resolver may be asked; it knows the names in $config/allowlist" \
  "# harden-devcontainer mode=$mode ports=$ports" 'nameserver 127.0.0.1' >"$resolv"

step='done'
say "closed; $(<"$state/lists/count") entries, ${#listeners[@]} MCP forwards and ${#inbound[@]} inbound ports are open"
