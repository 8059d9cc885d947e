#!/bin/bash -p
# Connects one client to the gate of its MCP server on the host. Written by harden-devcontainer.
#
#   mcp-connect.sh NAME socket|tls PORT [HOST]
#
# Its standard input and output are the client's connection. Where nobody answers on the host, the client's first request
# gets an error of the protocol instead of a connection that ends without a word.
set -u
export PATH=/usr/bin:/bin
name=$1 kind=$2 port=$3 host=${4-}
folder=/run/harden-mcp/host
case "$kind" in
  socket) target=UNIX-CONNECT:$folder/$name.sock ;;
  tls) target=OPENSSL:$host:$port,connect-timeout=30,cert=$folder/client.pem,cafile=$folder/host.pem,verify=1,commonname=harden-mcp-host ;;
  *) exit 1 ;;
esac
# Half a second, socat's own time for a side that has still something to say, is short for a server that thinks.
socat -b 65536 -t 30 - "$target" 2>/dev/null && exit 0

IFS= read -r -t 10 -n 65536 line || :
[[ $line =~ \"id\"[[:space:]]*:[[:space:]]*(-?[0-9]{1,15}|\"[A-Za-z0-9_.:/-]{1,100}\") ]] && id=${BASH_REMATCH[1]} || id=null
printf '{"jsonrpc":"2.0","id":%s,"error":{"code":-32000,"message":"the MCP server %s cannot be reached: its host side is not up; somebody on the host runs: harden-devcontainer mcp up"}}\n' "$id" "$name"
