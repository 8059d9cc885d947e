#!/bin/bash -p
# What only the host does with the audit log's folder; runs as harden-audit. Written by harden-devcontainer.
#
#   audit-grant grant REQUEST UNTIL   one call with this request may go on until then (seconds since 1970)
#   audit-grant rotate HASH           empties the log, where its last line still has this hash; the chain goes on
set -uf
export PATH=/usr/bin:/bin LC_ALL=C
umask 077
folder=/var/log/harden-audit

case "${1-}" in
  grant)
    [[ ${2-} =~ ^[0-9a-f]{64}$ && ${3-} =~ ^[0-9]{10,12}$ ]] || { echo 'audit-grant: that is no request' >&2; exit 2; }
    mkdir -p "$folder/grants" && printf '%s\n' "$3" >"$folder/grants/.$2" && mv "$folder/grants/.$2" "$folder/grants/$2" ;;
  rotate)
    exec 9>>"$folder/audit.jsonl"
    flock -w 10 9 || exit 1
    read -r previous sequence _ <"$folder/head"
    [ "$previous" = "${2-}" ] || { echo 'audit-grant: there are new records; try again' >&2; exit 1; }
    printf '%s %s\n' "$previous" "$sequence" >"$folder/start"
    truncate -s 0 "$folder/audit.jsonl" && printf '%s %s %015d\n' "$previous" "$sequence" 0 1<>"$folder/head" ;;
  *) exit 2 ;;
esac
