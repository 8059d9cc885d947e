#!/bin/bash -p
# PID 1 of the container. Written by harden-devcontainer.
#
# Closes the network, then hands over to s6-svscan, which keeps the resolver and the MCP forwards running, each under its
# own uid without capabilities that it does not need. The agent's processes are not started from here: the dev container
# tool starts them as the unprivileged user, after /usr/local/bin/harden-ready has said that the firewall is up.
set -euo pipefail
export PATH=/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin
# Nothing else of the caller's environment either: XTABLES_LIBDIR alone would make iptables load code.
for name in $(compgen -e); do [ "$name" = PATH ] || unset -v "$name" 2>/dev/null || :; done
umask 022

config=/etc/harden-devcontainer
state=/run/harden-devcontainer
services=$state/services

# A mark of an earlier start says nothing about this one.
rm -rf "$state/ready" "$services"

# When it fails, the container ends: a container without its firewall must not be there to be entered.
/usr/local/sbin/init-firewall.sh || { echo 'entrypoint: the firewall is not up, so this container does not start' >&2; exit 1; }

# Folders and modes are made for all services at once: this runs before anybody can work.
names=(resolver proxy audit ready)
ports=(53 15443 15080 15090)
forwards=() # NAME PORT KIND; init-firewall.sh has checked every line of the file
while read -r name port kind _; do
  case "$name" in '' | '#'*) continue ;; esac
  case "$kind" in socket | tls) ;; *) kind=port ;; esac
  names+=("forward-$name")
  ports+=("$port")
  forwards+=("$name $port $kind")
done <"$config/forwards"
mkdir -p "${names[@]/#/$services/}" "$services/"{resolver,proxy}/log "$services/.s6-svscan" \
  /var/log/harden-devcontainer/{resolver,proxy}

unprivileged='--clear-groups --no-new-privs --inh-caps=-all --ambient-caps=-all --bounding-set=-all'

printf '%s\n' '#!/bin/sh
exec dnsmasq --conf-file=/run/harden-devcontainer/lists/dnsmasq.conf 2>&1' >"$services/resolver/run"

# In master-worker mode a reload (SIGUSR2) takes new lists and lets the connections that are there finish.
printf '%s\n' "#!/bin/bash -p
set -a
. /run/harden-devcontainer/lists/proxy.env
# A connection takes two files, and a third of a pair of pipes; an engine may allow fewer than the proxy asks for.
# More than a thousand would let whoever opens them and sends half a request fill 40 MB.
limit=\$(ulimit -n)
[ \"\$limit\" != unlimited ] || limit=8192
HARDEN_CONNECTIONS=\$((limit > 3200 ? 1000 : limit / 3 - 40))
exec setpriv --reuid=harden-proxy --regid=harden-proxy $unprivileged \
  haproxy -W -f /usr/local/lib/harden-devcontainer/haproxy.cfg 2>&1" >"$services/proxy/run"

# The audit log of the agents' tool calls. A log that does not end where it was left is not added to, so no call goes on.
collect=/usr/local/lib/harden-devcontainer/audit-collect
printf '%s\n' "#!/bin/sh
setpriv --reuid=harden-audit --regid=harden-audit $unprivileged $collect repair || { sleep 5; exit 1; }
exec setpriv --reuid=harden-audit --regid=harden-audit $unprivileged \
  socat TCP4-LISTEN:15090,bind=127.0.0.1,reuseaddr,nodelay,fork,backlog=256,max-children=32 EXEC:$collect 2>&1" \
  >"$services/audit/run"

# What a helper prints goes into a folder of its own, ten files of 1 MB at the most: an agent that asks for names without
# end must not fill the disk.
for name in resolver proxy; do
  printf '%s\n' "#!/bin/sh
exec s6-log -b n10 s1000000 T /var/log/harden-devcontainer/$name" >"$services/$name/log/run"
done

# Where the tools are in this container, what editors put into it is taken away again, as the user that they run as.
if [ -x /usr/local/bin/harden-scrub ]; then
  mkdir -p "$services/scrub"
  printf '%s\n' "#!/bin/sh
export HOME=/home/dev
exec setpriv --reuid=dev --regid=dev $unprivileged /usr/local/bin/harden-scrub" >"$services/scrub/run"
fi

read -r host <"$state/host" || host=
for forward in "${forwards[@]}"; do
  read -r name port kind <<<"$forward"
  case "$kind" in
    port) children=64 target="TCP4:$host:$port,connect-timeout=10" ;;
    # The program takes the place of socat's child: nothing is copied twice.
    *) children=256 target="EXEC:/usr/local/lib/harden-devcontainer/mcp-connect.sh $name $kind $port $host,nofork" ;;
  esac
  printf '%s\n' "#!/bin/sh
exec setpriv --reuid=harden-forward --regid=harden-forward $unprivileged \
  socat TCP4-LISTEN:$port,bind=127.0.0.1,reuseaddr,nodelay,fork,backlog=256,max-children=$children '$target' 2>&1" \
    >"$services/forward-$name/run"
done

# Says that the container is ready once every listener is there, then goes away for good (-O). It reads the kernel's table
# instead of connecting, because a connection would go through to the server on the host.
printf -v wanted '0100007F:%04X ' "${ports[@]}"
printf '%s\n' "#!/bin/bash -p
for address in $wanted; do
  until [[ \$(</proc/net/tcp) == *\": \$address 00000000:0000 0A \"* ]]; do sleep 0.01; done
done
: >$state/ready
exec s6-svc -O $services/ready" >"$services/ready/run"

# PID 1 must not try to start something else when it is told to stop.
printf '%s\n' '#!/bin/sh
exit 0' >"$services/.s6-svscan/finish"
chmod 0755 "$services/"*/run "$services/"*/log/run "$services/.s6-svscan/finish"

# The environment that the engine gave is for the tools, not for what runs as root.
exec env -i PATH="$PATH" s6-svscan "$services"
