import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Lab, Place } from './lab.js';
import { startInside, until } from './namespaces.js';
import type { Rendered } from './project.js';
import { must, type Outcome, run, runLater } from './run.js';
import type { Target } from './target.js';

// A container without an engine: fresh network, mount, process, host name and IPC namespaces; the machine's own files under a
// layer that takes every write and goes away; the firewall's files where the Dockerfile puts them; PID 1 with the
// capabilities that devcontainer.json gives; the user without any.

export interface Bare extends Target, Place {
  /** The user with CAP_NET_RAW, which no tool of a container has: whether raw packets would get past the rules. */
  attemptRaw(script: string): Promise<Outcome>;
  /** Runs a program as root does in the container, with nothing but this in its environment. */
  asRootWith(environment: Readonly<Record<string, string>>, program: string): Promise<Outcome>;
  /** Everything that PID 1 and its children have printed. */
  printed(): string;
  /** Waits until it has printed this. */
  prints(text: RegExp): Promise<void>;
  /** Runs a shell script as the machine's root with the machine's programs, in this network. */
  look(script: string): Promise<Outcome>;
  /** Runs a shell script inside with every right that the machine's root has. */
  force(script: string): Promise<Outcome>;
  ready(): Promise<void>;
  /** The path of a file as it is inside. */
  path(file: string): string;
  stop(): void;
}

interface Options {
  /** Without it, there is no firewall: PID 1 sleeps. */
  readonly rendered?: Rendered;
  /** Whether the name server is the upstream one itself, or the resolver that engines embed on a user-defined network. */
  readonly resolver?: 'direct' | 'embedded';
  /** Lines of resolv.conf instead of these. */
  readonly resolvConf?: string;
  /** What PID 1 finds in its environment. */
  readonly environment?: Readonly<Record<string, string>>;
  /** A shell script that root runs inside before PID 1 does: breaks something, most times. */
  readonly prepare?: string;
  /** A shell script instead of the entrypoint. */
  readonly command?: string;
}

const hiddenPort = 38129;
const capabilities = '-all,+net_admin,+net_raw,+net_bind_service,+setuid,+setgid,+setpcap,+kill';
const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const helpers = ['harden-resolver', 'harden-proxy', 'harden-forward', 'harden-audit'];

/** Lays out the root file system, then becomes PID 1. */
function setUp({
  rendered,
  resolver = 'direct',
  resolvConf,
  prepare = '',
  command,
  environment = {},
}: Options): string {
  const servers = resolver === 'embedded' ? ['127.0.0.11'] : ['198.18.0.53', '2001:2::53'];
  const run = command ?? (rendered ? '/usr/local/sbin/harden-entrypoint' : 'exec sleep infinity');
  return `set -eu
read -r pid _ </proc/self/stat
mount --make-rprivate /
mount -t tmpfs tmpfs /mnt; mkdir /mnt/upper /mnt/work /mnt/root /mnt/files
${rendered ? `cp -r ${quote(rendered.folder)}/. /mnt/files` : ''}
mount -t overlay overlay -o lowerdir=/,upperdir=/mnt/upper,workdir=/mnt/work /mnt/root
mount --bind /mnt/files /mnt/root/mnt
cd /mnt/root
mount -t proc proc proc
mount --rbind /dev dev
mount -t tmpfs -o mode=0755 tmpfs run
mount -t tmpfs -o mode=1777 tmpfs tmp
mkdir run/old; pivot_root . run/old; umount -l /run/old; rmdir /run/old
sed -i -e '/^[^:]*:[^:]*:1000:/d' -e '/^harden-/d' /etc/passwd
sed -i -e '/^[^:]*:[^:]*:1000:/d' -e '/^harden-/d' /etc/group
uid=1000
for name in dev ${helpers.join(' ')}; do
  echo "$name:x:$uid:$uid::/home/dev:/bin/bash" >>/etc/passwd; echo "$name:x:$uid:" >>/etc/group; uid=$((uid < 59900 ? 59901 : uid + 1))
done
rm -rf /home/dev; install -d -o dev -g dev -m 0755 /home/dev
printf '127.0.0.1 localhost\\n::1 localhost\\n172.30.99.1 host.docker.internal\\n' >/etc/hosts
rm -f /etc/resolv.conf
printf '${resolvConf ?? servers.map((server) => `nameserver ${server}\\n`).join('')}' >/etc/resolv.conf
${(rendered?.copies ?? []).map(([from, to]) => `install -D ${quote(`/mnt/${from}`)} ${to.endsWith('/') ? `-t ${quote(to)}` : quote(to)}`).join('\n')}
chmod -f 0644 /etc/harden-devcontainer/* /usr/local/lib/harden-devcontainer/* || true
[ ! -f /mnt/guard/audit-collect.sh ] || install -D -m 0755 /mnt/guard/audit-collect.sh /usr/local/lib/harden-devcontainer/audit-collect
install -d -o harden-audit -g harden-audit -m 0700 /var/log/harden-audit
umount /mnt
set +e
${prepare}
cd /
echo "pid=$pid"
exec setpriv --bounding-set=${capabilities} --inh-caps=-all --no-new-privs env -i -- PATH=${path} HOME=/root ${settings(environment).map(quote).join(' ')} /bin/bash -pc ${quote(run)}
`;
}

export function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** What an engine sets up for its embedded resolver before PID 1 runs. */
async function embedResolver(namespace: string, upstream: string): Promise<ChildProcess> {
  const script = join(import.meta.dirname, 'embedded-resolver.mjs');
  const child = startInside(namespace, process.execPath, script, `${hiddenPort}`, upstream);
  const rules = `*nat
:DOCKER_OUTPUT - [0:0]
:DOCKER_POSTROUTING - [0:0]
-A OUTPUT -d 127.0.0.11/32 -j DOCKER_OUTPUT
-A POSTROUTING -d 127.0.0.11/32 -j DOCKER_POSTROUTING
-A DOCKER_OUTPUT -d 127.0.0.11/32 -p tcp -m tcp --dport 53 -j DNAT --to-destination 127.0.0.11:${hiddenPort}
-A DOCKER_OUTPUT -d 127.0.0.11/32 -p udp -m udp --dport 53 -j DNAT --to-destination 127.0.0.11:${hiddenPort}
-A DOCKER_POSTROUTING -s 127.0.0.11/32 -p tcp -m tcp --sport ${hiddenPort} -j SNAT --to-source :53
-A DOCKER_POSTROUTING -s 127.0.0.11/32 -p udp -m udp --sport ${hiddenPort} -j SNAT --to-source :53
COMMIT
`;
  const within = ['netns', 'exec', namespace];
  const listens = (): boolean =>
    run('ip', [...within, 'grep', '-qi', `0B00007F:${hiddenPort.toString(16)} .* 0A `, '/proc/net/tcp'])
      .code === 0;
  must('ip', [...within, 'sh', '-c', `iptables-restore <<'END'\n${rules}END`]);
  await until(listens, 'the embedded resolver');
  return child;
}

/** PID 1 as the machine sees it. */
interface First {
  readonly child: ChildProcess;
  readonly pid: string;
  readonly printed: () => string;
}

async function startFirst(namespace: string, script: string): Promise<First> {
  const unshare = ['unshare', '--mount', '--pid', '--uts', '--ipc', '--fork', '--kill-child', 'bash', '-c'];
  const child = spawn('ip', ['netns', 'exec', namespace, ...unshare, script], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data) => {
      printed += data;
    });
  }
  await until(() => /^pid=\d+$/m.test(printed) || child.exitCode !== null, 'PID 1');
  return { child, pid: /^pid=(\d+)$/m.exec(printed)?.[1] ?? '', printed: () => printed };
}

const dev = ['--reuid=dev', '--regid=dev', '--clear-groups', '--no-new-privs'];
const nothing = ['--inh-caps=-all', '--ambient-caps=-all', '--bounding-set=-all'];
const rawPackets = nothing.map((flag) => `${flag},+net_raw`);
const root = [`--bounding-set=${capabilities}`, '--inh-caps=-all', '--no-new-privs'];

/** The ways to run something inside. */
function ways(
  pid: string,
): Pick<Bare, 'attempt' | 'exec' | 'attemptRaw' | 'asRoot' | 'asRootWith' | 'force'> {
  const spaces = ['--mount', '--net', '--pid', '--uts', '--ipc', '--root'];
  const enter = (...command: readonly string[]): Promise<Outcome> =>
    runLater('nsenter', ['--target', pid, ...spaces, 'env', '-i', `PATH=${path}`, ...command]);
  const asDev = (rights: readonly string[], script: string): Promise<Outcome> =>
    enter('HOME=/home/dev', 'setpriv', ...dev, ...rights, 'bash', '-c', `cd; ${script}`);
  const attempt = (script: string): Promise<Outcome> => asDev(nothing, script);
  return {
    attempt,
    exec: attempt,
    attemptRaw: (script) => asDev(rawPackets, script),
    asRoot: (script) => enter('HOME=/root', 'setpriv', ...root, 'bash', '-c', `cd; ${script}`),
    asRootWith: (environment, program) =>
      enter('setpriv', ...root, 'env', '-i', '--', ...settings(environment), program),
    force: (script) => enter('bash', '-c', script),
  };
}

const settings = (environment: Readonly<Record<string, string>>): string[] =>
  Object.entries(environment).map(([name, value]) => `${name}=${value}`);

export async function startBare(lab: Lab, options: Options = {}): Promise<Bare> {
  const place = lab.join();
  const { nameServer } = lab.internet;
  const embedded =
    options.resolver === 'embedded' ? await embedResolver(place.namespace, nameServer) : undefined;
  const { child, pid, printed } = await startFirst(place.namespace, setUp(options));
  const inside = (file: string): string => `/proc/${pid}/root${file}`;
  return {
    ...place,
    ...ways(pid),
    look: (script) => runLater('ip', ['netns', 'exec', place.namespace, 'sh', '-c', script]),
    printed,
    prints: (text) => until(() => text.test(printed()), `${text} from PID 1`),
    ready: () =>
      until(() => {
        if (child.exitCode !== null) throw new Error(`PID 1 ended: ${printed()}`);
        return existsSync(inside('/run/harden-devcontainer/ready'));
      }, 'the ready mark'),
    path: inside,
    stop: () => {
      child.kill('SIGKILL');
      embedded?.kill('SIGKILL');
    },
  };
}
