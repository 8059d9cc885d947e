# shellcheck shell=bash
# Variables are shared with the files that read this one.
# shellcheck disable=SC2034,SC2154
# What the guard and the git hook tell the audit collector. Written by harden-devcontainer.

collector_port=15090
collector_uid=59904
printf -v collector_listens ':%04X 0A' "$collector_port"

# Whoever listens there must be the collector: while it is away, anybody could take its port.
collector_is_there() {
  local line local_address state uid found=no
  while read -r _ local_address _ state _ _ _ uid _; do
    case "$local_address $state" in *"$collector_listens") ;; *) continue ;; esac
    [ "$local_address $uid" = "0100007F${collector_listens% *} $collector_uid" ] || return 1
    found=yes
  done </proc/net/tcp
  # A listener of the other family on the same port would be somebody else's.
  if [ -r /proc/net/tcp6 ]; then
    while read -r _ local_address _ state _; do
      case "$local_address $state" in *"$collector_listens") return 1 ;; esac
    done </proc/net/tcp6
  fi
  [ "$found" = yes ]
}

# Sends one record and sets REPLY to the answer: ok, approved, held, full; empty where there is none. The connection has a
# time limit of its own, because a full queue would let it wait for minutes.
tell() { # LINE
  REPLY=''
  collector_is_there || return 1
  REPLY=$(printf '%s\n' "$1" | timeout -k 1 8 /bin/bash -p -c "exec 3<>/dev/tcp/127.0.0.1/$collector_port && cat >&3 && IFS= read -r -t 7 answer <&3 && printf '%s' \"\$answer\"" 2>/dev/null)
  collector_is_there || REPLY=''
}

quoted_arguments() {
  local sum
  if [ "$arguments_json" = hash ]; then
    read -r sum _ < <(printf '%s' "$arguments" | sha256sum)
    [[ $sum =~ ^[0-9a-f]{64}$ ]] || block 'harden-guard: the call cannot be hashed, so it is blocked'
    arguments_json="\"sha256:$sum\""
  fi
}

# Of a call that a person has to approve: what it is about, and the name of its grant.
category='' branches='' request=''

# One record, before the answer is given: without it nothing is let through.
record() { # VERDICT REASON
  local line
  quoted_arguments
  plain "$2"
  line="{\"agent\":\"$agent\",\"tool\":$tool_json,\"target\":$target_json,\"arguments\":$arguments_json,\"verdict\":\"$1\",\"reason\":\"$REPLY\",\"category\":\"$category\",\"branches\":\"$branches\",\"request\":\"$request\"}"
  tell "$line"
  case "$REPLY" in
    ok | approved | held) ;;
    full) block 'harden-guard: the audit log is full, so nothing is let through; on the host: harden-devcontainer audit --rotate FILE' ;;
    *) block 'harden-guard: the audit collector does not answer, so nothing is let through; it is started again by itself, else restart the container' ;;
  esac
}

# Somebody on the host has to approve: once, and for a few minutes.
hold() { # CATEGORY REASON
  local about=$target
  category=$1
  if [ "$1" = push ]; then
    # The order in which branches are named is not part of what is asked.
    [[ $push_branches != *' '* ]] || push_branches=$(tr ' ' '\n' <<<"$push_branches" | sort -u | tr '\n' ' ')
    about=${push_branches% }
    branches=$about
  fi
  [ "${#about}" -le 4000 ] || { record refused 'too long to be approved'; block "harden-guard: $2, and the command is too long to be approved; make it shorter"; }
  read -r request _ < <(printf '%s\n%s' "$1" "$about" | sha256sum)
  record held "$2"
  [ "$REPLY" != approved ] || allow
  block "harden-guard: $2, which a person has to approve: on the host, harden-devcontainer approve; then try again"
}
