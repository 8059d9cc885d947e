#!/bin/bash -p
# Takes one record of a tool call over a connection and adds it to the audit log. Written by harden-devcontainer.
#
#   audit-collect          one line of JSON on standard input, one word on standard output: ok, approved, held, full, bad
#   audit-collect repair   before the service starts: drops a last line that was never whole
#
# Runs as harden-audit, whose folder nobody else can enter: who sends records can add to the log, and do nothing else to it.
# Each line names the hash of the one before; the file `head` keeps the last one's, so that a log that was cut off shows.
set -uf
export PATH=/usr/bin:/bin
for name in $(compgen -e); do [ "$name" = PATH ] || unset -v "$name" 2>/dev/null || :; done
export LC_ALL=C TZ=UTC
umask 077

folder=/var/log/harden-audit
log=$folder/audit.jsonl
head=$folder/head
# Then nothing is let through: an agent that floods the log must not push out what it did before.
# The host reads as much at once.
most=50331648
first=0000000000000000000000000000000000000000000000000000000000000000
# The grant for a push of which nobody could tell the branches: sha256 of "push", a line feed and "*".
any_push=b9b4d056e41c3debecf9ea2ae32c50264a7ff57c7271dfb63e75ddae5bd25650

answer() { printf '%s\n' "$1"; exit 0; }

# Sets previous, sequence and size to what the log was left with.
read_head() {
  previous=$first sequence=0 size=0
  if [ -s "$head" ]; then
    read -r previous sequence size <"$head"
  elif [ -s "$log" ]; then
    return 1
  fi
  [[ $previous =~ ^[0-9a-f]{64}$ && $sequence =~ ^[0-9]{1,15}$ && $size =~ ^[0-9]{1,15}$ ]] || return 1
  # No leading zeroes: they would make the numbers octal.
  sequence=$((10#$sequence)) size=$((10#$size))
}
# In place and always of one length, so that it is there whole or not at all.
write_head() {
  printf '%s %015d %015d\n' "$previous" "$sequence" "$size" 1<>"$head"
}
hash_of() {
  read -r REPLY _ < <(printf '%s' "$1" | sha256sum)
  [[ $REPLY =~ ^[0-9a-f]{64}$ ]]
}

# A helper that was killed may have left a line that nobody was told of: whole, it counts; torn, it goes.
repair() {
  local actual line
  actual=$(stat -c %s "$log") || return 1
  [ "$actual" -ne "$size" ] || return 0
  [ "$actual" -gt "$size" ] || return 1
  line=$(tail -c "+$((size + 1))" "$log" | head -c 200000)
  if [ "$((${#line} + 1))" -eq "$((actual - size))" ] && [[ $line != *$'\n'* && $line == *",\"previous\":\"$previous\"}" ]]; then
    hash_of "$line" || return 1
    previous=$REPLY sequence=$((sequence + 1)) size=$actual
    write_head
  else
    truncate -s "$size" "$log"
  fi
}

exec 9>>"$log" || answer bad
if [ "${1-}" = repair ]; then
  if ! { flock -w 10 9 && read_head && repair; }; then
    echo 'audit-collect: the audit log does not end where it was left; nothing is added to it' >&2
    exit 1
  fi
  mkdir -p "$folder/grants"
  exit 0
fi

IFS= read -r -t 5 -n 140000 line || answer bad
# The members in this order, all of them strings. What is left once every escape is taken out can be read plainly.
rest=${line//\\\\/.}
rest=${rest//\\[\"\/bfnrt]/.}
rest=${rest//\\u[0-9a-fA-F][0-9a-fA-F][0-9a-fA-F][0-9a-fA-F]/.}
case "$rest" in *\\* | *[$'\001'-$'\037']*) answer bad ;; esac
shape='^\{"agent":"([a-z-]{1,32})","tool":"[^"]*","target":"[^"]*","arguments":"[^"]*","verdict":"(allowed|asked|refused|held)","reason":"[^"]*","category":"(push|publish|deploy|migrate|)","branches":"[^"]{0,1000}","request":"([0-9a-f]{64}|)"\}$'
[[ $rest =~ $shape ]] || answer bad
agent=${BASH_REMATCH[1]} verdict=${BASH_REMATCH[2]} category=${BASH_REMATCH[3]} request=${BASH_REMATCH[4]}
case "$line" in
  *[$'\200'-$'\377']*) printf '%s' "$line" | iconv -f UTF-8 -t UTF-8 >/dev/null 2>&1 || answer bad ;;
esac

flock -w 5 9 || answer bad
if ! { read_head && repair; }; then answer bad; fi
[ "$size" -lt "$most" ] || answer full

# A grant is for one call and for some minutes. The guard only looks at the one for a push: the git hook takes it.
is_granted() { # REQUEST
  local until=''
  [ -f "$folder/grants/$1" ] || return 1
  read -r until <"$folder/grants/$1"
  if ! [[ $until =~ ^[0-9]{1,12}$ ]] || [ "$EPOCHSECONDS" -gt "$until" ]; then
    rm -f "$folder/grants/$1"
    return 1
  fi
  if [ "$category" != push ] || [ "$agent" = git ]; then rm -f "$folder/grants/$1" || return 1; fi
}
word=ok
if [ "$verdict" = held ]; then
  word=held
  if [ -n "$request" ] && { is_granted "$request" || { [ "$category" = push ] && is_granted "$any_push"; }; }; then
    word=approved
    # No text can hold this: a quote inside of one has a backslash before it.
    line=${line/'","verdict":"held","reason":"'/'","verdict":"approved","reason":"'}
  fi
fi

printf -v now '%(%Y-%m-%dT%H:%M:%SZ)T' "$EPOCHSECONDS"
line="{\"sequence\":$((sequence + 1)),\"time\":\"$now\",${line:1:${#line}-2},\"previous\":\"$previous\"}"
hash_of "$line" || answer bad
printf '%s\n' "$line" >&9 || answer bad
previous=$REPLY sequence=$((sequence + 1)) size=$((size + ${#line} + 1))
write_head || answer bad
answer "$word"
