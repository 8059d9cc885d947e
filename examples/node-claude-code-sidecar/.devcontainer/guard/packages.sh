# shellcheck shell=bash
# Variables are shared with the files that read this one.
# shellcheck disable=SC2034,SC2154
# Checks what a command wants to install, before the guard lets it through. Written by harden-devcontainer.

# Each check ends by itself; all of them together get the time that is left before an agent gives up its hook.
check_packages() {
  local package ecosystem name version reason
  SECONDS=0
  for package in "${packages[@]}"; do
    read -r ecosystem name version <<<"$package"
    if [ "$SECONDS" -gt 12 ]; then reason="checking ${#packages[@]} packages takes too long; install fewer at once"
    elif reason=$("$library/check-package" "$ecosystem" "$name" "$version" "$here" 2>/dev/null); then continue; fi
    reason="${reason:-$name could not be checked}"
    record refused "$reason"
    block "harden-guard: $reason"
  done
}
