#!/bin/bash -p
# Asks the registry about one package that an agent wants to add. Written by harden-devcontainer.
#
#   check-package ECOSYSTEM NAME VERSION|- FOLDER    exit 0: it may be installed; else the reason on standard output
#
# Refused are what the registry does not have, what is younger than the policy wants, what fewer people use than the policy
# wants, and a name that is one letter away from a dependency of the project. Whatever cannot be asked is refused.
set -uf
export PATH=/usr/bin:/bin
for name in $(compgen -e); do [ "$name" = PATH ] || unset -v "$name" 2>/dev/null || :; done
export LC_ALL=C HOME=/nonexistent

config=/etc/harden-devcontainer
library=/usr/local/lib/harden-devcontainer
ecosystem=$1 package=$2 version=$3 folder=$4

no() { printf '%s\n' "$*"; exit 1; }

mapfile -t settings < <(jq -r --arg ecosystem "$ecosystem" '.registries[$ecosystem], .registries.downloads, .minimumAgeDays, .minimumDownloads' "$config/guard.json")
[ "${#settings[@]}" -eq 4 ] || no "the settings of the package check cannot be read"
registry=${settings[0]} downloads=${settings[1]} age=${settings[2]} wanted=${settings[3]}

# A name is part of an address: a slash in it is one letter there.
case "$ecosystem" in
  npm) url=$registry/${package/\//%2f} ;;
  pypi) url=$registry/pypi/$package/json ;;
  crates)
    lower=${package,,}
    case ${#lower} in
      1) url=$registry/1/$lower ;;
      2) url=$registry/2/$lower ;;
      3) url=$registry/3/${lower:0:1}/$lower ;;
      *) url=$registry/${lower:0:2}/${lower:2:2}/$lower ;;
    esac ;;
  gems) url=$registry/api/v1/versions/$package.json ;;
  go)
    # Capitals are written with a mark, because some file systems know none.
    escaped=$(printf '%s' "$package" | sed 's/[A-Z]/!&/g' | tr '[:upper:]' '[:lower:]')
    url=$registry/$escaped/@latest
    [ "$version" = - ] || url=$registry/$escaped/@v/$version.info ;;
  packagist) url=$registry/p2/$package.json ;;
  *) no "packages of $ecosystem cannot be checked" ;;
esac

ask() { # URL
  curl -q --silent --show-error --fail --location --max-redirs 3 --proto '=https,http' --max-time 15 --connect-timeout 5 \
    --max-filesize 67108864 --user-agent harden-devcontainer -- "$1" 2>&1
}
answer=$(ask "$url")
case $? in
  0) ;;
  22)
    case "$answer" in
      *' 404'* | *' 410'*) no "the registry has no package $package${version:+ }${version#-}; its name may be made up" ;;
      *) no "the registry does not tell about $package (${answer:0:100}), so it is refused" ;;
    esac ;;
  *) no "the registry ${registry#*://} cannot be asked about $package (${answer:0:100}), so it is refused; is its host on the allowlist?" ;;
esac

# The project's own dependencies: names of the files that declare them.
own=$(
  case "$ecosystem" in
    npm) files=(package.json) ;;
    pypi) files=(requirements.txt requirements-dev.txt pyproject.toml setup.cfg Pipfile) ;;
    crates) files=(Cargo.toml) ;;
    gems) files=(Gemfile) ;;
    go) files=(go.mod) ;;
    packagist) files=(composer.json) ;;
  esac
  for file in "${files[@]}"; do
    [ ! -f "$folder/$file" ] || head -c 262144 "$folder/$file"
  done 2>/dev/null
)
verdict=$(printf '%s' "$answer" | timeout 10 jq -Rrs --arg ecosystem "$ecosystem" --arg package "$package" --arg version "$version" \
  --arg own "$own" --argjson age "$age" --argjson now "$EPOCHSECONDS" -f "$library/check-package.jq" 2>/dev/null) || verdict=''
[ -n "$verdict" ] || no "what the registry tells about $package is not understood, so it is refused"
[ "$verdict" = ok ] || no "$verdict"

if [ "$wanted" -gt 0 ] && [ "$ecosystem" = npm ]; then
  answer=$(ask "$downloads/downloads/point/last-week/${package/\//%2f}") || no "${downloads#*://} does not tell how often $package is fetched, so it is refused"
  count=$(jq -r '.downloads | numbers' <<<"$answer" 2>/dev/null)
  [[ $count =~ ^[0-9]{1,12}$ ]] || no "how often $package is fetched cannot be read, so it is refused"
  [ "$count" -ge "$wanted" ] || no "$package is fetched $count times a week, and the policy wants $wanted"
fi
exit 0
