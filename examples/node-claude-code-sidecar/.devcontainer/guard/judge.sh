# shellcheck shell=bash
# Variables are shared with the files that read this one.
# shellcheck disable=SC2034,SC2154
# What the guard thinks of a tool call: sets `refused`, or `needs` and `because`, and fills `packages`. Written by harden-devcontainer.
# The lists are those of guard.json. Every comparison is with quoted text, so that no word is taken for a pattern.

# shellcheck source=/dev/null
. "$library/read-shell.sh" || exit 2
# shellcheck source=/dev/null
. "$library/judge-git.sh" || exit 2
# shellcheck source=/dev/null
. "$library/judge-installs.sh" || exit 2

refused=''
needs='' because=''
push_branches='' # those that a push goes to, joined by blanks; * where that is not known
packages=()      # ECOSYSTEM SPEC
judged=0
whole='' loosened=no # the text of the command, and whether it was searched for mentions
branch=''
moves=no # the command goes to another folder, so what is checked out here says nothing

refuse() { [ -n "$refused" ] || refused=$1; }
need() { # CATEGORY REASON
  local one
  for one in "${approve[@]}"; do
    if [ "$one" = "$1" ]; then
      # Pushes come last: they need a grant, whatever else is asked.
      if [ -z "$needs" ] || [ "$1" = push ]; then needs=$1 because=$2; fi
      return
    fi
  done
}
is_listed() { # WORD LIST...
  local word=$1 one
  shift
  for one in "$@"; do [ "$one" != "$word" ] || return 0; done
  return 1
}
# Whether one of `a|b|c` is the word.
is_one_of() { [[ "|$1|" == *"|$2|"* ]]; }
# Whether `*` in the pattern can stand for what is in the text; nothing else in it has a meaning.
fits() { # PATTERN TEXT
  local rest=$1 text=$2 piece first=yes
  while [[ $rest == *'*'* ]]; do
    piece=${rest%%'*'*} rest=${rest#*'*'}
    if [ "$first" = yes ]; then
      [[ $text == "$piece"* ]] || return 1
      text=${text#"$piece"} first=no
    else
      [[ $text == *"$piece"* ]] || return 1
      text=${text#*"$piece"}
    fi
  done
  if [ "$first" = yes ]; then [ "$text" = "$rest" ]; else [[ $text == *"$rest" ]]; fi
}

# The branch that is checked out here, from git's own file: git itself would obey the repository's configuration.
read_branch() {
  local folder=$here line=''
  while [ -n "$folder" ]; do
    if [ -e "$folder/.git" ]; then
      [ ! -f "$folder/.git/HEAD" ] || { read -r -n 400 line <"$folder/.git/HEAD"; } 2>/dev/null
      break
    fi
    folder=${folder%/*}
  done
  [[ $line != 'ref: refs/heads/'* ]] || branch=${line#ref: refs/heads/}
  [ "$place" = here ] || branch=''
}

# --- tools, paths, text ------------------------------------------------------------------------------------------------

judge_tool() {
  local pattern category names name
  for pattern in "${tool_patterns[@]}"; do
    category=${pattern%% *} names=${pattern#* }
    for name in $names; do
      if [[ $tool == mcp_* ]] && fits "$name" "${tool,,}"; then
        [ "$category" != push ] || push_branches='*'
        need "$category" "the tool ${tool:0:100} is listed under $category"
      fi
    done
  done
}

is_secret() { # PATH
  local path=${1,,} base one
  base=${path##*/}
  for one in "${open_files[@]}"; do
    if [[ $one == */* ]]; then fits "$one" "$path" && return 1; else fits "$one" "$base" && return 1; fi
  done
  for one in "${secrets[@]}"; do
    if [[ $one == */* ]]; then fits "$one" "$path" && return 0; else fits "$one" "$base" && return 0; fi
  done
  return 1
}

# Tools that only write, or only name files, may.
judge_path() { # PATH
  local resolved
  case "${tool,,}" in write | create | write_file | write_to_file | delete | ls | list* | glob) return ;; esac
  if is_secret "$1"; then refuse "${1:0:200} is a file with secrets, which agents do not read"; return; fi
  # A link to one is one.
  if [ -L "$1" ]; then
    resolved=$(timeout 1 readlink -f -- "$1") || return
    ! is_secret "$resolved" || refuse "${1:0:200} is a link to a file with secrets"
  fi
}

judge_text() { # DEPTH TEXT
  if [ "$1" -gt 6 ]; then refuse 'the command nests shells too deeply to be read'; return; fi
  if [ "$1" -eq 0 ]; then whole=$2 loosened=no; fi
  read_shell "$1" "$2" || { refuse 'the command cannot be read to its end: a quote or bracket is open, or it is longer than 32 KiB'; return; }
}

# --- commands ----------------------------------------------------------------------------------------------------------

judge_words() { # DEPTH WORD...
  local depth=$1 program
  shift
  judged=$((judged + 1))
  if [ "$judged" -gt 2000 ] || [ $# -gt 2000 ]; then refuse 'the command is too long to be judged'; return; fi
  # What is not the program's: assignments, and the words that begin a part of a compound command.
  while [ $# -gt 0 ]; do
    case "$1" in
      '{' | '}' | '!' | 'if' | 'then' | 'else' | 'elif' | 'do' | 'while' | 'until' | 'time' | 'coproc' | 'fi' | 'done' | 'esac') shift ;;
      [A-Za-z_]*=*)
        [[ ${1%%=*} =~ ^[A-Za-z_][A-Za-z0-9_]*\+?$ ]] || break
        judge_assignment "$depth" "$1"
        shift ;;
      *) break ;;
    esac
  done
  [ $# -gt 0 ] || return 0
  program=${1##*/}
  judge_command "$@"
  if is_listed "$program" "${wrappers[@]}"; then judge_wrapped "$depth" "$@"; fi
  if [[ $program == *"$unknown"* ]]; then judge_unknown "$@"; fi
}

judge_assignment() { # DEPTH NAME=VALUE
  case "${2%%=*}" in
    GIT_CONFIG*) switch_off "${2%%=*}" ;;
    GIT_DIR | GIT_WORK_TREE) moves=yes ;;
  esac
  # Somebody may keep a command in a variable: x='git push'; $x
  [[ $2 != *=*[[:space:]]* ]] || judge_text $(($1 + 1)) "${2#*=}"
}

# A program that runs what stands behind it: every word may be where that begins, and every text is a script.
judge_wrapped() { # DEPTH WORD...
  local depth=$1 program=${2##*/} more=()
  shift 2
  case "$program" in
    # What they add comes from elsewhere.
    xargs | parallel) more=("$unknown") ;;
    # They put their words together, and run that.
    eval | watch | ssh) judge_text $((depth + 1)) "$*" ;;
  esac
  if [ $# -gt 80 ]; then refuse 'the command is too long behind a program that runs another'; return; fi
  while [ $# -gt 0 ]; do
    case "$1" in
      GIT_CONFIG*) switch_off "$1" ;;
      *[[:space:]\;\&\|]*)
        # -S'…', --command=…: what stands before the text is an option's.
        judge_text $((depth + 1)) "$1"
        [[ $1 != -*=* ]] || judge_text $((depth + 1)) "${1#*=}"
        [[ $1 != -[A-Za-z]* ]] || judge_text $((depth + 1)) "${1:2}"
        [[ $1 != [A-Za-z_]*=* ]] || judge_text $((depth + 1)) "${1#*=}" ;;
      -*) ;;
      *) judge_command "$@" "${more[@]}" ;;
    esac
    shift
  done
}

# One program with its arguments, wherever it was found.
judge_command() { # WORD...
  local program=${1##*/} words
  program=${program%.exe}
  case "$program" in
    cd | pushd | popd) moves=yes ;;
    git) shift; judge_git "$@"; set -- git "$@" ;;
  esac
  judge_secrets "$program" "${@:2}"
  judge_patterns "$program" "${@:2}"
  judge_installs "$program" "${@:2}"
  if is_listed "${program%%[0-9.]*}" "${code_programs[@]}" && takes_code "$@"; then judge_loose; fi
}

# An unknown program with a word that asks for something: better asked once too often.
judge_unknown() { # WORD...
  local word verb
  for word in "$@"; do
    for verb in "${verbs[@]}"; do
      if [ "$word" = "$verb" ] || [[ $1 == *"$verb"* ]]; then
        push_branches='*'
        need publish "a program that cannot be known is asked to $verb"
        need push "a program that cannot be known is asked to $verb"
      fi
    done
  done
}

# Whether an interpreter is given code on its command line or reads it from its input. A shell's -c is read as a shell does.
takes_code() { # WORD...
  local word
  shift
  [ $# -gt 0 ] || return 0
  for word in "$@"; do
    case "$word" in
      - | /dev/stdin | /dev/fd/* | /proc/*) return 0 ;;
      -[A-Za-z]*[ceErpsx]* | -[ceErpsx]* | --eval* | --print* | --command*) return 0 ;;
      -*) ;;
      *[[:space:]]*) return 0 ;;
      *) return 1 ;;
    esac
  done
  return 0
}

# Nothing of such code is parsed: any program of the lists that it mentions counts with the words behind it.
judge_loose() {
  local words=() index word
  [ "$loosened" = no ] || return 0
  loosened=yes
  read -r -d '' -a words <<<"${whole//[^A-Za-z0-9_.:\/@+*=-]/ }"
  for index in "${!words[@]}"; do
    word=${words[index]##*/}
    # Taking a part of a long list is slow, so only what is known is looked at.
    [[ $word == git || $known_programs == *"|$word|"* ]] || continue
    if [ "$word" = git ] && is_listed push "${words[@]:index+1:12}"; then
      push_branches='*'
      need push 'code that is run mentions a push'
    fi
    judge_patterns "$word" "${words[@]:index+1:10}"
  done
}

# Sets known_programs: what any pattern begins with.
known_programs='|'
read_patterns() {
  local one
  for one in "${patterns[@]}" "${installs[@]}"; do
    one=${one#* }
    known_programs+="${one%% *}|"
  done
}

# Whether the wanted words come one after the other; `a|b` is either. Sets `behind` to the number of words up to the last.
behind=0
follow() { # WANTED WORD...
  local wanted=$1 first=yes names=0 one
  behind=0
  shift
  [ "$wanted" != - ] || return 0
  while [ $# -gt 0 ] && [ -n "$wanted" ]; do
    # What stands behind `run NAME --` is that script's.
    if [ "$1" = -- ] && [ "$names" -gt 1 ]; then return 1; fi
    one=${wanted%% *}
    behind=$((behind + 1))
    # --push=true is --push. A subcommand that only the shell knows may be any.
    if is_one_of "$one" "${1%%=*}" || { [ "$first" = yes ] && [[ $1 == *"$unknown"* ]]; }; then
      [[ $wanted == *' '* ]] && wanted=${wanted#* } || wanted=''
    fi
    [[ $1 == -* ]] || first=no names=$((names + 1))
    shift
  done
  [ -z "$wanted" ]
}

judge_patterns() { # PROGRAM WORD...
  local program=$1 pattern category rest
  shift
  [[ $known_programs == *"|$program|"* ]] || return 0
  for pattern in "${patterns[@]}"; do
    category=${pattern%% *} rest=${pattern#* }
    is_one_of "${rest%% *}" "$program" || continue
    follow "${rest#* }" "$@" || continue
    [ "$category" != push ] || push_branches='*'
    need "$category" "$program ${*:1:4} asks to $category"
  done
}

# Programs that read what they are given the name of. Pattern of a search, and target of a copy, are no files that are read.
judge_secrets() { # PROGRAM WORD...
  local program=$1 word
  shift
  case "$program" in
    echo | printf | touch | ls | rm | mkdir | rmdir | test | '[' | '[[' | stat | chmod | find | export | unset | basename | dirname) return 0 ;;
    grep | egrep | fgrep | rg | ag | sed)
      while [[ ${1-} == -* ]]; do shift; done
      [ $# -eq 0 ] || shift ;;
    cp | mv | install) [ $# -eq 0 ] || set -- "${@:1:$#-1}" ;;
  esac
  for word in "$@"; do
    case "$word" in *[[:space:]]* | -*) continue ;; esac
    if is_secret "$word" || is_secret "${word//$unknown/}"; then
      refuse "${word:0:200} is a file with secrets, which agents do not read"
    fi
  done
}
