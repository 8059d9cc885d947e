#!/bin/bash -p
# Every git hook of the container: runs the project's own, and before a push asks whether it may. Written by harden-devcontainer.
#
# git finds it by core.hooksPath in /etc/gitconfig and in the environment, under the name of each hook. A push to a protected
# branch needs somebody's approval on the host; `git push --no-verify`, and whoever sets another hooksPath, passes by here.
set -uf
name=${0##*/}
library=/usr/local/lib/harden-devcontainer
own=$library/git-hooks

# The project's own hook. Where no configuration names another folder no git is asked: some hooks run at every step.
find_hook() {
  local git=${GIT_DIR:-.git} common file text path=''
  common=$git
  if [ -f "$git/commondir" ]; then
    read -r common <"$git/commondir"
    [[ $common == /* ]] || common=$git/$common
  fi
  for file in "$common/config" "$git/config.worktree" "${HOME:-/nonexistent}/.gitconfig" "${XDG_CONFIG_HOME:-${HOME:-/nonexistent}/.config}/git/config"; do
    [ -f "$file" ] || continue
    text=$(<"$file")
    [[ ${text,,} == *hookspath* || ${text,,} == *include* ]] || continue
    path=$(git config --worktree --type=path --get core.hooksPath 2>/dev/null || git config --local --type=path --get core.hooksPath 2>/dev/null \
      || git config --global --type=path --get core.hooksPath 2>/dev/null)
    break
  done
  REPLY=${path:-$common/hooks}/$name
  [ "${REPLY%/*}" != "$own" ] && [ -f "$REPLY" ] && [ -x "$REPLY" ]
}
if [ "$name" != pre-push ]; then
  find_hook || exit 0
  exec "$REPLY" "$@"
fi

refs=$(head -c 1048577)
refuse() { printf 'harden-git: %s\n' "$1" >&2; exit 1; }
[ "${#refs}" -le 1048576 ] || refuse 'too many branches at once'
# In a process of its own, which nothing of this environment reaches.
printf '%s\n' "$refs" | env -i "$library/git-push" "${1-}" "${2-}" || exit 1

find_hook || exit 0
# The project's own hook reads the same lines.
if [ -n "$refs" ]; then printf '%s\n' "$refs" | "$REPLY" "$@"; else "$REPLY" "$@" </dev/null; fi
