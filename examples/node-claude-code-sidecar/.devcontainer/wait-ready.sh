#!/bin/bash -p
# Waits until the firewall is in force and its helpers listen. Written by harden-devcontainer.
# The dev container tool runs it first: where it fails, no later command runs and no editor is attached.
#
# init-firewall.sh writes /etc/resolv.conf last, when its rules are proven, and names there what must listen. That file and
# the kernel's table of listeners are the same in every container that shares the network.
set -eu
about=''
listening() { # PORTS
  local port table
  table=$(</proc/net/tcp)
  for port in $1; do
    printf -v port '0100007F:%04X' "$port"
    [[ $table == *": $port 00000000:0000 0A "* ]] || return 1
  done
}
for _ in $(seq 300); do
  while read -r line; do
    [[ $line != '# harden-devcontainer mode='* ]] || about=${line#*mode=}
  done </etc/resolv.conf
  if [ -n "$about" ] && listening "${about#* ports=}"; then
    if [ "${about%% *}" = observe ]; then
      echo 'OBSERVE: this dev container lets every name and port out and logs it; run no agent here' >&2
    fi
    exit 0
  fi
  sleep 0.1
done
if [ -e /etc/harden-devcontainer/may-be-open ]; then
  echo 'NO FIREWALL: nothing limits where this dev container can send; the policy accepts that' >&2
  exit 0
fi
echo 'harden-ready: the firewall did not come up within 30 s, so nothing is allowed out; the log of its container says why. Where a gateway was restarted alone, stop the dev container and start it again' >&2
exit 1
