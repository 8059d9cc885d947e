/** Why a Feature cannot be in the container, by the last part of its id without the version. */
const reasons: Readonly<Record<string, string>> = {
  'docker-in-docker': 'it makes the container privileged, which takes every wall to the host away',
  'docker-outside-of-docker': "it hands the host's Docker engine, and so the host, to the container",
  'docker-from-docker': "it hands the host's Docker engine, and so the host, to the container",
  'kubernetes-outside-of-docker': "it hands the credentials of the host's cluster to the container",
  'podman-in-docker': 'it needs privileges that the container does not have',
  sshd: 'it starts an ssh server as root beside the program that sets the firewall',
  'desktop-lite': 'it starts a desktop and its server as root beside the program that sets the firewall',
  tailscale: 'it opens a network that the firewall does not see',
  'common-utils': 'it gives the user sudo without a password',
  sudo: 'it gives the user sudo',
  nix: 'it starts a daemon as root beside the program that sets the firewall',
};

/** Of these publishers only: their Features turn the kernel's system call filter off for a debugger. */
const unconfined = /^(?:(?:ghcr\.io|mcr\.microsoft\.com)\/devcontainers\/features\/)?(?:go|rust)(?::|@|$)/;

/** What the Feature would do to the container; undefined where nothing is known against it. */
export function refusedFeature(id: string): string | undefined {
  if (unconfined.test(id))
    return 'it adds SYS_PTRACE and switches seccomp off; take the stack of that name, or an image with the toolchain in it';
  const name = /([^/:@]+)(?:[:@][^/]*)?$/.exec(id)?.[1] ?? '';
  return Object.hasOwn(reasons, name) ? reasons[name] : undefined;
}
