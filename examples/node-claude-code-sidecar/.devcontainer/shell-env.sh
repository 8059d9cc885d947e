# shellcheck shell=bash
# Read by every bash and zsh first, also by those that an agent starts. Written by harden-devcontainer.
# An editor gives each process of its own the ways to the host again. What somebody set for himself stays.
unset VSCODE_IPC_HOOK_CLI VSCODE_GIT_IPC_HANDLE VSCODE_GIT_ASKPASS_MAIN VSCODE_GIT_ASKPASS_NODE \
  VSCODE_GIT_ASKPASS_EXTRA_ARGS REMOTE_CONTAINERS_IPC REMOTE_CONTAINERS_SOCKETS REMOTE_CONTAINERS_DISPLAY_SOCK
case "${GIT_ASKPASS-}" in *vscode*|*cursor*|*windsurf*) unset GIT_ASKPASS ;; esac
# Without a value, tools would look in the usual places.
case "${SSH_AUTH_SOCK-}" in *vscode-*|*cursor-*|*windsurf-*) export SSH_AUTH_SOCK= ;; esac
case "${BROWSER-}" in *vscode*|*cursor*|*windsurf*) export BROWSER= ;; esac
