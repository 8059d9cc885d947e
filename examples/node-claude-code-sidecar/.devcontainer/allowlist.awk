# Reads the allowlist and writes what the resolver, the proxy and the rules need. Written by harden-devcontainer.
#
#   awk -f allowlist.awk -v out=DIR -v servers="ADDRESS ..." -v ipv6=yes|no -v mode=enforce|observe allowlist
#
# DIR/resolver     dnsmasq lines: which names are forwarded, and the sets that their addresses go into
# DIR/names-PORT   exact names for the proxy, DIR/suffixes-PORT what follows a dot; PORT is 443 or 80
# DIR/opened       what the rules open by address, one a line: set FAMILY PORT NAME | range ADDRESS/LENGTH PORT
# DIR/count        how many entries there are
#
# A line that is not understood is an error with its number (exit 1): a list that is half read is not the list.
# One process for ten thousand lines; the shell would take seconds. Plain awk: no intervals, no gensub.

function fail(why) {
  gsub(/[^ -~]/, "?", shown)
  printf "init-firewall: allowlist line %d: '%s' %s\n", NR, substr(shown, 1, 100), why > "/dev/stderr"
  failed = 1
  exit 1
}

function check_name(name, labels, count, i) {
  if (length(name) > 253) fail("is longer than a name can be (253 characters)")
  # Nearly every name of a long list ends here.
  if (length(name) < 64 && name ~ /^[a-z0-9][a-z0-9.-]*\.[a-z][a-z0-9]*$/ && name !~ /\.\.|\.-|-\./) return
  count = split(name, labels, ".")
  if (count < 2) fail("is not a name with a dot in it, .suffix or name:port")
  for (i = 1; i <= count; i++) {
    if (labels[i] !~ /^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?$/ || length(labels[i]) > 63) fail("is not a name, .suffix or name:port")
  }
  if (labels[count] ~ /^[0-9]+$/) fail("is not a name: an address needs a length and a port, as in 198.51.100.7/32:443")
}

function check_port(port) {
  if (port !~ /^[1-9][0-9]*$/ || length(port) > 5 || port + 0 > 65535) fail("names no port from 1 to 65535")
}

function check_range(range, parts, octets, i) {
  split(range, parts, "/")
  if (parts[2] !~ /^[0-9]+$/) fail("is not an address range")
  if (index(parts[1], ":")) {
    if (parts[1] !~ /^[0-9a-f:]+$/ || parts[2] < 32 || parts[2] > 128) fail("is not an IPv6 range of /32 or narrower")
    return 6
  }
  if (split(parts[1], octets, ".") != 4 || parts[2] < 16 || parts[2] > 32) fail("is not an IPv4 range of /16 or narrower")
  for (i = 1; i <= 4; i++) if (octets[i] !~ /^[0-9]+$/ || length(octets[i]) > 3 || octets[i] > 255) fail("is not an IPv4 range")
  return 4
}

# Below a suffix everything is allowed already, so an exact name there needs no line that refuses what is below it.
function below_suffix(name) {
  while (suffixes) {
    if (name in suffix) return 1
    if (!sub(/^[^.]*\./, "", name)) return 0
  }
  return 0
}

function open_set(port, kind, key) {
  key = kind port
  if (key in opened) return
  opened[key] = 1
  print "set 4 " port " harden4" kind "-" port > (out "/opened")
  if (ipv6 == "yes") print "set 6 " port " harden6" kind "-" port > (out "/opened")
}

BEGIN {
  total = 0
  resolver = out "/resolver"
  printf "" > resolver; printf "" > (out "/opened")
  printf "" > (out "/names-443"); printf "" > (out "/names-80")
  printf "" > (out "/suffixes-443"); printf "" > (out "/suffixes-80")
  server_count = split(servers, server, " ")
}

{
  if (index($0, "\r")) sub(/\r$/, "")
  shown = $0
  comment = ""
  hash = index(shown, "#")
  if (hash) { comment = substr(shown, hash + 1); $0 = substr(shown, 1, hash - 1) }
  if (NF == 0) next
  total++
  if (NF > 2 || (NF == 2 && $2 != "private")) fail("has more than one word")

  if (index($1, "/") && $1 ~ /^[^\/]+\/[0-9]+:[0-9]+$/) {
    port = $1; sub(/.*:/, "", port); check_port(port)
    range = $1; sub(/:[0-9]+$/, "", range)
    family = check_range(range)
    if (comment !~ /[^ \t]/) fail("needs a comment that says why a whole range is open")
    if (NF == 2) fail("is a range, which is never private by name")
    print "range " family " " port " " range > (out "/opened")
    next
  }

  name = $1; port = ""
  if (index(name, ":")) { port = name; sub(/^[^:]*:/, "", port); sub(/:.*/, "", name); check_port(port) }
  is_suffix = substr(name, 1, 1) == "."
  if (is_suffix) { name = substr(name, 2); suffixes = 1 }
  check_name(name)
  if (NF == 2 && (port == "" || is_suffix)) fail("is private, so it must be one name and one port")

  if (!(name in seen)) { seen[name] = 1; order[++names] = name }
  if (is_suffix) suffix[name] = 1
  if (NF == 2) private[name] = 1
  kind = NF == 2 ? "p" : ""
  if (port == "" || port == 443 || port == 80) {
    for (web = 80; web <= 443; web += 363) {
      if (port != "" && port != web) continue
      print name > (out "/names-" web)
      if (is_suffix) print "." name > (out "/suffixes-" web)
    }
    if (kind == "") next
  }
  open_set(port, kind)
  sets[name] = sets[name] ",harden4" kind "-" port (ipv6 == "yes" ? ",harden6" kind "-" port : "")
}

END {
  if (failed) exit 1
  for (i = 1; i <= names; i++) {
    name = order[i]
    for (j = 1; j <= server_count; j++) print "server=/" name "/" server[j] > resolver
    if (mode != "observe" && !below_suffix(name)) print "local=/*." name "/" > resolver
    if (name in private) print "rebind-domain-ok=/" name "/" > resolver
    if (name in sets) print "ipset=/" name "/" substr(sets[name], 2) > resolver
  }
  print total > (out "/count")
}
