import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { type Internet, startInternet, watchCapture } from './internet.js';
import { capture, inside, newNamespace, removeNamespace, startInside, until } from './namespaces.js';

/** The network of a container engine without the engine: a bridge, the host behind it, a neighbour, and the fake internet. */
export interface Lab {
  readonly internet: Internet;
  /** The bridge's namespace: the host, and the way to everything else. */
  readonly host: string;
  readonly neighbour: string;
  /** Puts a new namespace on the bridge, with addresses of both families and routes through the host. */
  readonly join: () => Place;
  readonly stop: () => void;
}

export interface Place {
  readonly namespace: string;
  readonly address4: string;
  readonly address6: string;
}

export const local = {
  /** The host's on the bridge. */
  gateway: ['172.30.99.1', 'fd00:30:99::1'],
  /** The host's on its other side. */
  outside: ['198.18.0.1', '2001:2::1'],
  neighbour: ['172.30.99.66', 'fd00:30:99::66'],
  metadata: ['169.254.169.254', '168.63.129.16', '100.100.100.200', '192.0.0.192', 'fd00:ec2::254'],
} as const;

/** Ports that host, neighbour and metadata serve, over TCP and UDP. 18080 is the one that is forwarded. */
export const localPorts = [22, 53, 80, 443, 2375, 5000, 8080, 18080];

const [gateway4, gateway6] = local.gateway;

function makeHost(): string {
  const host = newNamespace();
  inside(
    host,
    `ip link add br0 type bridge
    ip link set br0 up
    ip address add ${gateway4}/24 dev br0
    ip address add ${gateway6}/64 dev br0 nodad
    ip address add fe80::1/64 dev br0 nodad
    ${local.metadata.map((one) => `ip address add ${one}/${one.includes(':') ? 128 : 32} dev lo`).join('\n')}
    echo 1 >/proc/sys/net/ipv4/ip_forward
    echo 1 >/proc/sys/net/ipv6/conf/all/forwarding
    echo 1 >/proc/sys/net/ipv4/conf/all/accept_source_route
    echo 1 >/proc/sys/net/ipv4/conf/br0/accept_source_route`,
  );
  return host;
}

function joinBridge(host: string, last: number): Place {
  const namespace = newNamespace();
  const place = { namespace, address4: `172.30.99.${last}`, address6: `fd00:30:99::${last}` };
  inside(
    namespace,
    `ip link add eth0 type veth peer name port${last} netns ${host}
    ip address add ${place.address4}/24 dev eth0
    ip address add ${place.address6}/64 dev eth0 nodad
    ip link set eth0 up
    ip route add default via ${gateway4}
    ip route add default via ${gateway6}
    echo '0 2147483647' >/proc/sys/net/ipv4/ping_group_range
    echo 0 >/proc/sys/net/ipv4/ip_unprivileged_port_start`,
  );
  inside(host, `ip link set port${last} master br0; ip link set port${last} up`);
  return place;
}

export async function startLab(): Promise<Lab> {
  const places: string[] = [];
  const children: ChildProcess[] = [];
  const host = makeHost();
  let internet: Internet | undefined;
  const stop = (): void => {
    for (const child of children) child.kill('SIGKILL');
    for (const place of places) removeNamespace(place);
    removeNamespace(host);
    internet?.stop();
  };
  try {
    const world = await startInternet(host);
    internet = world;
    // Promiscuous on the bridge, it hears what containers send to each other too.
    const file = join(world.folder, 'capture-bridge');
    children.push(await capture(host, 'br0', file));
    const onBridge = watchCapture(file);
    const neighbour = joinBridge(host, 66).namespace;
    places.push(neighbour);
    const script = join(import.meta.dirname, 'local-server.mjs');
    const serve = (namespace: string, addresses: readonly string[]): void => {
      const command = [script, world.folder, localPorts.join(), ...addresses];
      children.push(startInside(namespace, process.execPath, ...command));
    };
    serve(host, [...local.gateway, ...local.outside, ...local.metadata]);
    serve(neighbour, local.neighbour);
    await until(() => world.started() === 3, "the lab's servers");
    return {
      internet: {
        ...world,
        escaped: (token) => world.escaped(token) || onBridge(token),
      },
      host,
      neighbour,
      join: () => {
        const place = joinBridge(host, 100 + places.length);
        places.push(place.namespace);
        return place;
      },
      stop,
    };
  } catch (error) {
    stop();
    throw error;
  }
}
