#!/bin/bash -p
# Takes new files in /etc/harden-devcontainer without a restart. Written by harden-devcontainer.
#
# Runs as root in the container that holds the firewall. Connections that are there stay; where a step fails, what was in
# force before stays in force, or the network is closed, and the exit code is 1.
set -euo pipefail
export PATH=/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin
# Nothing else of the caller's environment either: XTABLES_LIBDIR alone would make iptables load code.
for name in $(compgen -e); do [ "$name" = PATH ] || unset -v "$name" 2>/dev/null || :; done
services=/run/harden-devcontainer/services

die() { printf 'harden-reload: %s\n' "$*" >&2; exit 1; }
[ -e /run/harden-devcontainer/ready ] || die 'the firewall is not up yet'

# Each forward is a process that PID 1 supervises, and needs an address that only the engine gives.
while read -r name port _; do
  case "$name" in '' | '#'*) continue ;; esac
  grep -q "TCP4-LISTEN:$port," "$services/forward-$name/run" 2>/dev/null \
    || die "the MCP forward $name is new; rebuild the container to have it"
done </etc/harden-devcontainer/forwards

/usr/local/sbin/init-firewall.sh

# The proxy's master starts a new worker with the new lists; the old one ends with its last connection.
master=$(s6-svstat -o pid "$services/proxy")
newest() { pgrep -n -P "$master" || true; }
before=$(newest)
s6-svc -2 "$services/proxy"
taken=no
for _ in $(seq 100); do
  case "$(newest)" in '' | "$before") sleep 0.05 ;; *) taken=yes; break ;; esac
done
[ "$taken" = yes ] || die 'the proxy did not take the new names; the old ones are in force'

s6-svc -wr -T 10000 -r "$services/resolver" || die 'the resolver did not start again; no name resolves until it does'
for _ in $(seq 100); do
  if [[ $(</proc/net/tcp) == *': 0100007F:0035 00000000:0000 0A '* ]]; then
    echo 'harden-reload: the new allowlist is in force'
    exit 0
  fi
  sleep 0.05
done
die 'the resolver does not listen; no name resolves until it does'
