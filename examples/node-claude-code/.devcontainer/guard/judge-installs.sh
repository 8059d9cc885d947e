# shellcheck shell=bash
# Variables are shared with the files that read this one.
# shellcheck disable=SC2034,SC2154
# Which packages a command adds by name: fills `packages`. Written by harden-devcontainer.

# Each of `installs` is: ECOSYSTEM PROGRAMS WORD... -- OPTION..., the options being those that a value follows.
judge_installs() { # PROGRAM WORD...
  local program=${1%%[0-9]*} install ecosystem rest valued
  [ "$program" != go ] || program=$1
  shift
  [[ $known_programs == *"|$program|"* ]] || return 0
  for install in "${installs[@]}"; do
    ecosystem=${install%% *} rest=${install#* } valued=''
    is_one_of "${rest%% *}" "$program" || continue
    rest=${rest#* }
    [[ $rest != *'-- '* ]] || valued=${rest#*-- } rest=${rest%%-- *}
    rest=${rest% }
    follow "$rest" "$@" || continue
    add_packages "$ecosystem" "$valued" "${@:behind+1}"
    return
  done
}

add_packages() { # ECOSYSTEM VALUED WORD...
  local ecosystem=$1 valued=" $2 " runs=no
  shift 2
  # npx and its like run one package; what stands behind its name is the package's.
  case "$ecosystem" in *:run) runs=yes ecosystem=${ecosystem%:run} ;; esac
  while [ $# -gt 0 ]; do
    case "$1" in
      --) ;;
      --package=* | --from=*) add_package "$ecosystem" "${1#*=}" ;;
      -p | --package | --from)
        if [ "$runs" = yes ] && [ $# -gt 1 ]; then shift; add_package "$ecosystem" "$1"; fi ;;
      -*) [[ $valued != *" $1 "* ]] || [ $# -eq 1 ] || shift ;;
      *)
        if [ "$runs" = no ] || ! is_installed "$1"; then add_package "$ecosystem" "$1"; fi
        [ "$runs" = no ] || return 0 ;;
    esac
    shift
  done
}

# A program that the project has already is not fetched.
is_installed() { # NAME
  local folder=$here
  [[ $1 =~ ^[A-Za-z0-9_.@/-]+$ && $1 != *..* ]] || return 1
  while [ -n "$folder" ]; do
    [ ! -e "$folder/node_modules/.bin/${1##*/}" ] || return 0
    folder=${folder%/*}
  done
  return 1
}

add_package() { # ECOSYSTEM SPEC
  local ecosystem=$1 spec=$2 name version=''
  case "$spec" in
    *"$unknown"*) refuse 'the name of a package to install is only known to the shell, so it cannot be checked; write it out'; return ;;
    . | .. | ./* | ../* | /* | '~'* | file:* | workspace:* | link:* | *.tgz | *.whl | *.gem)
      [[ $spec == *://* ]] || return 0 ;;
  esac
  case "$ecosystem" in
    npm)
      # alias@npm:name@version
      [[ $spec != ?*@npm:* ]] || spec=${spec#*@npm:}
      name=$spec
      if [[ $spec == ?*@* ]]; then name=${spec%@*} version=${spec##*@}; fi
      [[ $name =~ ^(@[a-zA-Z0-9~._-]+/)?[a-zA-Z0-9~._-]+$ ]] || name='' ;;
    pypi)
      name=${spec%%[][<>=!~;@ ]*}
      if [[ $spec == *==* ]]; then version=${spec##*==} version=${version%%[,; ]*}; fi
      [[ $spec != *@* || $spec == *@[0-9]* && $spec != *:* ]] || name=''
      [[ $spec != ?*@[0-9]* ]] || version=${spec##*@}
      [[ $name =~ ^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$ ]] || name='' ;;
    go)
      name=${spec%@*}
      [ "$name" = "$spec" ] || version=${spec##*@}
      [ "$version" != latest ] || version=''
      name=${name%/...}
      [ "$name" != all ] || return 0
      [[ $name =~ ^[A-Za-z0-9.-]+\.[a-z]+(/[A-Za-z0-9._~-]+)+$ ]] || name='' ;;
    *)
      name=${spec%%[:@]*}
      [ "$name" = "$spec" ] || version=${spec#*[:@]}
      [[ $name =~ ^[A-Za-z0-9][A-Za-z0-9._/-]*$ ]] || name='' ;;
  esac
  if [ -z "$name" ] || ! [[ $version =~ ^[A-Za-z0-9.+~^*_-]*$ ]]; then
    refuse "${spec:0:150} is not a package of the registry by name and version, so it cannot be checked; somebody on the host can add it"
    return
  fi
  packages+=("$ecosystem $name ${version:--}")
  [ "${#packages[@]}" -le 20 ] || refuse 'more than 20 packages at once cannot be checked; install fewer'
}
