#!/bin/bash -p
# Waits for the mark that PID 1 sets when the firewall and its resolver are up. Written by harden-devcontainer.
# The dev container tool runs it first: where it fails, no later command runs and no editor is attached.
set -eu
for _ in $(seq 300); do
  [ -e /run/harden-devcontainer/ready ] && exit 0
  sleep 0.1
done
echo 'harden-ready: the firewall did not come up within 30 s, so nothing is allowed out; the log of this container says why' >&2
exit 1
