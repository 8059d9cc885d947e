#!/bin/bash -p
# Decides about one tool call of an agent: the guard that its hooks call. Written by harden-devcontainer.
#
#   guard AGENT    the agent's own JSON on standard input, the decision in the agent's own form
#
# It fails closed: whatever is not understood, too long or too slow is blocked, and so is everything while the collector of
# the audit trail does not answer. What it is given is data: no part of it is run, expanded or taken for a pattern.
#
# A reader of command lines is a rail, not a wall: who writes a program that pushes is not stopped here. What holds then is
# the firewall, and that no login is in the container.
# Variables are shared with the files that are read below.
# shellcheck disable=SC2034,SC2154
set -uf
export PATH=/usr/bin:/bin
# Nothing of the caller's environment: jq and curl read files below HOME, and a variable may load code.
for name in $(compgen -e); do [ "$name" = PATH ] || unset -v "$name" 2>/dev/null || :; done
export LC_ALL=C HOME=/nonexistent
IFS=$' \t\n'
# A tool call is not worth more than this; what asks for more is killed, and blocked below.
ulimit -c 0 -v 2000000 2>/dev/null
ulimit -S -t 12 2>/dev/null

config=/etc/harden-devcontainer
library=/usr/local/lib/harden-devcontainer
agent=${1-}

# --- answers ---------------------------------------------------------------------------------------------------------

answered=no
# Text for a person, safe in JSON and on a terminal whatever it was made of.
plain() { REPLY=${1//[^ -~]/?}; REPLY=${REPLY//[\"\\]/\'}; REPLY=${REPLY:0:600}; }

block() { # REASON
  answered=yes
  plain "$1"
  case "$agent" in
    copilot-cli) printf '{"permissionDecision":"deny","permissionDecisionReason":"%s"}\n' "$REPLY"; exit 0 ;;
    cursor) printf '{"permission":"deny","user_message":"%s","agent_message":"%s"}\n' "$REPLY" "$REPLY"; exit 0 ;;
    cline) printf '{"cancel":true,"errorMessage":"%s"}\n' "$REPLY"; exit 0 ;;
    opencode) printf '{"decision":"deny","reason":"%s"}\n' "$REPLY"; exit 2 ;;
    # Exit 2 with a reason on stderr: Claude Code, Codex, Gemini CLI; any other code would let the call through.
    *) printf '%s\n' "$REPLY" >&2; exit 2 ;;
  esac
}

ask() { # REASON
  answered=yes
  plain "$1"
  case "$agent" in
    claude-code) printf '{"hookSpecificOutput":{"hookEventName":"PreToolUse","permissionDecision":"ask","permissionDecisionReason":"%s"}}\n' "$REPLY" ;;
    copilot-cli) printf '{"permissionDecision":"ask","permissionDecisionReason":"%s"}\n' "$REPLY" ;;
    cursor) printf '{"permission":"ask","user_message":"%s","agent_message":"%s"}\n' "$REPLY" "$REPLY" ;;
    *) block "$1" ;;
  esac
  exit 0
}

# No opinion: the agent's own permission rules go on from here.
allow() {
  answered=yes
  case "$agent" in
    gemini-cli | copilot-cli | cursor) printf '{}\n' ;;
    opencode) printf '{"decision":"allow"}\n' ;;
    cline) printf '{"cancel":false}\n' ;;
  esac
  exit 0
}

# Called by the trap below.
# shellcheck disable=SC2317
unanswered() {
  [ "$answered" = yes ] || block 'harden-guard: the guard could not judge this call, so it is blocked'
}
trap unanswered EXIT
trap 'exit 2' HUP INT TERM PIPE
trap "block 'harden-guard: the call takes too long to be judged, so it is blocked'" XCPU

case "$agent" in
  claude-code | codex | gemini-cli | copilot-cli | cursor | opencode | cline) ;;
  *) block 'harden-guard: an agent that it does not know called it, so the call is blocked' ;;
esac
for part in record.sh judge.sh packages.sh; do
  # shellcheck source=/dev/null
  . "$library/$part" || block 'harden-guard: a part of the guard is missing, so the call is blocked'
done
# A part that is there but cut off must not judge.
declare -F hold judge_tool judge_push add_package end_command read_body check_packages >/dev/null \
  || block 'harden-guard: a part of the guard is not whole, so the call is blocked'

# --- input -----------------------------------------------------------------------------------------------------------

here=$(pwd -P 2>/dev/null) || here=''
mapfile -d '' -t fields < <(
  timeout 5 head -c 1048577 \
    | timeout 8 jq -Rsj --arg agent "$agent" --arg here "$here" --slurpfile config "$config/guard.json" -f "$library/guard.jq" 2>&1
)
if [ "${fields[0]-}" != fields ] || [ "${fields[-1]-}" != end ]; then
  why=${fields[0]-}
  block "harden-guard: the tool call cannot be read (${why:-no input}), so it is blocked"
fi
tool_json=${fields[1]} target_json=${fields[2]} target=${fields[3]} arguments_json=${fields[4]} arguments=${fields[5]}
tool=${fields[6]} can_ask=${fields[7]} place=${fields[8]}
next=9
# The list at the next place: `NAME COUNT`, then as many fields. Sets LIST.
LIST=()
take_list() { # NAME
  local count=${fields[next]#"$1 "}
  [[ $count =~ ^[0-9]{1,6}$ ]] || block 'harden-guard: its own configuration cannot be read, so the call is blocked'
  LIST=("${fields[@]:next + 1:count}")
  next=$((next + 1 + count))
}
take_list commands; commands=("${LIST[@]}")
take_vectors() { # judges ["bash", "-lc", …] as the words that they are
  local left=${fields[next]#vectors } count
  next=$((next + 1))
  while [ "$left" -gt 0 ]; do
    count=${fields[next]}
    whole="${fields[*]:next + 1:count}" loosened=no
    judge_words 0 "${fields[@]:next + 1:count}"
    next=$((next + 1 + count)) left=$((left - 1))
  done
}
skip_vectors() {
  local left=${fields[next]#vectors }
  next=$((next + 1))
  while [ "$left" -gt 0 ]; do next=$((next + 1 + fields[next])) left=$((left - 1)); done
}
at_vectors=$next
skip_vectors
take_list paths; paths=("${LIST[@]}")
take_list approve; approve=("${LIST[@]}")
take_list protectedBranches; protected=("${LIST[@]}")
take_list commands; patterns=("${LIST[@]}")
take_list tools; tool_patterns=("${LIST[@]}")
take_list wrappers; wrappers=("${LIST[@]}")
take_list code; code_programs=("${LIST[@]}")
take_list verbs; verbs=("${LIST[@]}")
take_list secrets; secrets=("${LIST[@]}")
take_list open; open_files=("${LIST[@]}")
take_list installs; installs=("${LIST[@]}")

# --- judgement -------------------------------------------------------------------------------------------------------

read_patterns
read_branch
judge_tool
for path in "${paths[@]}"; do judge_path "$path"; done
next=$at_vectors
take_vectors
for command in "${commands[@]}"; do judge_text 0 "$command"; done

if [ -n "$refused" ]; then
  record refused "$refused"
  block "harden-guard: $refused"
fi
check_packages
if [ -n "$needs" ]; then
  # A push needs the grant that the git hook takes; all else can be decided in the agent's own prompt, where it has one.
  if [ "$can_ask" = ask ] && [ "$needs" != push ]; then
    category=$needs
    record asked "$because"
    ask "harden-guard: $because; a person decides about this"
  fi
  hold "$needs" "$because"
fi
record allowed ''
allow
