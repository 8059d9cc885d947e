import { paths } from './path-catalogue.js';

/**
 * `runtime`: talking to it is control of the host or of the user's account. `session`: keys, keyring, terminal of
 * the person at the host. `display`: screen, keyboard and sound.
 */
export type SocketLevel = 'runtime' | 'session' | 'display';

export interface HostSocket {
  readonly level: SocketLevel;
  /** Whose socket it is, a noun for messages. */
  readonly what: string;
  readonly sockets: readonly string[];
  /** Folders that hand the sockets over when they are mounted themselves; what else lies below is not meant. */
  readonly folders: readonly string[];
}

/** Sockets on the host that give more than the container should have. `/var/run` is written as `/run`. */
export const hostSockets: readonly HostSocket[] = [
  {
    level: 'runtime',
    what: "the host's Docker engine",
    sockets: paths(`
      /run/docker.sock, $XDG_RUNTIME_DIR/docker.sock, ~/.docker/run/docker.sock, ~/.docker/desktop/docker.sock,
      ~/Library/Containers/com.docker.docker/Data/docker.raw.sock, /run/host-services/docker.proxy.sock,
      ~/.colima/*/docker.sock, ~/.colima/docker.sock, ~/.lima/*/sock/*.sock, ~/.lima/*/ssh.sock, ~/.rd/docker.sock,
      ~/.orbstack/run/*, /opt/orbstack/*, ~/.finch/*, /Applications/Finch/lima/data/finch/sock/finch.sock,
      /run/dockershim.sock, /run/cri-dockerd.sock`),
    folders: paths(`
      /run/docker, /run/host-services, ~/.docker, ~/.docker/run, ~/.docker/desktop, ~/.colima, ~/.colima/*, ~/.lima,
      ~/.lima/*, ~/.lima/*/sock, ~/.rd, ~/.orbstack, ~/.orbstack/run, /opt/orbstack, ~/.finch,
      ~/Library/Containers/com.docker.docker, ~/Library/Containers/com.docker.docker/Data`),
  },
  {
    level: 'runtime',
    what: "the host's Podman engine",
    sockets: paths(`
      /run/podman/podman.sock, $XDG_RUNTIME_DIR/podman/podman.sock,
      ~/.local/share/containers/podman/machine/*/podman.sock, ~/.local/share/containers/podman/machine/podman.sock,
      /var/folders/*/*/T/podman/*.sock, /private/var/folders/*/*/T/podman/*.sock`),
    folders: paths('/run/podman, $XDG_RUNTIME_DIR/podman, ~/.local/share/containers/podman/machine'),
  },
  {
    level: 'runtime',
    what: "the host's container runtime",
    sockets: paths(`
      /run/containerd/containerd.sock, $XDG_RUNTIME_DIR/containerd/*, /run/crio/crio.sock,
      /run/k3s/containerd/containerd.sock, /run/buildkit/buildkitd.sock, $XDG_RUNTIME_DIR/buildkit/buildkitd.sock`),
    folders: paths(`
      /run/containerd, $XDG_RUNTIME_DIR/containerd, /run/crio, /run/k3s, /run/k3s/containerd, /run/buildkit,
      $XDG_RUNTIME_DIR/buildkit`),
  },
  {
    level: 'runtime',
    what: "the host's virtual machine manager",
    sockets: paths(`
      /var/snap/lxd/common/lxd/unix.socket, /var/lib/lxd/unix.socket, /var/lib/incus/unix.socket,
      /run/libvirt/libvirt-sock`),
    folders: paths('/var/snap/lxd, /var/snap/lxd/common/lxd, /var/lib/lxd, /var/lib/incus, /run/libvirt'),
  },
  {
    level: 'runtime',
    what: "the host's service manager",
    sockets: paths('/run/systemd/private, /run/dbus/system_bus_socket, /run/snapd.socket'),
    folders: paths('/run/systemd, /run/dbus'),
  },
  {
    level: 'runtime',
    what: 'a folder that holds the sockets of engines and services',
    sockets: [],
    folders: paths('/run, /var, /private/var, /run/user, $XDG_RUNTIME_DIR'),
  },
  {
    level: 'session',
    what: "the session bus of the host's user",
    sockets: paths('$XDG_RUNTIME_DIR/bus, $XDG_RUNTIME_DIR/systemd/private'),
    folders: paths('$XDG_RUNTIME_DIR/systemd'),
  },
  {
    level: 'session',
    what: "the host's ssh agent",
    sockets: paths(`
      /tmp/ssh-*/agent.*, $XDG_RUNTIME_DIR/keyring/ssh, $XDG_RUNTIME_DIR/ssh-agent*,
      /private/tmp/com.apple.launchd.*/Listeners, /run/host-services/ssh-auth.sock, ~/.ssh/agent*, ~/.ssh/*.sock`),
    folders: paths('/tmp/ssh-*, /private/tmp/com.apple.launchd.*'),
  },
  {
    level: 'session',
    what: "the host's gpg agent",
    sockets: paths('~/.gnupg/S.*, $XDG_RUNTIME_DIR/gnupg/S.*, $XDG_RUNTIME_DIR/gnupg/*/S.*'),
    folders: paths('$XDG_RUNTIME_DIR/gnupg'),
  },
  {
    level: 'session',
    what: 'the password manager or keyring of the host',
    sockets: paths(`
      ~/.1password/agent.sock, ~/Library/Group Containers/2BUA8C4S2C.com.1password/t/agent.sock,
      ~/.bitwarden-ssh-agent.sock, $XDG_RUNTIME_DIR/keyring/*, ~/.config/op/*.sock,
      ~/Library/Containers/com.maxgoedjen.Secretive.SecretAgent/*`),
    folders: paths(`
      ~/.1password, ~/Library/Group Containers/2BUA8C4S2C.com.1password,
      ~/Library/Group Containers/2BUA8C4S2C.com.1password/t, $XDG_RUNTIME_DIR/keyring,
      ~/Library/Containers/com.maxgoedjen.Secretive.SecretAgent`),
  },
  {
    level: 'session',
    what: 'terminals and editors of the host',
    sockets: paths(`
      /tmp/tmux-*/*, /run/screen/*, /tmp/vscode-ipc-*, /tmp/vscode-git-*, /tmp/vscode-ssh-auth-*,
      /tmp/vscode-remote-containers-*, $XDG_RUNTIME_DIR/vscode-*, /tmp/nvim.*, /tmp/kitty*, /run/WSL/*`),
    folders: paths('/tmp/tmux-*, /run/screen, /run/WSL'),
  },
  {
    level: 'session',
    what: 'the temporary folder of the host, which holds the sockets of agents, terminals and editors',
    sockets: [],
    folders: paths('/tmp, /private/tmp'),
  },
  {
    level: 'display',
    what: "the host's screen and keyboard",
    sockets: paths(
      '/tmp/.X11-unix, /tmp/.X11-unix/*, ~/.Xauthority, $XDG_RUNTIME_DIR/wayland-*, /mnt/wslg/*',
    ),
    folders: paths('/mnt/wslg'),
  },
  {
    level: 'display',
    what: "the host's microphone and speakers",
    sockets: paths(`
      $XDG_RUNTIME_DIR/pulse/*, /tmp/pulse-*, ~/.config/pulse, ~/.config/pulse/*, $XDG_RUNTIME_DIR/pipewire-*`),
    folders: paths('$XDG_RUNTIME_DIR/pulse'),
  },
];

/** Named pipes of Windows, by what follows `//./pipe/`. */
export const hostPipes: readonly {
  readonly name: RegExp;
  readonly level: SocketLevel;
  readonly what: string;
}[] = [
  { name: /^docker/i, level: 'runtime', what: "the host's Docker engine" },
  { name: /^podman/i, level: 'runtime', what: "the host's Podman engine" },
  { name: /^(?:containerd|buildkit)/i, level: 'runtime', what: "the host's container runtime" },
  { name: /ssh-agent/i, level: 'session', what: "the host's ssh agent" },
];
