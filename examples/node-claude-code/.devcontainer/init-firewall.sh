#!/bin/bash -p
# Closes the container's network, then opens it for the names in the allowlist. Written by harden-devcontainer.
#
#   init-firewall.sh [--config DIR] [--state DIR]
#
# DIR/allowlist   one entry a line: name, .suffix, name:port; '#' begins a comment
# DIR/forwards    one MCP forward a line: NAME PORT
#
# Runs as root in the container's network namespace, from PID 1, before anything else runs; it may run again at any time.
# Whatever fails, the policy stays DROP: nothing here ever opens what an earlier line closed.
# `bash -p` and the fixed PATH keep the caller's environment (BASH_ENV, functions, a planted iptables) out.
set -euo pipefail
export PATH=/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL=C
unset IFS
umask 022

config=/etc/harden-devcontainer
state=/run/harden-devcontainer
resolv=/etc/resolv.conf
hosts=/etc/hosts
resolver_user=harden-resolver
forward_user=harden-forward
# Seconds that an address stays open after it was last handed out; longer than the resolver's own cache (see write_resolver).
lifetime=43200

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
    *) die "unknown argument '$1'" ;;
  esac
done

# --- 1. closed, IPv4 and IPv6, before anything is read ---------------------------------------------------------------

# A kernel without IPv6 has nothing to close; one with IPv6 and without ip6tables must not go on.
have_ipv6() { [ -s /proc/net/if_inet6 ] || [ -d /proc/sys/net/ipv6 ]; }

close_family() { # iptables | ip6tables
  # Where our rules are in force already, only the policies are set again: flushing would cut good connections.
  if "$1" -w -n -L HARDEN-OUT >/dev/null 2>&1; then
    "$1" -w -P INPUT DROP && "$1" -w -P FORWARD DROP && "$1" -w -P OUTPUT DROP
  else
    printf '*filter\n:INPUT DROP [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT DROP [0:0]\nCOMMIT\n' | "$1-restore" -w
  fi
}

# Both families are tried before either failure ends the script: one that cannot be closed must not leave the other open.
step='closing the network'
ipv6=no
unclosed=''
close_family iptables || unclosed='cannot set the IPv4 policy to DROP (is NET_ADMIN given, and iptables in image and kernel?)'
if have_ipv6; then
  ipv6=yes
  close_family ip6tables || unclosed="${unclosed:+$unclosed; }this kernel has IPv6 but ip6tables cannot close it"
fi
[ -z "$unclosed" ] || die "$unclosed"
for tool in iptables ip6tables ipset dnsmasq setpriv socat; do
  command -v "$tool" >/dev/null || die "$tool is missing from the image"
done

# --- 2. the configuration: every line is checked, a line that is not understood stops everything ----------------------

step='reading the configuration'
resolver_uid=$(id -u "$resolver_user") || die "the image has no user $resolver_user"
forward_uid=$(id -u "$forward_user") || die "the image has no user $forward_user"
[ -r "$config/allowlist" ] || die "$config/allowlist is missing"

label='[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?'
entry_pattern="^(\\.?)($label(\\.$label)+)(:([1-9][0-9]{0,4}))?\$"

names=()      # exact names and suffixes, in the order of the file
suffixes=' '  # names that begin with a dot, without it, between blanks
declare -A groups=() # name -> blank-separated groups: 'web' (443 and 80) or a port
declare -A ports=()  # every port that has a set of its own

read_allowlist() {
  local number=0 line name port
  while IFS= read -r line || [ -n "$line" ]; do
    number=$((number + 1))
    line=${line%%#*}
    line=${line%$'\r'}
    read -r line <<<"$line"
    [ -n "$line" ] || continue
    [[ $line =~ $entry_pattern ]] || die "allowlist line $number: '${line//[^[:print:]]/?}' is not a name, .suffix or name:port"
    name=${BASH_REMATCH[2]}
    port=${BASH_REMATCH[7]}
    [ "${#name}" -le 253 ] || die "allowlist line $number: the name is longer than 253 characters"
    if [ -n "$port" ]; then
      [ "$port" -le 65535 ] || die "allowlist line $number: port $port is above 65535"
      ports[$port]=1
    fi
    [ -z "${BASH_REMATCH[1]}" ] || suffixes+="$name "
    [ -n "${groups[$name]+set}" ] || names+=("$name")
    groups[$name]="${groups[$name]:-} ${port:-web}"
  done <"$config/allowlist"
}

forwards=() # NAME PORT
read_forwards() {
  [ -e "$config/forwards" ] || return 0
  local number=0 line
  while IFS= read -r line || [ -n "$line" ]; do
    number=$((number + 1))
    line=${line%%#*}
    read -r line <<<"$line"
    [ -n "$line" ] || continue
    if ! [[ $line =~ ^[A-Za-z0-9_-]{1,64}\ [1-9][0-9]{3,4}$ ]] || [ "${line#* }" -gt 65535 ]; then
      die "forwards line $number: '${line//[^[:print:]]/?}' is not NAME PORT"
    fi
    forwards+=("$line")
  done <"$config/forwards"
}

read_allowlist
read_forwards

# The engine's name servers. After the first run resolv.conf names our own resolver, so they are kept beside it.
step='reading the name servers'
mkdir -p "$state"
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
if grep -q '^# harden-devcontainer' "$resolv" 2>/dev/null; then
  [ -r "$state/upstream" ] || die "$resolv names the local resolver, but $state/upstream is gone"
else
  cat "$resolv" >"$state/upstream.new"
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

# --- 3. address sets that the resolver fills --------------------------------------------------------------------------

step='creating the address sets'
make_sets() {
  local group
  for group in web "${!ports[@]}"; do
    printf 'create harden4-%s hash:ip family inet timeout %s maxelem 65536 -exist\n' "$group" "$lifetime"
    [ "$ipv6" = no ] || printf 'create harden6-%s hash:ip family inet6 timeout %s maxelem 65536 -exist\n' "$group" "$lifetime"
  done
}
make_sets | ipset restore || die 'ipset cannot create the address sets (is ip_set in the kernel?)'

# --- 4. the resolver's configuration ----------------------------------------------------------------------------------

# Below a listed suffix everything is allowed already, so an exact name there needs no line that refuses what is below it.
below_suffix() { # NAME
  local parent=$1
  while :; do
    case "$suffixes" in *" $parent "*) return 0 ;; esac
    case "$parent" in *.*) parent=${parent#*.} ;; *) return 1 ;; esac
  done
}

write_resolver() {
  # Names that are not listed have no server, so they are answered here and never leave: no tunnel.
  # Addresses in private, loopback and link-local ranges are refused (rebinding). HTTPS records carry keys that hide the
  # server's name. The cache is shorter than the life of an address in a set, so no cached answer outlives its opening.
  cat <<HEAD
port=53
listen-address=127.0.0.1
bind-interfaces
user=$resolver_user
group=$resolver_user
keep-in-foreground
log-facility=-
pid-file=
no-hosts
no-resolv
no-poll
cache-size=10000
max-ttl=3600
max-cache-ttl=3600
neg-ttl=5
stop-dns-rebind
filter-rr=HTTPS
filter-rr=SVCB
local=/#/
HEAD
  local name group server sets
  for name in "${names[@]}"; do
    for server in "${upstreams[@]}"; do printf 'server=/%s/%s\n' "$name" "$server"; done
    below_suffix "$name" || printf 'local=/*.%s/\n' "$name"
    sets=
    for group in ${groups[$name]}; do
      sets+=",harden4-$group"
      [ "$ipv6" = no ] || sets+=",harden6-$group"
    done
    printf 'ipset=/%s/%s\n' "$name" "${sets#,}"
  done
}

step='writing the resolver configuration'
write_resolver >"$state/dnsmasq.conf.new"
dnsmasq --test --conf-file="$state/dnsmasq.conf.new" 2>/dev/null || die 'the resolver does not accept its configuration'
mv -f "$state/dnsmasq.conf.new" "$state/dnsmasq.conf"

# --- 5. the rules, one transaction a family ---------------------------------------------------------------------------

# Refused before any allow set is asked, so that no answer of a name server can open them.
never4='0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 168.63.129.16/32 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.168.0.0/16 224.0.0.0/3'
never6='::/128 ::1/128 ::ffff:0:0/96 64:ff9b::/96 64:ff9b:1::/48 fc00::/7 fe80::/10 ff00::/8'

refuse() { # reject at once: a tool fails in milliseconds instead of hanging until its timeout
  printf -- '-A HARDEN-REFUSE -p tcp -j REJECT --reject-with tcp-reset\n'
  printf -- '-A HARDEN-REFUSE -j REJECT --reject-with %s\n' "$1"
}

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
    printf -- '-A HARDEN-OUT -d %s -p tcp --dport 53 -m owner --uid-owner %s -j ACCEPT\n' "$server" "$resolver_uid"
  done
  # The engine's embedded resolver asks its own upstream from this namespace, from a socket of uid 0. No process of the
  # container that a user controls can be uid 0.
  if [ "$embedded" = yes ]; then
    printf -- '-A HARDEN-OUT -p udp --dport 53 -m owner --uid-owner 0 -j ACCEPT\n'
    printf -- '-A HARDEN-OUT -p tcp --dport 53 -m owner --uid-owner 0 -j ACCEPT\n'
  fi
}

rules() { # 4 | 6
  local never=$never4 reject=icmp-admin-prohibited icmp=icmp forward range port
  if [ "$1" = 6 ]; then never=$never6 reject=icmp6-adm-prohibited icmp=ipv6-icmp; fi
  cat <<TOP
*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT DROP [0:0]
:HARDEN-OUT - [0:0]
:HARDEN-REFUSE - [0:0]
-A INPUT -i lo -j ACCEPT
-A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT
-A INPUT -p $icmp -m conntrack --ctstate RELATED -j ACCEPT
-A OUTPUT -j HARDEN-OUT
-A OUTPUT -j HARDEN-REFUSE
TOP
  if [ "$1" = 6 ]; then
    # Neighbour discovery: IPv6 has no ARP. A hop limit of 255 says that the packet comes from the same link.
    for port in 133 134 135 136; do
      printf -- '-A INPUT -p ipv6-icmp --icmpv6-type %s -m hl --hl-eq 255 -j ACCEPT\n' "$port"
    done
    for port in 133 135 136; do printf -- '-A HARDEN-OUT -p ipv6-icmp --icmpv6-type %s -j ACCEPT\n' "$port"; done
  fi
  resolver_rules "$1"
  # The embedded resolver listens on a random port behind a DNAT: refuse its address, not only port 53.
  [ "$1" = 6 ] || printf -- '-A HARDEN-OUT -d 127.0.0.11 -m owner ! --uid-owner 0 -j HARDEN-REFUSE\n'
  printf -- '-A HARDEN-OUT -o lo -j ACCEPT\n'
  printf -- '-A HARDEN-OUT -m conntrack --ctstate ESTABLISHED -j ACCEPT\n'
  if [ "$1" = 4 ]; then
    for forward in "${forwards[@]}"; do
      printf -- '-A HARDEN-OUT -d %s -p tcp --dport %s -m owner --uid-owner %s -j ACCEPT\n' \
        "$host_address" "${forward#* }" "$forward_uid"
    done
  fi
  for range in $never; do printf -- '-A HARDEN-OUT -d %s -j HARDEN-REFUSE\n' "$range"; done
  # The helpers have no business with allowed sites.
  printf -- '-A HARDEN-OUT -m owner --uid-owner %s -j HARDEN-REFUSE\n' "$resolver_uid"
  printf -- '-A HARDEN-OUT -m owner --uid-owner %s -j HARDEN-REFUSE\n' "$forward_uid"
  printf -- '-A HARDEN-OUT -p tcp -m multiport --dports 443,80 -m set --match-set harden%s-web dst -j ACCEPT\n' "$1"
  for port in "${!ports[@]}"; do
    printf -- '-A HARDEN-OUT -p tcp --dport %s -m set --match-set harden%s-%s dst -j ACCEPT\n' "$port" "$1" "$port"
  done
  refuse "$reject"
  printf 'COMMIT\n'
}

step='loading the IPv4 rules'
rules 4 | iptables-restore -w || die 'the kernel refuses the IPv4 rules'
if [ "$ipv6" = yes ]; then
  step='loading the IPv6 rules'
  rules 6 | ip6tables-restore -w || die 'the kernel refuses the IPv6 rules'
fi

# --- 6. proof: what must be closed is closed --------------------------------------------------------------------------

step='checking the rules'
check_family() { # iptables | ip6tables
  local listing
  listing=$("$1" -w -S)
  grep -qx -- '-P OUTPUT DROP' <<<"$listing" && grep -qx -- '-P INPUT DROP' <<<"$listing" \
    && grep -qx -- '-P FORWARD DROP' <<<"$listing" && grep -qx -- '-A OUTPUT -j HARDEN-REFUSE' <<<"$listing"
}
check_family iptables || die 'IPv4 is not closed after the rules were loaded'
[ "$ipv6" = no ] || check_family ip6tables || die 'IPv6 is not closed after the rules were loaded'

# The last step: from here on names are asked of the local resolver. Written in place, because engines bind-mount the file.
step='pointing resolv.conf at the local resolver'
printf '# harden-devcontainer: only the local resolver may be asked; it knows the names in %s/allowlist\nnameserver 127.0.0.1\n' \
  "$config" >"$resolv"

step='done'
say "closed; ${#names[@]} names and ${#forwards[@]} MCP forwards are open"
