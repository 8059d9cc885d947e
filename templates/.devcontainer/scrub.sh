#!/bin/bash -p
# Takes away what an attached editor puts into the container: sockets to the host's ssh agent, Git logins and terminals.
# Written by harden-devcontainer. `scrub once`, or without an argument again and again: an editor makes new ones with each
# window and terminal, after every command of devcontainer.json has ended.
set -u
export PATH=/usr/bin:/bin

scrub() {
  find /tmp /run/user -xdev -maxdepth 3 \( \
    -name 'vscode-ssh-auth-*.sock' -o -name 'vscode-remote-containers-*.sock' -o -name 'vscode-remote-containers-*.js' \
    -o -name 'vscode-ipc-*.sock' -o -name 'vscode-git-*.sock' -o -name 'cursor-remote-containers-*' \
    -o -name 'cursor-ssh-auth-*.sock' \) ! -type d -delete 2>/dev/null
  # Of the lines of the user's own configuration only those that name an editor's helper.
  git config --global --unset-all credential.helper '(vscode|cursor)-remote-containers' 2>/dev/null
}

scrub
[ "${1-}" = once ] && exit 0
while sleep 5; do scrub; done
