# shellcheck shell=bash
# Variables are shared with the files that read this one.
# shellcheck disable=SC2034,SC2154
# What a git command does to protected branches, and to the hook that guards them. Written by harden-devcontainer.

switch_off() { # WHAT
  [ "${#protected[@]}" -eq 0 ] || ! is_listed push "${approve[@]}" || refuse "${1:0:80} could switch the git hook off that guards protected branches"
}

judge_git() { # WORD... behind git
  local lower word elsewhere=no
  for word in "$@"; do
    lower=${word,,}
    case "$lower" in
      *core.hookspath* | include.path* | includeif.*) is_reading "$@" || switch_off "$lower" ;;
    esac
  done
  while [ $# -gt 0 ]; do
    case "$1" in
      -c | --config-env)
        case "${2,,}" in alias.*) need_push 'a git alias that is set on the command line can be a push' '*' ;; esac
        shift ;;
      --config-env=*) ;;
      -C | --git-dir | --work-tree) elsewhere=yes; shift ;;
      --namespace | --exec-path | --attr-source | --super-prefix) shift ;;
      --git-dir=* | --work-tree=*) elsewhere=yes ;;
      -*) ;;
      *) break ;;
    esac
    [ $# -eq 0 ] || shift
  done
  [ $# -gt 0 ] || return 0
  case "$1" in
    push) shift; judge_push "$elsewhere" "$@" ;;
    # Plumbing that sends without the hook, and ways to another system.
    send-pack | http-push | remote-http* | remote-ftp* | receive-pack) need_push "git $1 sends without the git hook" '*' ;;
    subtree | svn | p4 | lfs)
      if is_listed push "$@" || is_listed dcommit "$@" || is_listed submit "$@"; then need_push "git $1 sends to a repository" '*'; fi ;;
    *"$unknown"*) need_push 'git with a subcommand that only the shell knows can be a push' '*' ;;
  esac
}

# git config --get and its like only show.
is_reading() {
  local word
  for word in "$@"; do
    case "$word" in --get | --get-all | --list | -l | get | list | --show-origin) return 0 ;; esac
  done
  return 1
}

need_push() { # REASON BRANCHES
  [ "${#protected[@]}" -gt 0 ] || return 0
  # Several pushes in one command: a grant has to cover all of them.
  if [ -n "$push_branches" ] && [ "$push_branches" != "$2" ]; then push_branches='*'; else push_branches=$2; fi
  need push "$1"
}

judge_push() { # yes|no WORD...
  local elsewhere=$1 positional=() every=no targets='' spec deletes=no
  shift
  while [ $# -gt 0 ]; do
    case "$1" in
      --no-veri*) switch_off 'git push --no-verify' ;;
      --al* | --m* | --br*) every=yes ;;
      --repo | --push-option | -o | --receive-pack | --exec) [ $# -eq 1 ] || shift ;;
      -d | --d*) deletes=yes ;;
      *"$unknown"*) every=yes ;;
      -*) ;;
      *) positional+=("$1") ;;
    esac
    shift
  done
  if [ "$every" = yes ]; then need_push 'git push of what cannot be told beforehand, or of every branch' '*'; return; fi
  if [ "${#positional[@]}" -lt 2 ]; then push_target HEAD; else
    for spec in "${positional[@]:1}"; do
      [ "$deletes" = no ] || spec=":$spec"
      push_target "$spec"
    done
  fi
  [ -z "$targets" ] || need_push "git push to ${targets//'*'/a branch that cannot be told beforehand}" "$targets"
}

# Adds the protected branch that a refspec goes to; `*` where that is not known.
push_target() { # REFSPEC
  local name=${1#+} one
  [[ $name != *:* ]] || name=${name##*:}
  if [ "$name" = HEAD ] || [ "$name" = @ ]; then
    # What is checked out here, where the command stays here.
    name=$branch
    if [ "$elsewhere" = yes ] || [ "$moves" = yes ]; then name=''; fi
  fi
  name=${name#refs/} name=${name#heads/}
  case "$name" in
    tags/* | tag) return ;;
    '' | *[!A-Za-z0-9._/+@-]*) add_target '*'; return ;;
  esac
  for one in "${protected[@]}"; do
    # Some file systems and forges do not tell Main from main.
    if fits "${one,,}" "${name,,}"; then add_target "$name"; return; fi
  done
}
add_target() {
  case " $targets " in *" $1 "*) return ;; esac
  targets="${targets:+$targets }$1"
}
