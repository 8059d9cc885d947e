#!/bin/bash -p
# Whether a push may go on: git's lines for pre-push on standard input. Written by harden-devcontainer.
#
#   git-push REMOTE URL    exit 0: it may; else the reason on standard error
# What is set here is for the two files that are read below.
# shellcheck disable=SC2034
set -uf
export PATH=/usr/bin:/bin LC_ALL=C HOME=/nonexistent
config=/etc/harden-devcontainer
library=/usr/local/lib/harden-devcontainer
agent=git
block() { printf 'harden-git: %s\n' "${1#harden-guard: }" >&2; exit 1; }
allow() { exit 0; }
plain() { REPLY=${1//[^ -~]/?}; REPLY=${REPLY//[\"\\]/\'}; REPLY=${REPLY:0:600}; }
for part in record.sh judge.sh; do
  # shellcheck source=/dev/null
  . "$library/$part" || block 'a part of the guard is missing, so nothing is pushed'
done
declare -F hold add_target >/dev/null || block 'a part of the guard is not whole, so nothing is pushed'

mapfile -t protected < <(jq -r 'if .approve | index("push") then "read", .protectedBranches[] else "read" end' "$config/guard.json")
[ "${protected[0]-}" = read ] || block 'the settings of the guard cannot be read, so nothing is pushed'
protected=("${protected[@]:1}")
approve=(push) here='' elsewhere=no targets=''

while read -r _ _ to _; do
  [ -n "$to" ] || continue
  case "$to" in refs/heads/*) push_target ":$to" ;; esac
done
[ -n "$targets" ] || exit 0

# A login in the address is nobody's business.
url=${2-}
[[ $url != *://*@* ]] || url=${url%%://*}://${url#*@}
push_branches=$targets
target="git push ${1-} ($url) to $push_branches"
plain "$target"
tool_json='"push"' target_json="\"$REPLY\"" arguments_json="\"$REPLY\"" target=$REPLY
hold push "git push to $push_branches"
