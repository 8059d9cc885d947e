#!/bin/bash -p
# PID 1 of the container. Written by harden-devcontainer.
#
# Closes the network, then hands over to s6-svscan, which keeps the resolver and the MCP forwards running, each under its
# own uid without capabilities that it does not need. The agent's processes are not started from here: the dev container
# tool starts them as the unprivileged user, after /usr/local/bin/harden-ready has said that the firewall is up.
set -euo pipefail
export PATH=/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin
umask 022

config=/etc/harden-devcontainer
state=/run/harden-devcontainer
services=$state/services

# A mark of an earlier start says nothing about this one.
rm -rf "$state/ready" "$services"

# When it fails, the container ends: a container without its firewall must not be there to be entered.
/usr/local/sbin/init-firewall.sh || { echo 'entrypoint: the firewall is not up, so this container does not start' >&2; exit 1; }

service() { # NAME, the run script on stdin
  mkdir -p "$services/$1"
  cat >"$services/$1/run"
  chmod 0755 "$services/$1/run"
}

# What a helper prints goes into a folder of its own, ten files of 1 MB at the most: an agent that asks for names without
# end must not fill the disk.
logged() { # NAME
  mkdir -p "$services/$1/log" "/var/log/harden-devcontainer/$1"
  cat >"$services/$1/log/run" <<RUN
#!/bin/sh
exec s6-log -b n10 s1000000 T "/var/log/harden-devcontainer/$1"
RUN
  chmod 0755 "$services/$1/log/run"
}

service resolver <<'RUN'
#!/bin/sh
exec dnsmasq --conf-file=/run/harden-devcontainer/lists/dnsmasq.conf 2>&1
RUN
logged resolver

# In master-worker mode a reload (SIGUSR2) takes new lists and lets the connections that are there finish.
service proxy <<'RUN'
#!/bin/bash -p
set -a
. /run/harden-devcontainer/lists/proxy.env
exec setpriv --reuid=harden-proxy --regid=harden-proxy --clear-groups --no-new-privs \
  --inh-caps=-all --ambient-caps=-all --bounding-set=-all \
  haproxy -W -f /usr/local/lib/harden-devcontainer/haproxy.cfg 2>&1
RUN
logged proxy

read -r host <"$state/host" || host=
ports=''
# init-firewall.sh has checked every line of this file.
while read -r name port _; do
  case "$name" in '' | '#'*) continue ;; esac
  ports="$ports $port"
  service "forward-$name" <<RUN
#!/bin/sh
exec setpriv --reuid=harden-forward --regid=harden-forward --clear-groups --no-new-privs \\
  --inh-caps=-all --ambient-caps=-all --bounding-set=-all \\
  socat TCP4-LISTEN:$port,bind=127.0.0.1,reuseaddr,fork,max-children=64 TCP4:$host:$port,connect-timeout=10 2>&1
RUN
done <"$config/forwards"

# Says that the container is ready once every listener is there, then goes away for good (-O). It reads the kernel's table
# instead of connecting, because a connection would go through to the server on the host.
service ready <<RUN
#!/bin/bash -p
for port in 53 15443 15080$ports; do
  until grep -q "\$(printf '^ *[0-9]*: 0100007F:%04X 00000000:0000 0A ' "\$port")" /proc/net/tcp; do sleep 0.05; done
done
: >"$state/ready"
exec s6-svc -O "$services/ready"
RUN

# PID 1 must not try to start something else when it is told to stop.
mkdir -p "$services/.s6-svscan"
printf '#!/bin/sh\nexit 0\n' >"$services/.s6-svscan/finish"
chmod 0755 "$services/.s6-svscan/finish"

# The environment that the engine gave is for the tools, not for what runs as root.
exec env -i PATH="$PATH" s6-svscan "$services"
