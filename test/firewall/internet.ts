import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Packet, readCapture } from './pcap.js';
import { must, run } from './run.js';

/** Something that reached a server of the fake internet. */
export interface Arrival {
  readonly via: 'dns' | 'tcp' | 'tls' | 'udp' | 'ready';
  /** Address, and port for what is not DNS. */
  readonly to: string;
  /** The SNI or Host that was asked for, or the name that was asked of a name server. */
  readonly name: string;
  readonly data: string;
}

export interface Internet {
  readonly nameServer: string;
  readonly arrivals: () => readonly Arrival[];
  /** True when a server saw the token, whoever it belongs to. */
  readonly arrived: (token: string) => boolean;
  /**
   * True when the token got where it must not: to the attacker, to a name server, to a site of a shared address that is
   * not listed, or anywhere in a packet that is not TCP to port 80 or 443. What counts is what was on the wire.
   */
  readonly escaped: (token: string) => boolean;
  readonly stop: () => void;
}

// Benchmark addresses: nothing on the real internet has them.
const hosts = [53, 10, 11, 20, 66];
const sharedAddresses = /^(?:198\.18\.0\.20|2001:2::20) /;
const attackerAddresses = /^(?:198\.18\.0\.66|2001:2::66)/;

function isEscape({ via, to, name }: Arrival): boolean {
  return (
    via === 'dns' ||
    via === 'udp' ||
    attackerAddresses.test(to) ||
    (sharedAddresses.test(to) && name !== 'cdn.example')
  );
}

function isEscapingPacket({ to, protocol, port }: Packet): boolean {
  const toAttacker = to === '198.18.0.66' || to === '2001:2:0:0:0:0:0:66';
  // What the host's proxy sends to a listed site is encrypted on 443 and judged by its Host on 80.
  return toAttacker || protocol !== 6 || port !== 80;
}

/** Takes away what a run that was killed has left: its addresses would swallow this run's packets. */
function removeLeftovers(): void {
  for (const [, pid] of run('ip', ['netns', 'list']).stdout.matchAll(/^harden-(\d+)/gm)) {
    if (existsSync(`/proc/${pid}`)) continue;
    run('ip', ['link', 'delete', `hd${pid}`]);
    run('ip', ['netns', 'delete', `harden-${pid}`]);
  }
}

/** Starts servers in a network namespace of their own, reachable from containers through the host, from nowhere else. */
export async function startInternet(): Promise<Internet> {
  const namespace = `harden-${process.pid}`;
  const link = `hd${process.pid}`;
  const folder = mkdtempSync(join(tmpdir(), 'harden-internet-'));
  let server: ChildProcess | undefined;
  let sniffer: ChildProcess | undefined;

  const stop = (): void => {
    server?.kill('SIGKILL');
    sniffer?.kill('SIGKILL');
    run('ip', ['link', 'delete', link]);
    run('ip', ['netns', 'delete', namespace]);
    rmSync(folder, { recursive: true, force: true });
  };

  removeLeftovers();
  try {
    must('ip', ['netns', 'add', namespace]);
    must('ip', ['link', 'add', link, 'type', 'veth', 'peer', 'name', 'up0', 'netns', namespace]);
    const inside = (...args: string[]): string => must('ip', ['netns', 'exec', namespace, ...args]);
    must('ip', ['address', 'add', '198.18.0.1/24', 'dev', link]);
    must('ip', ['-6', 'address', 'add', '2001:2::1/64', 'dev', link, 'nodad']);
    must('ip', ['link', 'set', link, 'up']);
    inside('ip', 'link', 'set', 'lo', 'up');
    inside('ip', 'link', 'set', 'up0', 'up');
    for (const host of hosts) inside('ip', 'address', 'add', `198.18.0.${host}/24`, 'dev', 'up0');
    for (const host of hosts)
      inside('ip', '-6', 'address', 'add', `2001:2::${host}/64`, 'dev', 'up0', 'nodad');
    inside('ip', 'route', 'add', 'default', 'via', '198.18.0.1');
    inside('ip', '-6', 'route', 'add', 'default', 'via', '2001:2::1');
    run('sh', ['-c', 'echo 1 >/proc/sys/net/ipv6/conf/all/forwarding']);

    must('openssl', [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-days',
      '2',
      '-subj',
      '/CN=fake internet',
      '-keyout',
      join(folder, 'key.pem'),
      '-out',
      join(folder, 'cert.pem'),
    ]);
    const capture = join(folder, 'capture');
    sniffer = spawn(
      'ip',
      [
        'netns',
        'exec',
        namespace,
        'tcpdump',
        '-Z',
        'root',
        '-U',
        '--immediate-mode',
        '-s',
        '0',
        '-w',
        capture,
        '-i',
        'up0',
        '-Q',
        'in',
      ],
      {
        stdio: 'ignore',
      },
    );
    const script = join(import.meta.dirname, 'internet-server.mjs');
    server = spawn('ip', ['netns', 'exec', namespace, process.execPath, script, folder], {
      stdio: ['pipe', 'inherit', 'inherit'],
    });
    const log = join(folder, 'arrivals');
    const arrivals = (): Arrival[] =>
      existsSync(log)
        ? readFileSync(log, 'utf8')
            .split('\n')
            .filter(Boolean)
            .map((line) => JSON.parse(line) as Arrival)
        : [];
    for (let tries = 0; !(arrivals().some((one) => one.via === 'ready') && existsSync(capture)); tries += 1) {
      if (tries > 100) throw new Error('the fake internet did not start');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return {
      nameServer: '198.18.0.53',
      arrivals,
      arrived: (token) => arrivals().some((one) => one.data.includes(token)),
      escaped: (token) =>
        arrivals().some((one) => one.data.includes(token) && isEscape(one)) ||
        readCapture(capture).some((one) => one.bytes.includes(token) && isEscapingPacket(one)),
      stop,
    };
  } catch (error) {
    stop();
    throw error;
  }
}
