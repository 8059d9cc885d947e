/** The options of `docker run` and `podman run` by the number of values they take. Sources: the reference pages of both. */

function names(list: string): ReadonlySet<string> {
  return new Set(list.trim().split(/\s+/));
}

/** Options without a value; `--name=true` and `--name=false` are allowed. */
const switches = names(`
  --detach --disable-content-trust --help --init --interactive --no-healthcheck --oom-kill-disable --privileged
  --publish-all --quiet --read-only --rm --sig-proxy --tty --use-api-socket
  --env-host --http-proxy --no-hosts --no-hostname --passwd --read-only-tmpfs --replace --rmi --rootfs --tls-verify
  --unsetenv-all`);

/** Options whose value is the next element, even when that begins with a dash. */
const withValue = names(`
  --add-host --annotation --attach --blkio-weight --blkio-weight-device --cap-add --cap-drop --cgroup-parent --cgroupns
  --cidfile --cpu-count --cpu-percent --cpu-period --cpu-quota --cpu-rt-period --cpu-rt-runtime --cpu-shares --cpus
  --cpuset-cpus --cpuset-mems --detach-keys --device --device-cgroup-rule --device-read-bps --device-read-iops
  --device-write-bps --device-write-iops --dns --dns-option --dns-search --domainname --entrypoint --env --env-file
  --expose --gpus --group-add --health-cmd --health-interval --health-retries --health-start-interval
  --health-start-period --health-timeout --hostname --io-maxbandwidth --io-maxiops --ip --ip6 --ipc --isolation
  --kernel-memory --label --label-file --link --link-local-ip --log-driver --log-opt --mac-address --memory
  --memory-reservation --memory-swap --memory-swappiness --mount --name --network --network-alias --oom-score-adj --pid
  --pids-limit --platform --publish --pull --restart --runtime --security-opt --shm-size --stop-signal --stop-timeout
  --storage-opt --sysctl --tmpfs --ulimit --user --userns --uts --volume --volume-driver --volumes-from --workdir
  --arch --authfile --cgroup-conf --cgroups --chrootdirs --conmon-pidfile --creds --decryption-key --env-merge --gidmap
  --group-entry --hooks-dir --hostuser --image-volume --init-path --os --passwd-entry --personality --pidfile --pod
  --pod-id-file --preserve-fds --rdt-class --requires --retry --retry-delay --sdnotify --seccomp-policy --secret
  --shm-size-systemd --subgidname --subuidname --systemd --timeout --tz --uidmap --umask --unsetenv --variant`);

const aliases: Readonly<Record<string, string>> = {
  '--net': '--network',
  '--net-alias': '--network-alias',
  '--dns-opt': '--dns-option',
};

const letters: Readonly<Record<string, string>> = {
  a: '--attach',
  c: '--cpu-shares',
  d: '--detach',
  e: '--env',
  h: '--hostname',
  i: '--interactive',
  l: '--label',
  m: '--memory',
  p: '--publish',
  P: '--publish-all',
  q: '--quiet',
  t: '--tty',
  u: '--user',
  v: '--volume',
  w: '--workdir',
};

/** The one name of an option that has several. */
export function longName(name: string): string {
  return aliases[name] ?? name;
}

export function nameOfLetter(letter: string): string | undefined {
  return Object.hasOwn(letters, letter) ? letters[letter] : undefined;
}

/** Undefined for an option that neither engine documents. */
export function takesValue(name: string): boolean | undefined {
  if (switches.has(name)) return false;
  return withValue.has(name) ? true : undefined;
}

/** The long names of all options, for suggestions. */
export function optionNames(): readonly string[] {
  return [...switches, ...withValue, ...Object.keys(aliases)];
}
