# Judges what a registry said about a package: prints ok, or the reason why not. Written by harden-devcontainer.
# Arguments: $ecosystem $package $version $own (text of the project's manifests) $age (days) $now (seconds).

def seconds: sub("\\.[0-9]+"; "") | sub("(Z|[+-]00:?00)?$"; "Z") | fromdateiso8601;

# [{name, at (seconds, null where it is not told)}], oldest first as far as the registry says.
def releases:
  if $ecosystem == "npm" then
    . as $all | [(.versions // {}) | keys_unsorted[] | {name: ., at: ($all.time[.] // null | if . then seconds else null end)}]
  elif $ecosystem == "pypi" then
    [(.releases // {}) | to_entries[] | select(.value | length > 0) | select(all(.value[]; .yanked) | not)
      | {name: .key, at: ([.value[].upload_time_iso_8601 | seconds] | min)}]
  elif $ecosystem == "crates" then [.[] | select(.yanked | not) | {name: .vers, at: (.pubtime // null | if . then seconds else null end)}]
  elif $ecosystem == "gems" then [.[] | select(.prerelease | not) | {name: .number, at: (.created_at | seconds)}]
  elif $ecosystem == "go" then [{name: .Version, at: (.Time | seconds)}]
  else [.packages[$package][]? | {name: .version, at: (.time // null | if . then seconds else null end)}] end;

def is_final: test("-|[0-9](a|b|c|rc|dev)[0-9]|[.](dev|alpha|beta|rc)"; "i") | not;
def latest($releases):
  (if $ecosystem == "npm" then .["dist-tags"].latest elif $ecosystem == "pypi" then .info.version else null end) as $named
  | ([$releases[] | select(.name == $named)][0]
    // ([$releases[] | select(.name | is_final)] | max_by(.at // 0))
    // ($releases | max_by(.at // 0)));

def plain: ascii_downcase | if $ecosystem == "pypi" then gsub("[-_.]+"; "-") else . end;

# Whether one letter was left out, added, changed or swapped with its neighbour.
def is_near($a; $b):
  ($a | length) as $m | ($b | length) as $n
  | if $m > $n then is_near($b; $a)
    elif $n - $m > 1 or $m < 3 or $a == $b then false
    else
      (first(range(0; $m) | select($a[.:.+1] != $b[.:.+1])) // $m) as $at
      | if $m == $n then $a[$at+1:] == $b[$at+1:]
          or ($a[$at:$at+1] == $b[$at+1:$at+2] and $a[$at+1:$at+2] == $b[$at:$at+1] and $a[$at+2:] == $b[$at+2:])
        else $a[$at:] == $b[$at+1:] end
    end;
def own_names:
  [if $ecosystem == "npm" or $ecosystem == "packagist" then
     ($own | (try fromjson catch {}) | if type == "object" then . else {} end
       | (.dependencies, .devDependencies, .optionalDependencies, .peerDependencies, .require, .["require-dev"])
       | objects | keys_unsorted[])
   else $own | scan("[A-Za-z0-9][A-Za-z0-9._/-]{2,80}") end]
  | map(plain) | unique | .[:4000];

(if $ecosystem == "crates" then [split("\n")[] | select(. != "") | fromjson] else fromjson end)
| releases as $releases
| latest($releases) as $latest
| ($package | plain) as $name
| own_names as $own_names
| (if ($own_names | index($name)) then null else first($own_names[] | select(is_near(.; $name))) // null end) as $near
| ($now - $age * 86400) as $limit
| (if $version == "-" then $latest
   else ([$releases[] | select(.name == $version or .name == "v" + $version)][0]) // $latest end) as $wanted
| if $releases == [] then "the registry has no release of \($package)"
  elif $near then "\($package) is one letter away from \($near), which the project depends on; a mistyped name is a known way in"
  elif $age == 0 then "ok"
  elif $wanted.at == null then "the registry does not tell when \($package) \($wanted.name) was released, so it is refused"
  elif $wanted.at > $limit then
    ([$releases[] | select(.at != null and .at <= $limit and (.name | is_final))] | max_by(.at)) as $old
    | "\($package) \($wanted.name) is younger than \($age) days"
      + if $old then "; take \($old.name), which is old enough" else "; the package is new, and wants somebody's look first" end
  else "ok" end
